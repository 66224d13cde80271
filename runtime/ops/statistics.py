"""Quantiles, covariances, areas under sampled curves, combinations."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import FLOAT, INTEGER
from ..tensor import Tensor, wrap
from .arithmetic import div, mul, sub
from .axes import movedim, transpose
from .complex import conj
from .dims import wrap_dim
from .elementwise import sqrt
from .extrema import clamp
from .index_select import index_select
from .matmul import matmul
from .out import takes_out
from .parts import narrow
from .reduce import mean, sum
from .scan import cumsum
from .shape import reshape, unsqueeze
from .strided import diagonal

_METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


def _places(x: Array, q: Array, interpolation: str, skip_nan: bool) -> tuple[Array, Array, Array, Array, Array]:
    """Along the last dimension: which elements lie below and above, the weight of the latter, steps, and the lower."""
    order = np.argsort(x, axis=-1, kind="stable")
    count = (~np.isnan(x)).sum(-1, keepdims=True) if skip_nan else np.full((*x.shape[:-1], 1), x.shape[-1])
    place = np.maximum(count - 1, 0) * q.reshape(-1).astype(np.float64)
    low, high = np.floor(place).astype(np.int64), np.ceil(place).astype(np.int64)
    weight = (place - low).astype(x.dtype)
    match interpolation:
        case "lower":
            weight = np.zeros_like(weight)
        case "higher":
            weight = (high > low).astype(x.dtype)
        case "midpoint":
            weight = np.where(high > low, 0.5, 0).astype(x.dtype)
        case "nearest":
            weight = (np.rint(place) > low).astype(x.dtype)
    first, second = (np.take_along_axis(order, at, -1) for at in (low, high))
    return first, second, weight, np.maximum(count - 1, 0), low


@op
def _quantile(x: Array, q: Array, *, keepdim: bool, interpolation: str, skip_nan: bool) -> Answer:
    """Along the last dimension; the results of several *q* come first."""
    first, second, weight, gaps, _ = _places(x, q, interpolation, skip_nan)
    a, b = (np.take_along_axis(x, at, -1) for at in (first, second))
    value = np.where(weight == 0, a, a + weight * (b - a))
    if not skip_nan:
        value = np.where(np.isnan(x).any(-1, keepdims=True), np.nan, value).astype(x.dtype)
    shape, several, fractions = x.shape, q.size, q.shape

    def of_x(g: Array) -> Any:
        pulled = np.moveaxis(g.reshape(several, *shape[:-1]), 0, -1)
        back = np.zeros(shape, g.dtype)
        rows = np.ogrid[tuple(slice(n) for n in pulled.shape)][:-1]
        np.add.at(back, (*rows, first), pulled * (1 - weight))
        np.add.at(back, (*rows, second), pulled * weight)
        return back

    def of_q(g: Array) -> Any:
        pulled = np.moveaxis(g.reshape(several, *shape[:-1]), 0, -1)
        steps = pulled * (b - a) * gaps
        return steps.sum(tuple(range(steps.ndim - 1)), dtype=g.dtype).reshape(fractions)

    result = np.moveaxis(value, -1, 0)
    result = result[..., None] if keepdim else result
    return (result if q.ndim else result[0]), (of_x, of_q if interpolation == "linear" else None)


@_quantile.composed
def _quantile_of_others(x: Any, q: Any, *, keepdim: bool, interpolation: str, skip_nan: bool) -> Any:
    first, second, weight, gaps, low = _places(x.array, q.array, interpolation, skip_nan)
    share: Any = wrap(weight)
    if interpolation == "linear":
        share = q.reshape(-1) * wrap(gaps.astype(x.array.dtype)) - wrap(low.astype(x.array.dtype))
    a, b = (x.take_along_dim(wrap(places), -1) for places in (first, second))
    value = (a + share * (b - a)).movedim(-1, 0)
    value = value.unsqueeze(-1) if keepdim else value
    return value if q.ndim else value[0]


def _quantiles(
    x: Tensor, q: Any, dim: int | None, keepdim: bool, interpolation: str, name: str, skip_nan: bool
) -> Tensor:
    if x.array.dtype.name not in ("float32", "float64"):
        raise RuntimeError(f"{name}() input tensor must be either float or double dtype")
    if interpolation not in _METHODS:
        raise RuntimeError(
            f"{name}() interpolation must be one of linear, lower, higher, midpoint or nearest, but got {interpolation}"
        )
    fractions = q if isinstance(q, Tensor) else wrap(np.asarray(q, x.array.dtype))
    if ((fractions.array < 0) | (fractions.array > 1)).any():
        what = (
            "q values must be in the range [0, 1]"
            if isinstance(q, Tensor)
            else f"q must be in the range [0, 1] but got {q}"
        )
        raise RuntimeError(f"{name}() {what}")
    rank = x.ndim
    last = reshape(x, -1) if dim is None or not rank else transpose(x, dim, -1)
    found = _quantile(
        last,
        fractions,
        keepdim=keepdim and dim is not None and rank > 0,
        interpolation=interpolation,
        skip_nan=skip_nan,
    )
    if keepdim and dim is None:
        return reshape(found, *fractions.array.shape, *(1,) * rank)
    first = fractions.ndim
    if dim is None or not rank:
        return found
    at = wrap_dim(dim, rank)
    if keepdim:
        return transpose(found, at + first, -1)
    return found if at == rank - 1 else movedim(found, at + first, -1)  # undo what the swap did to the others


@takes_out
def quantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """The values below which the fractions *q* of the elements lie, along *dim*; several *q* come first."""
    return _quantiles(input, q, dim, keepdim, interpolation, "quantile", skip_nan=False)


@takes_out
def nanquantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """`quantile` of what is not nan."""
    return _quantiles(input, q, dim, keepdim, interpolation, "nanquantile", skip_nan=True)


_KINDS = {"fweights": "integral", "aweights": "floating point"}


def _need_weights(weights: Tensor, name: str, count: int) -> None:
    """RuntimeError as torch words it unless there is one weight per observation."""
    if weights.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with {weights.ndim} dimensions"
        )
    if weights.dtype.category != (INTEGER if name == "fweights" else FLOAT):
        raise RuntimeError(
            f"cov(): expected {name} to have {_KINDS[name]} dtype but got {name} with {weights.dtype.legacy} dtype"
        )
    if weights.array.size != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the input but got "
            f"{weights.array.size} != {count}"
        )
    if (weights.array < 0).any():
        raise RuntimeError(f"cov(): {name} cannot be negative")


def cov(
    input: Tensor, *, correction: int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None
) -> Tensor:
    """Covariances of the rows of *input*, whose columns are observations."""
    if input.ndim > 2:
        raise RuntimeError(
            f"cov(): expected input to have two or fewer dimensions but got an input with {input.ndim} dimensions"
        )
    x = reshape(input, 1, -1) if input.ndim < 2 else input
    for name, one in (("fweights", fweights), ("aweights", aweights)):
        if one is not None:
            _need_weights(one, name, x.array.shape[1])
    weights = fweights if aweights is None else aweights if fweights is None else mul(fweights, aweights)
    if weights is None:
        total: Any = x.array.shape[1]
        away = sub(x, mean(x, 1, True))
        scaled, divisor = away, total - correction
    else:
        total = sum(weights)
        away = sub(x, div(sum(mul(x, weights), 1, True), total))
        scaled = mul(away, weights)
        spent = total if aweights is None or not correction else div(sum(mul(weights, aweights)), total)
        divisor = sub(total, correction) if aweights is None else sub(total, mul(spent, correction))
    norm = clamp(divisor, min=0) if isinstance(divisor, Tensor) else max(divisor, 0)
    result = div(matmul(scaled, conj(transpose(away, 0, 1))), norm)
    return reshape(result, ()) if result.array.size == 1 else result


def corrcoef(input: Tensor) -> Tensor:
    """Correlations of the rows of *input*."""
    covariance = cov(input)
    if not covariance.ndim:
        return div(covariance, covariance)
    deviation = sqrt(diagonal(covariance))
    scaled = div(div(covariance, unsqueeze(deviation, 1)), unsqueeze(deviation, 0))
    return clamp(scaled, -1, 1)


def _trapezoids(y: Tensor, x: Any, dx: Any, dim: int) -> Tensor:
    dim = wrap_dim(dim, y.ndim)
    n = y.array.shape[dim]
    pairs = div(_neighbours_sum(y, dim, n), 2)
    if x is None:
        return mul(pairs, dx)
    at = 0 if x.ndim == 1 else dim
    steps = sub(narrow(x, at, 1, n - 1), narrow(x, at, 0, n - 1))
    if x.ndim == 1:
        steps = reshape(steps, *(-1 if i == dim else 1 for i in range(y.ndim)))
    return mul(pairs, steps)


def _neighbours_sum(y: Tensor, dim: int, n: int) -> Tensor:
    return sub(narrow(y, dim, 1, n - 1), mul(narrow(y, dim, 0, n - 1), -1))


def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Any = 1, dim: int = -1) -> Tensor:
    """The area under *y* along *dim*, by straight lines between samples at *x*, or *dx* apart."""
    return sum(_trapezoids(y, x, dx, dim), dim)


trapz = trapezoid


def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Any = 1, dim: int = -1) -> Tensor:
    """The area under *y* up to each sample but the first."""
    return cumsum(_trapezoids(y, x, dx, dim), dim)


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All choices of *r* elements of a vector, one per row."""
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array(list(choose(range(input.array.size), r)), np.int64).reshape(-1, r)
    return reshape(index_select(input, 0, wrap(rows.reshape(-1))), rows.shape)
