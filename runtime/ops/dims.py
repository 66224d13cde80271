"""Dimension arguments: wrapping negative ones, sizes given as a tuple or one by one, torch's errors for both."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any


def wrap_dim(dim: Any, rank: int) -> int:
    """*dim* counted from the front; IndexError out of range. A 0-d tensor has dimension 0 and -1 too."""
    at = operator.index(dim)
    limit = max(rank, 1)
    if not -limit <= at < limit:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], but got {at})")
    return at + limit if at < 0 else at


def wrap_dims(dims: Any, rank: int) -> tuple[int, ...]:
    """One dim, several, or None for all, counted from the front; RuntimeError for one named twice."""
    if dims is None:
        return tuple(range(rank))
    if not isinstance(dims, Sequence):
        return (wrap_dim(dims, rank),)
    wrapped = tuple(wrap_dim(dim, rank) for dim in dims)
    for position, dim in enumerate(wrapped):
        if dim in wrapped[:position]:
            raise RuntimeError(f"dim {dim} appears multiple times in the list of dims")
    return wrapped


def axes_of(dims: Any, rank: int) -> tuple[int, ...]:
    """The numpy axes a reduction runs over: all for None and for ``()``; none for a 0-d tensor."""
    if isinstance(dims, Sequence) and not dims:
        dims = None
    axes = wrap_dims(dims, rank)
    return axes if rank else ()


def varargs(sizes: tuple[Any, ...]) -> tuple[Any, ...]:
    """What ``f(2, 3)``, ``f((2, 3))`` and ``f(torch.Size([2, 3]))`` have in common: ``(2, 3)``."""
    if len(sizes) == 1 and isinstance(sizes[0], Sequence):
        return tuple(sizes[0])
    return sizes


def sizes_of(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """Sizes given as varargs or as one sequence, as plain ints (0-d integer tensors included)."""
    return tuple(operator.index(size) for size in varargs(sizes))
