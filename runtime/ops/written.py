"""Copies with one part replaced, the functional twins of writing through a view: select_scatter and its kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .dims import wrap_dim
from .strided import writable


def _written(x: Array, src: Array, part: Callable[[Array], Array]) -> Answer:
    """*x* with ``part(x)`` replaced by *src*, which must have its shape."""
    result = x.copy()
    target = part(result)
    if target.shape != src.shape:
        raise RuntimeError(
            f"expected src to have a size equal to the slice of self. src size = {list(src.shape)}, slice size = "
            f"{list(target.shape)}"
        )
    target[...] = src

    def of_x(g: Array) -> Any:
        kept = g.copy()
        part(kept)[...] = 0
        return kept

    return result, (of_x, part)


@op(linear=True)
def _select_scatter(x: Array, src: Array, *, dim: int, index: int) -> Answer:
    place: tuple[Any, ...] = (*(slice(None),) * dim, index, ...)
    return _written(x, src, lambda whole: whole[place])


def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """A copy with place *index* of *dim* replaced."""
    return _select_scatter(input, src, dim=wrap_dim(dim, input.ndim), index=index)


@op(linear=True)
def _slice_scatter(x: Array, src: Array, *, dim: int, bounds: tuple[Any, Any, int]) -> Answer:
    place: tuple[Any, ...] = (*(slice(None),) * dim, slice(*bounds))
    return _written(x, src, lambda whole: whole[place])


def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """A copy with ``start:end:step`` of *dim* replaced."""
    return _slice_scatter(input, src, dim=wrap_dim(dim, input.ndim), bounds=(start, end, step))


@op(linear=True)
def _diagonal_scatter(x: Array, src: Array, *, offset: int, dim1: int, dim2: int) -> Answer:
    def part(whole: Array) -> Array:
        return writable(whole, offset, dim1, dim2) if whole.flags.writeable else np.diagonal(whole, offset, dim1, dim2)

    return _written(x, src, part)


def diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A copy with a diagonal replaced."""
    return _diagonal_scatter(
        input, src, offset=offset, dim1=wrap_dim(dim1, input.ndim), dim2=wrap_dim(dim2, input.ndim)
    )
