"""Running sums, products and extremes along one dimension."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Answers, Array
from ..autograd import op
from ..dtypes import dtype
from ..tensor import Tensor
from .accumulate import added_at
from .binary import logaddexp
from .dims import wrap_dim
from .extreme import ValuesIndices
from .join import cat, stack
from .out import takes_out
from .parts import unbind
from .working_dtype import floating, summable


def _wide(kind: Any) -> Any:
    """The dtype in which torch adds up and multiplies along a line: double."""
    return {"f": np.float64, "c": np.complex128}.get(kind.kind, kind)


def _so_far(x: Array, axis: int) -> Array:
    """Sums from the start to each place."""
    return np.cumsum(x, axis, dtype=_wide(x.dtype)).astype(x.dtype)


def _from_the_end(g: Array, axis: int) -> Array:
    """Sums from each place to the end."""
    return np.flip(_so_far(np.flip(g, axis), axis), axis)


@op(layout="rows", linear=True)
def _cumsum(x: Array, *, dim: int) -> Answer:
    if not x.ndim:
        return x.copy(), lambda g: g
    return _so_far(x, dim), lambda g: _from_the_end(g, dim)


@takes_out
def cumsum(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """Running sums along *dim*; int64 for integers."""
    return _cumsum(summable(input, dtype), dim=wrap_dim(dim, input.ndim))


@op(layout="rows")
def _cumprod(x: Array, *, dim: int) -> Answer:
    if not x.ndim:
        return x.copy(), lambda g: g
    value = np.cumprod(x, dim, dtype=_wide(x.dtype)).astype(x.dtype)

    def pullback(g: Array) -> Any:
        if x.all():
            return _from_the_end(g * value, dim) / x
        line, slope = np.moveaxis(x, dim, 0), np.moveaxis(g, dim, 0)
        before = np.concatenate([np.ones_like(line[:1]), np.moveaxis(value, dim, 0)[:-1]])
        later = np.array(slope)  # later[k] = slope[k] + x[k+1] · later[k+1]: no division by what may be 0
        for k in range(len(line) - 2, -1, -1):
            later[k] += line[k + 1] * later[k + 1]
        return np.moveaxis(before * later, 0, dim)

    return value, pullback


@_cumprod.composed
def _cumprod_by_steps(x: Any, *, dim: int) -> Any:
    if not x.ndim or not x.array.size:
        return x * 1
    first, *others = unbind(x, dim)
    made: list[Any] = [first]
    for one in others:
        made.append(made[-1] * one)
    return stack(made, dim)


@takes_out
def cumprod(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """Running products along *dim*; int64 for integers."""
    return _cumprod(summable(input, dtype), dim=wrap_dim(dim, input.ndim))


@op(layout="rows")
def _logcumsumexp(x: Array, *, dim: int) -> Answer:
    if not x.ndim:
        return x.copy(), lambda g: g
    value = np.logaddexp.accumulate(x.astype(_wide(x.dtype)), dim).astype(x.dtype)

    def pullback(g: Array) -> Any:
        peak = np.max(x, dim, keepdims=True)
        return np.exp(x - peak) * _from_the_end(g * np.exp(peak - value), dim)

    return value, pullback


@_logcumsumexp.composed
def _logcumsumexp_by_steps(x: Any, *, dim: int) -> Any:
    if not x.ndim or not x.array.size:
        return x * 1
    first, *others = unbind(x, dim)
    made: list[Any] = [first]
    for one in others:
        made.append(logaddexp(made[-1], one))
    return stack(made, dim)


@takes_out
def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """log of the running sums of exp along *dim*."""
    return _logcumsumexp(floating(input), dim=wrap_dim(dim, input.ndim))


def _running(x: Array, axis: int, extreme: Any, reached: Any) -> Answers:
    """Running extreme and the last place that reached it."""
    if not x.ndim:
        return (x.copy(), np.zeros((), np.int64)), lambda g: g[0]
    shape = x.shape
    value = extreme.accumulate(x, axis)
    places = np.arange(x.shape[axis]).reshape([-1 if i == axis else 1 for i in range(x.ndim)])
    index = np.maximum.accumulate(np.where(reached(x, value) | np.isnan(x), places, 0), axis)

    def pullback(g: tuple[Array, Array]) -> Any:
        where = list(np.ogrid[tuple(slice(n) for n in shape)])
        where[axis] = index
        return added_at(shape, tuple(where), g[0])

    return (value, index), pullback


@op(layout="rows")
def _cummax(x: Array, *, dim: int) -> Answers:
    return _running(x, dim, np.maximum, np.greater_equal)


@op(layout="rows")
def _cummin(x: Array, *, dim: int) -> Answers:
    return _running(x, dim, np.minimum, np.less_equal)


@takes_out
def cummax(input: Tensor, dim: int) -> ValuesIndices:
    """The largest so far along *dim*, and where it was (the last of equals)."""
    return ValuesIndices(*_cummax(input, dim=wrap_dim(dim, input.ndim)))


@takes_out
def cummin(input: Tensor, dim: int) -> ValuesIndices:
    """The smallest so far along *dim*, and where it was (the last of equals)."""
    return ValuesIndices(*_cummin(input, dim=wrap_dim(dim, input.ndim)))


@op(linear=True)
def _diff(x: Array, *, n: int, dim: int) -> Answer:
    times = min(n, x.shape[dim])

    def pullback(g: Array) -> Any:
        for _ in range(times):
            edge = [(0, 0)] * g.ndim
            edge[dim] = (1, 1)
            g = -np.diff(np.pad(g, edge), axis=dim)
        return g

    return np.diff(x, n, axis=dim), pullback


def diff(
    input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor | None = None, append: Tensor | None = None
) -> Tensor:
    """*n* times the difference of neighbours along *dim*."""
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    if not input.ndim:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n == 0:
        return input
    parts = [part for part in (prepend, input, append) if part is not None]
    joined = cat(parts, dim) if len(parts) > 1 else input
    return _diff(joined, n=n, dim=wrap_dim(dim, input.ndim))
