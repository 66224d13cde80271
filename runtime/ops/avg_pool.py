"""Average pooling in one, two and three dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import Op, op
from ..tensor import Tensor
from .conv import Ints
from .pool_shape import Windows, normalised, windows_over
from .windows import Index, pooled, widened

__all__ = ["avg_pool1d", "avg_pool2d", "avg_pool3d"]


def counts(size: tuple[int, ...], win: Windows, padding_too: bool) -> Array:
    """How many elements each window averages: those inside the input, or inside the input and its padding.

    What ceil_mode hangs over beyond the padding never counts.
    """
    total = np.ones((1,) * len(size), np.int64)
    for axis, (n, k, s, p, o) in enumerate(zip(size, win.kernel, win.stride, win.padding, win.out, strict=True)):
        start = np.arange(o) * s - p
        end = np.minimum(start + k, n + p)
        if not padding_too:
            start, end = np.maximum(start, 0), np.minimum(end, n)
        total = total * (end - start).reshape(-1, *[1] * (len(size) - axis - 1))
    return total


def spread_along(g: Array, axis: int, win: Windows, which: int, wide: int) -> Array:
    """Adjoint of summing windows along one ``axis``: to ``wide`` elements."""
    kernel, stride, out = win.kernel[which], win.stride[which], win.out[which]
    lead: Index = (slice(None),) * axis
    span = (out - 1) * stride + 1
    dx = np.zeros((*g.shape[:axis], wide, *g.shape[axis + 1 :]), g.dtype)
    for tap in range(kernel):
        if stride >= kernel:
            dx[(*lead, slice(tap, tap + span, stride))] = g
        else:
            dx[(*lead, slice(tap, tap + span, stride))] += g
    return dx


def avg_pool(x: Array, win: Windows, padding_too: bool, divisor: int | None) -> Answer:
    """Sum of every window over its count, or over ``divisor``."""
    spatial = len(win.kernel)
    size, first = x.shape[-spatial:], x.ndim - spatial
    share = np.asarray(divisor) if divisor else counts(size, win, padding_too)
    sides = win.overhang(size)
    total = pooled(widened(x, win, 0), win, np.add)
    if x.dtype.kind != "f":
        return np.sign(total) * (np.abs(total) // share), None  # towards zero, as C divides
    share = share.astype(x.dtype)

    def to_input(g: Array) -> Array:
        g = g / share
        for which, (lo, hi) in enumerate(sides):
            g = spread_along(g, first + which, win, which, size[which] + lo + hi)
        crop: Index = (..., *(slice(lo, lo + n) for n, (lo, _) in zip(size, sides, strict=True)))
        return g[crop]

    return total / share, to_input


def _op(spatial: int) -> Op[Tensor]:
    @op(name=f"avg_pool{spatial}d", linear=True)
    def body(x: Array, *, count_include_pad: bool, divisor_override: int | None = None, **static: Any) -> Answer:
        return avg_pool(x, windows_over(x.shape[-spatial:], **static), count_include_pad, divisor_override)

    return body


_AVG = {spatial: _op(spatial) for spatial in (1, 2, 3)}


def _pool(
    spatial: int,
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None,
    padding: Ints,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None = None,
) -> Tensor:
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    name = f"avg_pool{spatial}d"
    static = normalised(name, input, spatial, (kernel_size, stride, padding, 1), ceil_mode)
    del static["dilation"]
    if input.dtype.name != "int64" and not input.dtype.is_floating_point:
        raise NotImplementedError(f"\"{name}\" not implemented for '{input.dtype.legacy}'")
    return _AVG[spatial](input, count_include_pad=count_include_pad, divisor_override=divisor_override, **static)


def avg_pool1d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Mean of every window of ``input`` (N, C, L) or (C, L): (N, C, L')."""
    return _pool(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad)


def avg_pool2d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Mean of every window of ``input`` (N, C, H, W) or (C, H, W), or its sum over ``divisor_override``."""
    return _pool(2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def avg_pool3d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Mean of every window of ``input`` (N, C, D, H, W) or (C, D, H, W), or its sum over ``divisor_override``."""
    return _pool(3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
