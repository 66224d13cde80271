"""Views: the same elements under another shape or order of dimensions, sharing memory with the input."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..array import Answer, Array, owner
from ..autograd import op
from ..dtypes import dtype
from ..size import Size
from ..tensor import Tensor
from .dims import sizes_of, varargs, wrap_dim, wrap_dims

# The same elements in another shape


def resolved(sizes: tuple[int, ...], count: int) -> tuple[int, ...]:
    """*sizes* with −1 solved for *count* elements; RuntimeError if they do not fit."""
    fault = RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {count}")
    unknown = [i for i, size in enumerate(sizes) if size == -1]
    if len(unknown) > 1:
        raise RuntimeError("only one dimension can be inferred")
    for size in sizes:
        if size < -1:
            raise RuntimeError(f"invalid shape dimension {size}")
    known = math.prod(size for size in sizes if size != -1)
    if not unknown:
        if known != count:
            raise fault
        return sizes
    if known == 0:
        if count:
            raise fault
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(sizes)} because the unspecified dimension size -1 "
            "can be any value and is ambiguous"
        )
    if count % known:
        raise fault
    return tuple(count // known if size == -1 else size for size in sizes)


@op
def _view(x: Array, *, size: tuple[int, ...]) -> Answer:
    shape = x.shape
    value = x.reshape(size)
    if x.size and owner(value) is not owner(x):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead."
        )
    return value, lambda g: g.reshape(shape)


@op
def _reshape(x: Array, *, shape: tuple[int, ...]) -> Answer:
    before = x.shape
    return x.reshape(shape), lambda g: g.reshape(before)


@op
def _view_dtype(x: Array, *, dtype: dtype) -> Answer:
    return x.view(dtype.storage), None


def view(input: Tensor, *shape: Any, dtype: dtype | None = None) -> Tensor:
    """The same memory under another shape, or its bits as another dtype; RuntimeError if strides do not allow it."""
    if dtype is not None or (len(shape) == 1 and hasattr(shape[0], "storage")):
        return _view_dtype(input, dtype=dtype or shape[0])
    return _view(input, size=resolved(sizes_of(shape), input.array.size))


def reshape(input: Tensor, *shape: Any, **named: Any) -> Tensor:
    """The same elements under another shape; a view where strides allow it."""
    sizes = sizes_of((named["shape"],) if "shape" in named else shape)
    return _reshape(input, shape=resolved(sizes, input.array.size))


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """input.view(other.size())."""
    return view(input, other.shape)


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """input.reshape(other.size())."""
    return reshape(input, other.shape)


def ravel(input: Tensor) -> Tensor:
    """All elements in a row."""
    return reshape(input, -1)


@op
def _flatten(x: Array, *, start_dim: int, end_dim: int) -> Answer:
    before = x.shape
    if not before:
        return x.reshape(1), lambda g: g.reshape(())
    merged = math.prod(before[start_dim : end_dim + 1])
    return x.reshape((*before[:start_dim], merged, *before[end_dim + 1 :])), lambda g: g.reshape(before)


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Dimensions *start_dim* to *end_dim* merged into one."""
    start, end = wrap_dim(start_dim, input.ndim), wrap_dim(end_dim, input.ndim)
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if start == end and input.ndim:
        return input
    return _flatten(input, start_dim=start, end_dim=end)


def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """Dimension *dim* split into *sizes*, one of which may be −1."""
    dim = wrap_dim(dim, input.ndim)
    parts = sizes_of((sizes,))
    if not parts:
        raise RuntimeError("unflatten: sizes must be non-empty")
    shape = input.array.shape
    try:
        solved = resolved(parts, shape[dim])
    except RuntimeError:
        raise RuntimeError(
            f"unflatten: Provided sizes {list(parts)} don't multiply up to the size of dim {dim} ({shape[dim]}) "
            "in the input tensor"
        ) from None
    return view(input, (*shape[:dim], *solved, *shape[dim + 1 :]))


# Dimensions of size one


@op
def _squeeze(x: Array, *, dim: tuple[int, ...]) -> Answer:
    before = x.shape
    return x.squeeze(dim), lambda g: g.reshape(before)


def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Without the dimensions of size 1: all, or those of *dim* that are."""
    axes = wrap_dims(dim, input.ndim)
    return _squeeze(input, dim=tuple(axis for axis in axes if input.ndim and input.array.shape[axis] == 1))


@op
def _unsqueeze(x: Array, *, dim: int) -> Answer:
    return np.expand_dims(x, dim), lambda g: g.squeeze(dim)


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """With a dimension of size 1 put in at *dim*."""
    return _unsqueeze(input, dim=wrap_dim(dim, input.ndim + 1))


# Broadcasting


@op
def _expand(x: Array, *, size: tuple[int, ...]) -> Answer:
    return np.broadcast_to(x, size), lambda g: g  # the engine sums over what was expanded


def expand(input: Tensor, *size: Any, **named: Any) -> Tensor:
    """Dimensions of size 1 repeated to *size* without copying; −1 keeps a dimension."""
    named.pop("implicit", None)
    wanted = sizes_of((named["size"],) if "size" in named else size)
    have = input.array.shape
    if len(wanted) < len(have):
        raise RuntimeError(
            f"expand(torch.{input.dtype.legacy}Tensor{{{list(have)}}}, size={list(wanted)}): the number of sizes "
            f"provided ({len(wanted)}) must be greater or equal to the number of dimensions in the tensor ({len(have)})"
        )
    full: list[int] = []
    for at, size_ in enumerate(wanted):
        mine = have[at - len(wanted) + len(have)] if at >= len(wanted) - len(have) else None
        if size_ == -1:
            if mine is None:
                raise RuntimeError(
                    f"The expanded size of the tensor ({size_}) isn't allowed in a leading, non-existing dimension {at}"
                )
            full.append(mine)
        elif mine not in (None, 1, size_):
            raise RuntimeError(
                f"The expanded size of the tensor ({size_}) must match the existing size ({mine}) at non-singleton "
                f"dimension {at}.  Target sizes: {list(wanted)}.  Tensor sizes: {list(have)}"
            )
        else:
            full.append(size_)
    return _expand(input, size=tuple(full))


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """input.expand(other.size())."""
    return expand(input, other.shape)


def broadcast_to(input: Tensor, size: Any) -> Tensor:
    """input.expand(size)."""
    return expand(input, size)


def broadcast_shapes(*shapes: Any) -> tuple[int, ...]:
    """The shape that all *shapes* broadcast to; RuntimeError if there is none."""
    try:
        return Size(np.broadcast_shapes(*((one,) if isinstance(one, int) else tuple(one) for one in shapes)))
    except ValueError:
        raise RuntimeError(
            "Shape mismatch: objects cannot be broadcast to a single shape: " + ", ".join(map(str, shapes))
        ) from None


def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """All expanded to their common shape."""
    several = varargs(tensors)
    shape = broadcast_shapes(*(one.shape for one in several))
    return tuple(expand(one, shape) for one in several)
