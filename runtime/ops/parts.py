"""Views of a part of a tensor, or of all its parts: narrow, select, split, chunk, unbind."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Answers, Array
from ..autograd import op
from ..dtypes import INTEGER
from ..tensor import Tensor
from .dims import wrap_dim


@op(linear=True)
def _narrow(x: Array, *, dim: int, start: int, length: int) -> Answer:
    shape = x.shape
    window: tuple[Any, ...] = (*(slice(None),) * dim, slice(start, start + length))

    def pullback(g: Array) -> Any:
        back = np.zeros(shape, g.dtype)
        back[window] = g
        return back

    return x[window], pullback


def narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    """*length* places of *dim* from *start* on."""
    if not input.ndim:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if isinstance(start, Tensor) and (start.ndim or start.dtype.category != INTEGER):
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    dim, start = wrap_dim(dim, input.ndim), int(start)
    size = input.array.shape[dim]
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -size <= start <= size:
        raise IndexError(f"start out of range (expected to be in range of [{-size}, {size}], but got {start})")
    start = start + size if start < 0 else start
    if start + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return _narrow(input, dim=dim, start=start, length=length)


@op(linear=True)
def _select(x: Array, *, dim: int, index: int) -> Answer:
    shape = x.shape
    place: tuple[Any, ...] = (*(slice(None),) * dim, index, ...)

    def pullback(g: Array) -> Any:
        back = np.zeros(shape, g.dtype)
        back[place] = g
        return back

    return x[place], pullback


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """Place *index* of *dim*, which disappears."""
    if not input.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim, index = wrap_dim(dim, input.ndim), int(index)
    size = input.array.shape[dim]
    if not -size <= index < size:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(input.array.shape)} at dimension {dim}"
        )
    return _select(input, dim=dim, index=index % size)


# Several parts


def _several(g: Any) -> tuple[Array, ...]:
    """The gradients of all parts; the engine hands a single one over bare."""
    return g if isinstance(g, tuple) else (g,)


@op(linear=True)
def _split(x: Array, *, sizes: tuple[int, ...], dim: int) -> Answers:
    ends = np.cumsum(sizes).tolist()
    lead = (slice(None),) * dim
    parts = tuple(x[(*lead, slice(end - size, end))] for size, end in zip(sizes, ends, strict=True))
    return parts, lambda g: np.concatenate(_several(g), dim)


def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of that size along *dim*, the last smaller; or of the sizes listed."""
    dim = wrap_dim(dim, tensor.ndim)
    if not tensor.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    size = tensor.array.shape[dim]
    if isinstance(split_size_or_sections, (list, tuple)):
        return split_with_sizes(tensor, split_size_or_sections, dim)
    step = int(split_size_or_sections)
    if step < 0:
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={step}")
    if step == 0:
        if size:
            raise RuntimeError(f"split_size can only be 0 if dimension size is 0, but got dimension size of {size}")
        return _split(tensor, sizes=(0,), dim=dim)
    sizes = [min(step, size - start) for start in range(0, size, step)] or [0]
    return _split(tensor, sizes=tuple(sizes), dim=dim)


def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of the sizes listed; RuntimeError unless they add up."""
    dim, sizes = wrap_dim(dim, input.ndim), tuple(int(size) for size in split_sizes)
    size = input.array.shape[dim]
    if sum(sizes) != size or min(sizes, default=0) < 0:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {size} (input tensor's size at dimension {dim}), "
            f"but got split_sizes={list(sizes)}"
        )
    return _split(input, sizes=sizes, dim=dim)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most *chunks* views of equal size along *dim*, the last smaller."""
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    if not input.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    dim = wrap_dim(dim, input.ndim)
    size = input.array.shape[dim]
    if not size:
        return _split(input, sizes=(0,) * chunks, dim=dim)
    return split(input, -(-size // chunks), dim)


def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """numpy's array_split: so many parts of nearly equal size, or cut at the places listed."""
    dim = wrap_dim(dim, input.ndim)
    if isinstance(indices_or_sections, Tensor):
        indices_or_sections = indices_or_sections.array.tolist()
    size = input.array.shape[dim]
    if isinstance(indices_or_sections, int):
        if indices_or_sections <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {indices_or_sections}")
        small, larger = divmod(size, indices_or_sections)
        cuts = [small * i + min(i, larger) for i in range(1, indices_or_sections)]
    else:
        cuts = [int(cut) for cut in indices_or_sections]
    parts = []
    for start, end in zip([0, *cuts], [*cuts, size], strict=True):
        low, high, _ = slice(start, end).indices(size)
        parts.append(_narrow(input, dim=dim, start=low, length=max(high - low, 0)))
    return tuple(parts)


def _pieces(x: Tensor, parts: Any, dim: int, name: str, rank: int) -> tuple[Tensor, ...]:
    if x.ndim < rank:
        raise RuntimeError(
            f"torch.{name} requires a tensor with at least {rank} dimension, but got a tensor with {x.ndim} dimensions!"
        )
    if not isinstance(parts, (int, list, tuple)):
        raise TypeError(f"{name}() received an invalid combination of arguments - got (Tensor, {type(parts).__name__})")
    if isinstance(parts, int) and (parts <= 0 or x.array.shape[dim] % parts):
        raise RuntimeError(
            f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension "
            f"{x.array.shape[dim]} is not divisible by the split_size {parts}!"
        )
    return tensor_split(x, parts, dim)


def hsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Equal parts along dimension 1 (0 of a vector)."""
    return _pieces(input, indices_or_sections, 0 if input.ndim == 1 else 1, "hsplit", 1)


def vsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Equal parts along dimension 0."""
    return _pieces(input, indices_or_sections, 0, "vsplit", 2)


def dsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Equal parts along dimension 2."""
    return _pieces(input, indices_or_sections, 2, "dsplit", 3)


@op(linear=True)
def _unbind(x: Array, *, dim: int) -> Answers:
    lead: tuple[Any, ...] = (slice(None),) * dim
    return tuple(x[(*lead, i, ...)] for i in range(x.shape[dim])), lambda g: np.stack(_several(g), dim)


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """One view per place of *dim*."""
    if not input.ndim:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return _unbind(input, dim=wrap_dim(dim, input.ndim))
