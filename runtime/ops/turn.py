"""Turning tensors about: flip, roll, rot90. Copies, as in torch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .dims import sizes_of, wrap_dim, wrap_dims


@op(layout="first", linear=True)
def _flip(x: Array, *, dims: tuple[int, ...]) -> Answer:
    return np.flip(x, dims).copy(), lambda g: np.flip(g, dims)


def flip(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """Reversed along *dims*."""
    axes = wrap_dims(sizes_of((named["dims"],) if "dims" in named else dims), input.ndim)
    return _flip(input, dims=axes if input.ndim else ())


def fliplr(input: Tensor) -> Tensor:
    """Reversed along dimension 1."""
    if input.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flip(input, 1)


def flipud(input: Tensor) -> Tensor:
    """Reversed along dimension 0."""
    if input.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return flip(input, 0)


@op(layout="rows", linear=True)
def _roll(x: Array, *, shifts: tuple[int, ...], dims: tuple[int, ...] | None) -> Answer:
    back = tuple(-shift for shift in shifts)
    if dims is None:
        return np.roll(x, shifts), lambda g: np.roll(g, back)
    return np.roll(x, shifts, dims), lambda g: np.roll(g, back, dims)


def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    """Moved along *dims* by *shifts*, round the end; flattened without dims."""
    steps = sizes_of((shifts,))
    if not steps:
        raise RuntimeError("`shifts` required")
    if dims is None or dims == ():
        if len(steps) != 1:
            raise RuntimeError(f"shifts and dimensions must align. shifts: {len(steps)}, dims:0")
        return _roll(input, shifts=steps, dims=None)
    axes = tuple(wrap_dim(dim, input.ndim) for dim in sizes_of((dims,)))
    if len(axes) != len(steps):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(steps)}, dims:{len(axes)}")
    if not input.ndim:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return _roll(input, shifts=steps, dims=axes)


@op(linear=True)
def _rot90(x: Array, *, k: int, dims: tuple[int, int]) -> Answer:
    return np.rot90(x, k, dims).copy(), lambda g: np.rot90(g, -k, dims)


def rot90(input: Tensor, k: int = 1, dims: Any = (0, 1)) -> Tensor:
    """Turned by *k* right angles in the plane of two dimensions."""
    axes = sizes_of((dims,))
    if len(axes) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(axes)}")
    if input.ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {input.ndim}")
    first, second = (wrap_dim(axis, input.ndim) for axis in axes)
    if first == second:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {axes[0]} and dim1 = {axes[1]}")
    return _rot90(input, k=k, dims=(first, second))
