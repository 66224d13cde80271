"""Max pooling in one, two and three dimensions, with and without indices."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Answers, Array
from ..autograd import Op, op
from ..tensor import Tensor
from .conv import Ints
from .pool_shape import Windows, normalised, windows_over
from .windows import flat_positions, lowest, max_indices, pooled, spread_to_winners, widened

__all__ = [
    "max_pool1d",
    "max_pool1d_with_indices",
    "max_pool2d",
    "max_pool2d_with_indices",
    "max_pool3d",
    "max_pool3d_with_indices",
]


def max_pool(x: Array, win: Windows) -> Answer:
    """Values only; which tap won is found again when gradients are wanted."""
    y = pooled(widened(x, win, lowest(x.dtype)), win, np.maximum)
    return y, lambda g: spread_to_winners(g, max_indices(x, win)[1], x.shape[-len(win.kernel) :], win)


def max_pool_with_indices(x: Array, win: Windows) -> Answers:
    """Values and their positions in the flattened input planes."""
    size = x.shape[-len(win.kernel) :]
    y, number = max_indices(x, win)
    return (y, flat_positions(number, size, win)), lambda g: spread_to_winners(
        g[0] if isinstance(g, tuple) else g, number, size, win
    )


def _values_op(spatial: int) -> Op[Tensor]:
    @op(name=f"max_pool{spatial}d")
    def body(x: Array, **static: Any) -> Answer:
        return max_pool(x, windows_over(x.shape[-spatial:], **static))

    return body


def _indices_op(spatial: int) -> Op[tuple[Tensor, ...]]:
    @op(name=f"max_pool{spatial}d_with_indices")
    def body(x: Array, **static: Any) -> Answers:
        return max_pool_with_indices(x, windows_over(x.shape[-spatial:], **static))

    return body


_VALUES = {spatial: _values_op(spatial) for spatial in (1, 2, 3)}
_INDICES = {spatial: _indices_op(spatial) for spatial in (1, 2, 3)}


def _pool(spatial: int, input: Tensor, *arguments: Any, ceil_mode: bool, return_indices: bool) -> Any:
    name = f"max_pool{spatial}d"
    if input.dtype.name == "bool" or input.dtype.is_complex:
        raise NotImplementedError(f"\"{name}\" not implemented for '{input.dtype.legacy}'")
    static = normalised(name, input, spatial, arguments, ceil_mode, return_indices)
    if return_indices:
        return _INDICES[spatial](input, **static)
    return _VALUES[spatial](input, **static)


def max_pool1d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Maximum of every window of ``input`` (N, C, L) or (C, L): (N, C, L'), and where it was if ``return_indices``."""
    return _pool(1, input, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode, return_indices=return_indices)


def max_pool2d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Maximum of every window of ``input`` (N, C, H, W) or (C, H, W); indices count through the plane H * W."""
    return _pool(2, input, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode, return_indices=return_indices)


def max_pool3d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Maximum of every window of ``input`` (N, C, D, H, W) or (C, D, H, W); indices count through D * H * W."""
    return _pool(3, input, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode, return_indices=return_indices)


def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool1d` that always gives indices."""
    found: tuple[Tensor, Tensor] = max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, True)
    return found


def max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool2d` that always gives indices."""
    found: tuple[Tensor, Tensor] = max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, True)
    return found


def max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool3d` that always gives indices."""
    found: tuple[Tensor, Tensor] = max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode, True)
    return found
