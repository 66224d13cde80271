"""In-place draws, as methods of a tensor: `uniform_`, `normal_`, `random_`, `bernoulli_` and their kin.

Each fills the tensor's own memory, in the order in which its elements lie there, and returns it. The old history of the
tensor gets a zero gradient. All raise RuntimeError for parameters out of range and for a leaf that requires grad.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from ..array import Array
from ..inplace import refill
from ..tensor import Tensor
from . import box_muller, continuous, discrete
from .bounds import c_name, check_uniform, has_kernel, integer_span
from .generator import Generator, stream_of
from .parts import parts


def uniform_(input: Tensor, *bounds: float, generator: Generator | None = None, **named: float) -> Tensor:
    """`x.uniform_(from=0, to=1)`: numbers of [from, to)."""
    low, high = (float(bound) for bound in _bound("uniform_", bounds, named, {"from": 0.0, "to": 1.0}))
    stream = stream_of(generator)
    real = parts(input.array)
    has_kernel(real, "f", "check_uniform_bounds")
    check_uniform(real, low, high)
    static = {"from": low, "to": high, "generator": generator}
    return refill(input, lambda x: continuous.uniform(stream, parts(x), low, high), "uniform_", **static)


def normal_(input: Tensor, mean: float = 0, std: float = 1, *, generator: Generator | None = None) -> Tensor:
    """`x.normal_(mean, std)`: normal numbers; std is no tensor and not negative."""
    m, s = float(mean), float(std)
    if not s >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {s:g}")
    stream = stream_of(generator)
    if input.array.size:
        has_kernel(input.array, "fc", "normal_kernel_cpu")
    spread = s / math.sqrt(2) if input.array.dtype.kind == "c" else s
    static = {"mean": mean, "std": std, "generator": generator}
    return refill(input, lambda x: box_muller.normal(stream, parts(x), m, spread), "normal_", **static)


def log_normal_(input: Tensor, mean: float = 1, std: float = 2, *, generator: Generator | None = None) -> Tensor:
    """`x.log_normal_(mean, std)`: e to the power of normal numbers."""
    m, s = float(mean), float(std)
    if not s > 0:
        raise RuntimeError(f"log_normal_ expects std > 0.0, but found std={s:g}")
    stream = stream_of(generator)
    if input.array.size:
        has_kernel(input.array, "f", "log_normal_cpu")
    static = {"mean": mean, "std": std, "generator": generator}
    return refill(input, lambda x: continuous.log_normal(stream, x, m, s), "log_normal_", **static)


def exponential_(input: Tensor, lambd: float = 1, *, generator: Generator | None = None) -> Tensor:
    """`x.exponential_(lambd)`: waiting times of rate lambd."""
    rate = float(lambd)
    if not rate > 0:
        raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={rate:g}")
    _continuous("Exponential", input.array, input.dtype.legacy)
    stream = stream_of(generator)
    static = {"lambd": lambd, "generator": generator}
    return refill(input, lambda x: continuous.exponential(stream, x, rate), "exponential_", **static)


def cauchy_(input: Tensor, median: float = 0, sigma: float = 1, *, generator: Generator | None = None) -> Tensor:
    """`x.cauchy_(median, sigma)`: Cauchy numbers."""
    middle, scale = float(median), float(sigma)
    if not scale > 0:
        raise RuntimeError(f"cauchy_ expects sigma > 0.0, but found sigma={scale:g}")
    _continuous("Cauchy", input.array, c_name(input.array))
    stream = stream_of(generator)
    static = {"median": median, "sigma": sigma, "generator": generator}
    return refill(input, lambda x: continuous.cauchy(stream, x, middle, scale), "cauchy_", **static)


def geometric_(input: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """`x.geometric_(p)`: how many trials up to the first success."""
    chance = float(p)
    if not 0 < chance < 1:
        raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={chance:g}")
    stream = stream_of(generator)
    if input.array.size:
        has_kernel(input.array, "fiu", "geometric_cpu")
    static = {"p": p, "generator": generator}
    return refill(input, lambda x: discrete.geometric(stream, x, chance), "geometric_", **static)


def bernoulli_(input: Tensor, p: Tensor | float = 0.5, *, generator: Generator | None = None) -> Tensor:
    """`x.bernoulli_(p)`: ones of probability p, which may be a tensor that expands to the shape of x."""
    stream = stream_of(generator)
    static = {"p": p, "generator": generator}
    if isinstance(p, Tensor):
        each = checked_probabilities(p.array, input.array)
        return refill(input, lambda x: discrete.bernoulli_each(stream, x, each), "bernoulli_", **static)
    chance = float(p)
    if not 0 <= chance <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={chance:g}")
    return refill(input, lambda x: discrete.bernoulli(stream, x, chance), "bernoulli_", **static)


def random_(input: Tensor, *bounds: int | None, generator: Generator | None = None, **named: int | None) -> Tensor:
    """`x.random_()`, `x.random_(to)`, `x.random_(from, to)`: integers of [from, to).

    Without bounds all that are not negative and that the dtype holds; `to=None` up to the largest.
    """
    stream = stream_of(generator)
    static: dict[str, Any] = {**named, "bounds": bounds, "generator": generator}
    if not bounds and not named:
        if input.array.size:
            has_kernel(input.array, "fiub", "random_kernel_cpu")
            if input.array.dtype.kind == "u" and input.array.itemsize > 1:
                has_kernel(input.array, "", "random_kernel_cpu")
        return refill(input, lambda x: discrete.any_integers(stream, x), "random_", **static)
    if len(bounds) == 1 and not named:
        bounds = (0, *bounds)
    low, high = _bound("random_", bounds, named, {"from": 0, "to": None})
    low, span = integer_span(input.array, operator.index(low), None if high is None else operator.index(high))
    return refill(input, lambda x: discrete.integers(stream, x, low, span), "random_", **static)


def checked_probabilities(p: Array, target: Array) -> Array:
    """`p` expanded to the shape of `target`; RuntimeError if it does not fit or leaves [0, 1]."""
    has_kernel(p, "f", "bernoulli_tensor_cpu_p_")
    try:
        each = np.broadcast_to(p, target.shape)
    except ValueError:
        raise RuntimeError(
            f"The expanded size of the tensor must match the existing size.  Target sizes: {list(target.shape)}.  "
            f"Tensor sizes: {list(p.shape)}"
        ) from None
    if not ((p >= 0) & (p <= 1)).all():
        raise RuntimeError("Expected p_in >= 0 && p_in <= 1 to be true, but got false.")
    return each


def _bound(function: str, given: tuple[Any, ...], named: dict[str, Any], defaults: dict[str, Any]) -> list[Any]:
    """The arguments in order; `from` is no name that a Python signature can spell."""
    if len(given) > len(defaults):
        raise TypeError(
            f"{function}() takes from 0 to {len(defaults)} positional arguments but {len(given)} were given"
        )
    bound = dict(zip(defaults, given, strict=False))
    for name, value in named.items():
        if name not in defaults:
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
        if name in bound:
            raise TypeError(f"{function}() got multiple values for argument '{name}'")
        bound[name] = value
    return list((defaults | bound).values())


def _continuous(distribution: str, target: Array, name: str) -> None:
    if target.size and target.dtype.kind != "f":
        raise RuntimeError(
            f"{distribution} distribution is a continuous probability distribution. dtype must be a floating point but "
            f"you specified {name}"
        )
