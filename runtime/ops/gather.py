"""Picking along one dimension, element by element: gather, take_along_dim."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .accumulate import added_at
from .dims import wrap_dim
from .out import same_dtype, takes_out
from .shape import broadcast_shapes, expand, reshape

INDEX_KINDS = (np.int64, np.int32)


def along(index: Array, dim: int) -> tuple[Any, ...]:
    """The numpy key of all places that *index* names along *dim*."""
    key: list[Any] = list(np.ogrid[tuple(slice(size) for size in index.shape)])
    key[dim] = index
    return tuple(key)


def need_indices(index: Array, size: int, dim: int, error: type[Exception] = RuntimeError, low: int = 0) -> None:
    """*error* for an index outside [low, size)."""
    outside = (index < low) | (index >= size)
    if outside.any():
        bad = int(np.ravel(index)[np.argmax(outside)])
        raise error(f"index {bad} is out of bounds for dimension {dim} with size {size}")


@op(linear=True)
def _gather(x: Array, index: Array, *, dim: int) -> Answer:
    shape = x.shape
    if not shape:
        return x.reshape(index.shape).copy(), (lambda g: g.reshape(shape), None)
    index = index.astype(np.int64, copy=False)
    if not index.ndim:
        index = index.reshape(1)
        return x[index[0]].reshape(()), (lambda g: added_at(shape, (index,), g.reshape(1)), None)
    if not index.size:
        return np.empty(index.shape, x.dtype), (lambda g: np.zeros(shape, g.dtype), None)
    key = along(index, dim)
    return x[key], (lambda g: added_at(shape, key, g), None)


def need_index(x: Tensor, dim: int, index: Tensor, name: str) -> None:
    if index.array.dtype not in INDEX_KINDS and index.array.size:
        wanted = "int32/int64" if name in ("gather", "scatter") else "int64"
        raise RuntimeError(f"{name}(): Expected dtype {wanted} for index")
    if max(index.ndim, 1) != max(x.ndim, 1) and index.array.size:
        whose = "self" if name == "scatter" else "input"
        raise RuntimeError(f"Index tensor must have the same number of dimensions as {whose} tensor")


def need_places(x: Tensor, dim: int, index: Tensor) -> None:
    """RuntimeError for an index that is no place of *dim*."""
    if x.ndim and index.array.size:
        need_indices(index.array, x.array.shape[dim], dim)


@takes_out(check=same_dtype)
def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
    """out[i][j] = input[index[i][j]][j] for dim 0: picks along *dim*; the result has the shape of *index*."""
    dim = wrap_dim(dim, input.ndim)
    need_index(input, dim, index, "gather")
    for at, (have, wanted) in enumerate(zip(input.array.shape, index.array.shape, strict=False)):
        if at != dim and wanted > have:
            raise RuntimeError(
                f"Size does not match at dimension {at} expected index {list(index.array.shape)} to be no larger than "
                f"self {list(input.array.shape)} apart from dimension {dim}"
            )
    need_places(input, dim, index)
    return _gather(input, index, dim=dim)


@op
def _wrapped(index: Array, *, size: int) -> Answer:
    return np.where(index < 0, index + size, index), None


@takes_out
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """`gather` with broadcasting; the flattened input without *dim*."""
    if dim is None:
        return gather(reshape(input, -1), 0, _wrapped(reshape(indices, -1), size=input.array.size))
    dim = wrap_dim(dim, input.ndim)
    if input.ndim != indices.ndim:
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
            f"{input.ndim} dimensions for input, and {indices.ndim} dimensions for indices"
        )
    one = (1,)
    shapes = (x.array.shape for x in (input, indices))
    common = broadcast_shapes(*(shape[:dim] + one + shape[dim + 1 :] for shape in shapes))
    wide, places = (expand(x, *common[:dim], x.array.shape[dim], *common[dim + 1 :]) for x in (input, indices))
    return gather(wide, dim, _wrapped(places, size=input.array.shape[dim]))
