"""Placing along one dimension: scatter, scatter_add, and scatter_reduce for what falls into the same place."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor, wrap
from .accumulate import scattered_sum
from .dims import wrap_dim
from .gather import along, need_index, need_places
from .shape import reshape


@op(linear=True)
def _scatter(x: Array, index: Array, src: Any, *, dim: int) -> Answer:
    result, key = x.copy().reshape(x.shape or (1,)), along(np.atleast_1d(index), dim)
    placed = isinstance(src, np.ndarray) and src.ndim > 0
    window = tuple(slice(size) for size in index.shape)
    result[key] = src[window] if placed else src

    shape, wide, full = x.shape, result.shape, src.shape if placed else ()

    def of_x(g: Array) -> Any:
        kept = g.copy().reshape(wide)
        kept[key] = 0
        return kept.reshape(shape)

    def of_src(g: Array) -> Any:
        back, picked = np.zeros(full, g.dtype), g.reshape(wide)[key]
        back[window if placed else ...] = picked if placed else picked.sum()
        return back

    return result.reshape(shape), (of_x, None, of_src)


def _need_source(x: Tensor, dim: int, index: Tensor, src: Any) -> None:
    """Raises what torch raises for a source or an index that does not fit."""
    wide = src if isinstance(src, Tensor) and src.ndim and index.array.size else None
    if isinstance(src, Tensor) and src.dtype is not x.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    if wide is not None and wide.ndim < index.ndim:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-wide.ndim}, {wide.ndim - 1}], but got {wide.ndim})"
        )
    if wide is not None and wide.ndim > max(index.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as src tensor")
    sizes = index.array.shape if index.array.size else ()
    beyond = any(at != dim and n > x.array.shape[at] for at, n in enumerate(sizes[: x.ndim]))
    short = wide is not None and any(n > have for n, have in zip(sizes, wide.array.shape, strict=False))
    if beyond or short:
        also = f" and to be no larger size than src {list(wide.shape)}" if wide is not None else ""
        raise RuntimeError(
            f"Expected index {list(index.shape)} to be no larger than self {list(x.shape)} apart from dimension "
            f"{dim}{also}"
        )
    need_places(x, dim, index)


def scatter(
    input: Tensor, dim: int, index: Tensor, src: Any = None, value: Any = None, *, reduce: Any = None
) -> Tensor:
    """A copy with ``out[index[i][j]][j] = src[i][j]`` for dim 0; *src* a tensor or a number."""
    dim = wrap_dim(dim, input.ndim)
    need_index(input, dim, index, "scatter")
    source = value if src is None else src
    _need_source(input, dim, index, source)
    if reduce is None:
        return _scatter(input, index, source, dim=dim)
    if not isinstance(source, Tensor):
        source = wrap(np.full(index.shape, source, input.array.dtype))
    names = {"add": "sum", "multiply": "prod"}
    if reduce not in names:
        raise RuntimeError("reduce argument must be either add or multiply.")
    return scatter_reduce(input, dim, index, source, names[reduce])


@op(linear=True)
def _scatter_add(x: Array, index: Array, src: Array, *, dim: int) -> Answer:
    result, key = x.copy().reshape(x.shape or (1,)), along(np.atleast_1d(index), dim)
    window = tuple(slice(size) for size in index.shape)
    np.add.at(result, key, src[window].reshape(np.atleast_1d(index).shape))
    full, shape, small = src.shape, x.shape, index.shape

    def of_src(g: Array) -> Any:
        back = np.zeros(full, g.dtype)
        back[window] = g.reshape(shape or (1,))[key].reshape(small)
        return back

    return result.reshape(shape), (lambda g: g, None, of_src)


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """A copy with ``out[index[i][j]][j] += src[i][j]`` for dim 0."""
    dim = wrap_dim(dim, input.ndim)
    need_index(input, dim, index, "scatter")
    _need_source(input, dim, index, src)
    return _scatter_add(input, index, src, dim=dim)


_IDENTITY: dict[str, float] = {"sum": 0, "mean": 0, "prod": 1, "amax": -np.inf, "amin": np.inf}
_UFUNC = {"sum": np.add, "mean": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum}


def _neutral(reduce: str, dtype: np.dtype[Any]) -> Any:
    value = _IDENTITY[reduce]
    if np.isinf(value) and dtype.kind != "f":
        info = np.iinfo(dtype)
        return info.min if value < 0 else info.max
    return dtype.type(value)


@op
def _scatter_reduce(x: Array, index: Array, src: Array, *, dim: int, reduce: str, include_self: bool) -> Answer:
    key = along(np.atleast_1d(index), dim)
    window = tuple(slice(size) for size in index.shape)
    shape, full, small = x.shape, src.shape, index.shape
    given = src[window].reshape(np.atleast_1d(index).shape)
    old = x.reshape(shape or (1,))
    touched = np.zeros(old.shape, np.bool_)
    touched[key] = True
    dropped = touched & (not include_self)
    start = np.where(dropped, _neutral(reduce, x.dtype), old)
    result = start.copy()
    _UFUNC[reduce].at(result, key, given)
    count = np.where(dropped, 0, 1).astype(x.dtype)
    np.add.at(count, key, x.dtype.type(1))
    if reduce == "mean":
        result = result / count if x.dtype.kind == "f" else np.floor_divide(result, count)
    share_old, share_given = _shares(reduce, start, given, result, count, key)

    def of_src(g: Array) -> Any:
        back = np.zeros(full, g.dtype)
        back[window] = (g.reshape(old.shape)[key] * share_given()).reshape(small)
        return back

    def of_x(g: Array) -> Any:
        return np.where(dropped, 0, g.reshape(old.shape) * share_old()).reshape(shape)

    return result.reshape(shape), (of_x, None, of_src)


@_scatter_reduce.composed
def _scatter_reduce_by_sums(x: Any, index: Any, src: Any, *, dim: int, reduce: str, include_self: bool) -> Any:
    places = np.atleast_1d(index.array)
    key, kind = along(places, dim), x.array.dtype
    old: Any = reshape(x, x.shape or (1,))
    given: Any = reshape(src[tuple(slice(size) for size in index.shape)], places.shape)
    ones, dropped = np.ones(places.shape, kind), np.zeros(old.shape, np.bool_)
    dropped[key] = not include_self

    def placed(values: Any) -> Any:
        return scattered_sum(values, shape=old.shape, key=key)

    stays = wrap((~dropped).astype(kind))
    start: Any = old * stays
    if reduce in ("sum", "mean"):
        value = start + placed(given)
        value = value / (placed(wrap(ones)) + stays) if reduce == "mean" else value
    elif reduce == "prod":
        value = start + wrap(dropped.astype(kind))
        for one in _turns(places, dim):  # those that fall into the same place one after the other
            share = wrap(one.astype(kind))
            value = value * (placed(given * share) + 1 - placed(share))
    else:
        best = _scatter_reduce(x, index, src, dim=dim, reduce=reduce, include_self=include_self)
        peaks = best.array.reshape(old.shape)
        mine, theirs = (old.array == peaks) & ~dropped, given.array == peaks[key]
        ties = placed(wrap(theirs.astype(kind))).array + mine
        value = start * wrap((mine / np.maximum(ties, 1)).astype(kind))
        value = value + placed(given * wrap((theirs / ties[key]).astype(kind)))
    return reshape(value, x.shape)


def _turns(places: Array, dim: int) -> list[Array]:
    """Masks over *places*: in the n-th are those before which n of their line along *dim* have the same place."""
    lines = np.moveaxis(places, dim, 0)
    turn = np.array([(lines[:at] == one).sum(0) for at, one in enumerate(lines)]).reshape(lines.shape)
    turn = np.moveaxis(turn, 0, dim)
    return [turn == n for n in range(int(turn.max(initial=-1)) + 1)]


def _shares(reduce: str, start: Array, given: Array, result: Array, count: Array, key: Any) -> tuple[Any, Any]:
    """∂result/∂start, and ∂result/∂given laid out like *given*; both late."""
    if reduce in ("sum", "mean"):
        weight = 1 / count if reduce == "mean" else np.ones_like(count)
        return (lambda: weight), (lambda: weight[key])
    if reduce == "prod":
        factors = np.where(start == 0, 1, start)
        np.multiply.at(factors, key, np.where(given == 0, 1, given))
        zeros = (start == 0).astype(np.int64)
        np.add.at(zeros, key, given == 0)

        def others(x: Array, product: Array, blank: Array) -> Any:
            """The product without x: all of it if x is the only zero, 0 if there is another one."""
            alone = np.where((x == 0) & (blank == 1), product, 0)
            return np.where(blank == 0, product / np.where(x == 0, 1, x), alone)

        return (lambda: others(start, factors, zeros)), (lambda: others(given, factors[key], zeros[key]))
    mine, theirs = start == result, given == result[key]
    ties = mine.astype(count.dtype)
    np.add.at(ties, key, theirs)
    return (lambda: mine / np.maximum(ties, 1)), (lambda: theirs / ties[key])


def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """*src* reduced into the places *index* of *dim*, the old value included: sum, prod, mean, amax or amin."""
    if reduce not in _UFUNC:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    dim = wrap_dim(dim, input.ndim)
    need_index(input, dim, index, "scatter")
    _need_source(input, dim, index, src)
    return _scatter_reduce(input, index, src, dim=dim, reduce=reduce, include_self=include_self)
