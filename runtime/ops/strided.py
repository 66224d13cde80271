"""Views by other strides: sliding windows, diagonals, as_strided; and what is built from diagonals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided as strided
from numpy.lib.stride_tricks import sliding_window_view

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .dims import wrap_dim
from .memory import storage_offset as own_offset
from .out import deliver
from .shape import flatten


@op(linear=True)
def _unfold(x: Array, *, dimension: int, size: int, step: int) -> Answer:
    shape = x.shape or (1,)
    rank = x.ndim
    lead = (slice(None),) * dimension
    value = sliding_window_view(x.reshape(shape), size, dimension, writeable=True)[(*lead, slice(None, None, step))]

    def pullback(g: Array) -> Any:
        back = np.zeros(shape, g.dtype)
        g = g if rank else g[None]
        count = g.shape[dimension]
        for offset in range(size):
            back[(*lead, slice(offset, offset + (count - 1) * step + 1, step))] += g[..., offset]
        return back if rank else back[0]

    return (value if rank else value[0]), pullback


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """`Tensor.unfold`: windows of *size* along *dimension*, every *step*, in a new last dimension."""
    dimension = wrap_dim(dimension, input.ndim)
    have = input.array.shape[dimension] if input.ndim else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > have:
        raise RuntimeError(f"maximum size for tensor at dimension {dimension} is {have} but size is {size}")
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    return _unfold(input, dimension=dimension, size=size, step=step)


@op(linear=True)
def _as_strided(x: Array, *, size: tuple[int, ...], stride: tuple[int, ...], storage_offset: int) -> Answer:
    flat = x.reshape(-1)
    steps = tuple(step * x.itemsize for step in stride)
    places = strided(np.arange(flat.size)[storage_offset:], size, tuple(step * 8 for step in stride))
    shape = x.shape

    def pullback(g: Array) -> Any:
        back = np.zeros(flat.size, g.dtype)
        np.add.at(back, places, g)
        return back.reshape(shape)

    return strided(flat[storage_offset:], size, steps), pullback


def as_strided(input: Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Tensor:
    """A view of the memory that *input* lies in, with any sizes and strides; RuntimeError beyond its end."""
    sizes, strides = tuple(size), tuple(stride)
    start = own_offset(input) if storage_offset is None else storage_offset
    input = input if input._base is None else input._base
    if len(sizes) != len(strides):
        raise RuntimeError("mismatch in length of strides and shape")
    last = start + sum((n - 1) * step for n, step in zip(sizes, strides, strict=True))
    if 0 not in sizes and last >= input.array.size:
        raise RuntimeError(
            f"setStorage: sizes {list(sizes)}, strides {list(strides)}, storage offset {start}, and itemsize "
            f"{input.array.itemsize} requiring a storage size of {(last + 1) * input.array.itemsize} are out of bounds "
            f"for storage of size {input.array.nbytes}"
        )
    return _as_strided(input, size=sizes, stride=strides, storage_offset=start)


@op(linear=True)
def _diagonal(x: Array, *, offset: int, dim1: int, dim2: int) -> Answer:
    shape = x.shape
    value = np.diagonal(x, offset, dim1, dim2)
    if x.flags.writeable:
        value = writable(x, offset, dim1, dim2)

    def pullback(g: Array) -> Any:
        back = np.zeros(shape, g.dtype)
        writable(back, offset, dim1, dim2)[...] = g
        return back

    return value, pullback


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonal of two dimensions as the last one: a view."""
    one, other = wrap_dim(dim1, input.ndim), wrap_dim(dim2, input.ndim)
    if one == other:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return _diagonal(input, offset=offset, dim1=one, dim2=other)


@op(linear=True)
def _diag_embed(x: Array, *, offset: int, dim1: int, dim2: int) -> Answer:
    size = x.shape[-1] + abs(offset)
    value = np.zeros((*x.shape[:-1], size, size), x.dtype)
    result = np.moveaxis(value, (-2, -1), (dim1, dim2))
    writable(result, offset, dim1, dim2)[...] = x
    return result, lambda g: np.diagonal(g, offset, dim1, dim2)


def writable(x: Array, offset: int, dim1: int, dim2: int) -> Array:
    """np.diagonal without its write protection."""
    view = np.diagonal(x, offset, dim1, dim2)
    view.flags.writeable = True
    return view


def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The last dimension as the diagonal of two dimensions of a tensor of zeros."""
    one, other = wrap_dim(dim1, input.ndim + 1), wrap_dim(dim2, input.ndim + 1)
    if one == other:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return _diag_embed(input, offset=offset, dim1=one, dim2=other)


def diag(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
    """A square matrix from its diagonal, or the diagonal of a matrix (a copy)."""
    if input.ndim == 1:
        return deliver(_diag_embed(input, offset=diagonal, dim1=0, dim2=1), out, "diag")
    if input.ndim != 2:
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    return deliver(_diag_of(input, offset=diagonal), out, "diag")


@op(name="diag", linear=True)
def _diag_of(x: Array, *, offset: int) -> Answer:
    shape = x.shape

    def pullback(g: Array) -> Any:
        back = np.zeros(shape, g.dtype)
        writable(back, offset, 0, 1)[...] = g
        return back

    return np.diagonal(x, offset).copy(), pullback


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """A square matrix with all elements of *input* on its diagonal."""
    return diag(flatten(input), offset)


@op(layout="rows", linear=True)
def _tril(x: Array, *, diagonal: int) -> Answer:
    return np.tril(x, diagonal), lambda g: np.tril(g, diagonal)


@op(layout="rows", linear=True)
def _triu(x: Array, *, diagonal: int) -> Answer:
    return np.triu(x, diagonal), lambda g: np.triu(g, diagonal)


def tril(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The lower triangle of the last two dimensions, zeros above."""
    if input.ndim < 2:
        raise RuntimeError("tril: input tensor must have at least 2 dimensions")
    return deliver(_tril(input, diagonal=diagonal), out, "tril")


def triu(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The upper triangle of the last two dimensions, zeros below."""
    if input.ndim < 2:
        raise RuntimeError("triu: input tensor must have at least 2 dimensions")
    return deliver(_triu(input, diagonal=diagonal), out, "triu")
