"""``x[...]`` and ``x[...] = v`` as torch reads them: ints, slices, None, Ellipsis, masks, index tensors, all mixed.

The basic parts (ints, slices, None, Ellipsis) make a view first; only then do tensors and masks pick from that view.
numpy counts an int beside an index array as an index array too, and so puts the result's dimensions elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import of
from ..inplace import copy_, inplace
from ..tensor import Tensor, wrap
from .accumulate import added_at
from .index_key import Key, parsed
from .memory import cast
from .shape import expand


@op(linear=True)
def _getitem(x: Array, *, index: Key) -> Answer:
    shape = x.shape

    def pullback(g: Array) -> Any:
        back = np.zeros(shape, g.dtype)
        back[index] = g
        return back

    return x[index], pullback


@op(linear=True)
def _index(x: Array, *indices: Array, dims: tuple[int, ...]) -> Answer:
    """Picks with arrays at the dimensions *dims* (a mask of rank n takes n of them, counted from its dim)."""
    key, shape = _full_key(x, indices, dims), x.shape
    return x[key], (lambda g: added_at(shape, key, g), *(None for _ in indices))


@op(linear=True)
def _index_put(x: Array, values: Array, *indices: Array, dims: tuple[int, ...], accumulate: bool) -> Answer:
    key, result = _full_key(x, indices, dims), x.copy()
    target = np.broadcast_to(0, x.shape)[key].shape
    if _lost_ones(values.shape, len(target)) != _broadcast(values.shape, target):
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(values.shape)} cannot be broadcast to indexing result of "
            f"shape {list(target)}"
        )
    if values.dtype != x.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{of(x).legacy} for the destination and {of(values).legacy} for the source."
        )
    values = values.reshape(_lost_ones(values.shape, len(target)))
    if accumulate:
        np.add.at(result, key, values)
    else:
        result[key] = values

    def of_x(g: Array) -> Any:
        if accumulate:
            return g
        kept = g.copy()
        kept[key] = 0
        return kept

    return result, (of_x, lambda g: g[key], *(None for _ in indices))


def _lost_ones(shape: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """*shape* without the leading ones that are too many."""
    while len(shape) > rank and shape[0] == 1:
        shape = shape[1:]
    return shape


def _broadcast(shape: tuple[int, ...], target: tuple[int, ...]) -> tuple[int, ...] | None:
    """*shape* stripped of leading ones if it broadcasts to *target*, else None."""
    shape = _lost_ones(shape, len(target))
    fits = len(shape) <= len(target) and all(n in (1, m) for n, m in zip(shape[::-1], target[::-1], strict=False))
    return shape if fits else None


def _full_key(x: Array, indices: tuple[Array, ...], dims: tuple[int, ...]) -> Key:
    """The numpy key with *indices* at *dims*, checked against the shape of *x* in torch's words."""
    key: list[Any] = [slice(None)] * x.ndim
    picks: list[Array] = []
    for dim, index in zip(dims, indices, strict=True):
        columns = _columns(x, index, dim) if index.dtype.kind == "b" or index.dtype == np.uint8 else (index,)
        for at, column in enumerate(columns, dim):
            size = x.shape[at]
            outside = (column < -size) | (column >= size)
            if outside.any():
                bad = int(np.ravel(column)[np.argmax(outside)])
                raise IndexError(f"index {bad} is out of bounds for dimension {at} with size {size}")
            key[at] = column.astype(np.int64, copy=False)
            picks.append(column)
    try:
        np.broadcast_shapes(*(pick.shape for pick in picks))
    except ValueError:
        shapes = ", ".join(str(list(pick.shape)) for pick in picks)
        raise IndexError(
            f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
        ) from None
    return tuple(key)


def _columns(x: Array, mask: Array, dim: int) -> tuple[Array, ...]:
    """The places where *mask* is true, one array per dimension."""
    for at, size in enumerate(mask.shape):
        if dim + at >= x.ndim or size != x.shape[dim + at]:
            raise IndexError(
                f"The shape of the mask {list(mask.shape)} at index {at} does not match the shape of the indexed "
                f"tensor {list(x.shape)} at index {dim + at}"
            )
    return np.nonzero(mask)


def getitem(input: Tensor, index: Any) -> Tensor:
    """``input[index]``: a view for ints, slices, None and Ellipsis; a copy with masks and index tensors."""
    basic, picks, dims = parsed(input, index)
    picked = _getitem(input, index=basic)
    return _index(picked, *picks, dims=dims) if picks else picked


def setitem(input: Tensor, index: Any, value: Any) -> None:
    """``input[index] = value`` in place; value a tensor that broadcasts, or a number."""
    basic, picks, dims = parsed(input, index)
    value = _assignable(input, value)
    target = _getitem(input, index=basic) if basic != (...,) else input
    if not picks:
        shape = _lost_ones(value.array.shape, target.ndim)
        if shape != value.array.shape:
            value = _getitem(value, index=(0,) * (value.ndim - len(shape)))
        copy_(target, value if shape == target.array.shape else expand(value, target.array.shape))
        return
    if not value.ndim and len(picks) == 1 and picks[0].array.dtype == np.bool_:
        value = cast(value, target.dtype)  # torch makes a masked_fill of this, which casts
    inplace(_index_put, target, value, *picks, dims=dims, accumulate=False)


def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of *input* with *values* put, or added, where the tensors *indices* point."""
    dims = tuple(at for at, index in enumerate(indices) if index is not None)
    picks = tuple(index for index in indices if index is not None)
    return _index_put(input, values, *picks, dims=dims, accumulate=accumulate)


def _assignable(x: Tensor, value: Any) -> Tensor:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (bool, int, float, np.generic)) or (isinstance(value, np.ndarray) and not value.ndim):
        return wrap(np.asarray(value).astype(x.array.dtype))
    raise TypeError(f"can't assign a {type(value).__name__} to a torch.{x.dtype.legacy}Tensor")
