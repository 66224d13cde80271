"""Draws whose parameters are tensors: `normal`, `bernoulli`, `multinomial`, `poisson`."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import of
from ..inplace import overwrite
from ..promotion import common_dtype
from ..tensor import Tensor
from . import choices, creation, discrete
from .bounds import has_kernel
from .box_muller import normal as fill_normal
from .generator import Generator, stream_of
from .inplace import checked_probabilities
from .mersenne import Mersenne
from .poisson_values import poisson as draw_poisson


def normal(
    mean: Any = None,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Any = None,
    **options: Any,
) -> Tensor:
    """`normal(mean, std)` with a tensor among them, element by element; `normal(0.0, 1.0, (2, 3))` with numbers.

    RuntimeError for a negative std. The gradient is zero.
    """
    if isinstance(mean, Tensor) or isinstance(std, Tensor):
        return _given(_normal(mean, std, generator=generator), out)
    if size is None or not isinstance(size, (tuple, list)):
        raise TypeError(f"normal() received an invalid combination of arguments - got ({mean!r}, {std!r}, {size!r})")
    _checked_std(std)
    if out is not None:
        options["out"] = out

    def fill(target: Array) -> None:
        _fill_numbers(stream_of(generator), target, float(mean), float(std))

    return creation.new("normal", (size,), options, fill, mean=mean, std=std, generator=generator)


def _fill_numbers(stream: Mersenne, target: Array, mean: float, std: float) -> None:
    if target.size:
        has_kernel(target, "f", "normal_kernel_cpu")
    fill_normal(stream, target, mean, std)


def _checked_std(std: Any) -> None:
    if isinstance(std, np.ndarray):
        if not (std >= 0).all():
            raise RuntimeError("normal expects all elements of std >= 0.0")
    elif not std >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")


@op(name="normal")
def _normal(mean: Any, std: Any, *, generator: Generator | None) -> Answer:
    _checked_std(std)
    main = mean if isinstance(mean, np.ndarray) else std
    shape = np.broadcast_shapes(np.shape(mean), np.shape(std))
    drawn = np.empty(shape, main.dtype)
    if isinstance(std, np.ndarray):
        _fill_numbers(stream_of(generator), drawn, 0.0, 1.0)
        drawn = _then(np.multiply, drawn, std)
    else:
        _fill_numbers(stream_of(generator), drawn, 0.0, float(std))
    return _then(np.add, drawn, mean), (np.zeros_like, np.zeros_like)


def _then(step: np.ufunc, drawn: Array, other: Any) -> Array:
    """One in-place step on the drawn numbers: computed in torch's common dtype, kept in theirs."""
    common = common_dtype((drawn, other)).storage
    result = step(drawn.astype(common, copy=False), np.asarray(other).astype(common))
    return np.asarray(result).astype(drawn.dtype, copy=False)


def bernoulli(input: Tensor, p: Any = None, *, generator: Generator | None = None, out: Tensor | None = None) -> Tensor:
    """Ones with the probabilities in `input`, or all with probability p; shaped and typed as `input`. Zero gradient."""
    if p is not None and not isinstance(p, Tensor) and not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
    each = p.array if isinstance(p, Tensor) else p
    return _given(_bernoulli(input, p=each, generator=generator), out)


@op(name="bernoulli")
def _bernoulli(x: Array, *, p: Any, generator: Generator | None) -> Answer:
    drawn = np.empty(x.shape, x.dtype)
    if p is None or isinstance(p, np.ndarray):
        discrete.bernoulli_each(stream_of(generator), drawn, checked_probabilities(x if p is None else p, drawn))
    else:
        discrete.bernoulli(stream_of(generator), drawn, p)
    return drawn, np.zeros_like


def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Poisson numbers of the rates in `input`, typed as it. RuntimeError for a negative rate; zero gradient."""
    return _poisson(input, generator=generator)


@op(name="poisson")
def _poisson(rates: Array, *, generator: Generator | None) -> Answer:
    has_kernel(rates, "f", "poisson_cpu")
    if not (rates >= 0).all():
        raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
    return draw_poisson(stream_of(generator), rates).astype(rates.dtype), np.zeros_like


def multinomial(
    input: Tensor,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Indices drawn by the weights in `input` (1 or 2 dims: a distribution per row): (…, num_samples), int64.

    Without replacement the order is that of the race, and categories of weight 0 fill up what is missing.
    """
    count = operator.index(num_samples)
    if out is not None and out.array.dtype != np.int64:
        raise RuntimeError(f"multinomial expects Long tensor out, got: {out.dtype.legacy}")
    return _given(_multinomial(input, num_samples=count, replacement=replacement, generator=generator), out)


@op(name="multinomial")
def _multinomial(weights: Array, *, num_samples: int, replacement: bool, generator: Generator | None) -> Answer:
    _checked_weights(weights, num_samples, replacement)
    if not weights.size:
        return np.empty((*weights.shape[:-1], num_samples), np.int64), None
    draw = choices.independent if replacement and num_samples > 1 else choices.distinct
    return draw(stream_of(generator), weights, num_samples), None


def _checked_weights(weights: Array, n: int, replacement: bool) -> None:
    if not 0 < weights.ndim <= 2:
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if weights.dtype.kind != "f":
        raise RuntimeError(f"multinomial only supports floating-point dtypes for input, got: {of(weights).legacy}")
    if n <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and n > weights.shape[-1]:
        raise RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement")
    if weights.shape[-1] > 1 << 24:
        raise RuntimeError("number of categories cannot exceed 2^24")
    if replacement and n > 1 and not (np.isfinite(weights) & (weights >= 0)).all():
        entry = "< 0" if (weights < 0).any() else "= infinity or NaN"
        raise RuntimeError(f"invalid multinomial distribution (encountering probability entry {entry})")
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if weights.size and (weights.sum(-1) == 0).any():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")


def _given(made: Tensor, out: Tensor | None) -> Tensor:
    if out is None:
        return made
    if out.array.shape != made.array.shape:
        out.array = np.empty(made.array.shape, out.array.dtype)
    return overwrite(out, made.array, "copy_")
