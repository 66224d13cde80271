"""Whole slices of one dimension by a vector of indices: index_select, index_add, index_fill, index_copy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor, wrap
from .accumulate import added_rows
from .dims import wrap_dim
from .gather import INDEX_KINDS, need_indices
from .out import same_dtype, takes_out


def _need_vector(index: Tensor, name: str) -> None:
    if index.ndim > 1:
        raise IndexError(f"{name}(): Index is supposed to be a vector")
    if index.array.dtype not in INDEX_KINDS:
        raise RuntimeError(f"{name}(): Expected dtype int32 or int64 for index")


@op(linear=True)
def _index_select(x: Array, index: Array, *, dim: int) -> Answer:
    shape, rows = x.shape, np.atleast_1d(index)
    if not shape:
        return x.copy(), (lambda g: g, None)

    def of_x(g: Array) -> Any:
        back = np.zeros((shape[dim], *shape[:dim], *shape[dim + 1 :]), g.dtype)
        width = back[:1].size
        added_rows(back.reshape(len(back), width), rows, np.moveaxis(g, dim, 0).reshape(len(rows), width))
        return np.moveaxis(back, 0, dim)

    return np.take(x, rows, dim), (of_x, None)


@takes_out(check=same_dtype)
def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The places of *dim* that the vector *index* names."""
    dim = wrap_dim(dim, input.ndim)
    _need_vector(index, "index_select")
    size = input.array.shape[dim] if input.ndim else 1
    if ((index.array < 0) | (index.array >= size)).any():
        raise IndexError("index out of range in self")
    return _index_select(input, index, dim=dim)


def _others(x: Tensor, dim: int) -> tuple[int, ...]:
    """The sizes of all dimensions but *dim*."""
    return (*x.array.shape[:dim], *x.array.shape[dim + 1 :])


@op(linear=True)
def _index_add(x: Array, index: Array, source: Array, *, dim: int, alpha: Any) -> Answer:
    lead, rows = (slice(None),) * dim, np.atleast_1d(index)
    result = x.copy().reshape(x.shape or (1,))
    factor = x.dtype.type(alpha)
    key: tuple[Any, ...] = (*lead, rows)
    np.add.at(result, key, source.reshape(source.shape or (1,)) * factor)
    full = source.shape
    return result.reshape(x.shape), (
        lambda g: g,
        None,
        lambda g: np.take(g.reshape(result.shape), rows, dim).reshape(full) * factor,
    )


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
    """A copy with alpha·*source* added at the places *index* of *dim*, repeated ones summed."""
    dim = wrap_dim(dim, input.ndim)
    _need_vector(index, "index_add_")
    rows = source.array.shape[dim] if source.ndim else 1
    if (input.ndim and source.ndim != input.ndim) or _others(input, dim) != _others(source, dim):
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {list(input.shape)} source.shape = {list(source.shape)}"
        )
    if index.array.size != rows:
        raise RuntimeError(
            f"index_add_(): Number of indices ({index.array.size}) should be equal to source.size(dim): ({rows}), "
            f"for dim: {dim}"
        )
    if source.dtype is not input.dtype:
        raise RuntimeError(
            f"index_add_(): self ({input.dtype.legacy}) and source ({source.dtype.legacy}) must have the same scalar "
            "type"
        )
    need_indices(index.array, input.array.shape[dim] if input.ndim else 1, dim)
    return _index_add(input, index, source, dim=dim, alpha=alpha)


@op(linear=True)
def _index_put_slices(x: Array, index: Array, source: Array, *, dim: int) -> Answer:
    key: tuple[Any, ...] = (*(slice(None),) * dim, np.atleast_1d(index))
    shape, full = x.shape, source.shape
    result = x.copy().reshape(shape or (1,))
    target = result[key].shape
    result[key] = source.reshape(target) if source.ndim else source

    def of_x(g: Array) -> Any:
        kept = g.copy().reshape(shape or (1,))
        kept[key] = 0
        return kept.reshape(shape)

    def of_source(g: Array) -> Any:
        if full:
            return g.reshape(shape or (1,))[key].reshape(full)
        filled = np.zeros(shape or (1,), np.bool_)  # a number counts once per place, however often that is named
        filled[key] = True
        return g.reshape(filled.shape)[filled].sum()

    return result.reshape(shape), (of_x, None, of_source)


def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """A copy with the number *value* at the places *index* of *dim*."""
    dim = wrap_dim(dim, input.ndim)
    _need_vector(index, "index_fill_")
    size = input.array.shape[dim] if input.ndim else 1
    need_indices(index.array, size, dim, IndexError, -size)
    if isinstance(value, Tensor) and value.ndim:
        raise RuntimeError(
            f"index_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.ndim} dimension(s)."
        )
    number = value if isinstance(value, Tensor) else wrap(np.asarray(value).astype(input.array.dtype))
    return _index_put_slices(input, index, number, dim=dim)


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """A copy with *source* at the places *index* of *dim*."""
    dim = wrap_dim(dim, input.ndim)
    _need_vector(index, "index_copy_")
    rows = source.array.shape[dim] if source.ndim else 1
    if index.array.size != rows:
        raise IndexError(
            f"index_copy_(): Number of indices ({index.array.size}) should be equal to source.size(dim) ({rows})"
        )
    need_indices(index.array, input.array.shape[dim] if input.ndim else 1, dim, IndexError)
    return _index_put_slices(input, index, source, dim=dim)
