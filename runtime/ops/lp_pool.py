"""Power-average pooling: `lp_pool1d`, `lp_pool2d`, `lp_pool3d`."""

from __future__ import annotations

from math import inf, prod

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .arithmetic import pow
from .avg_pool import avg_pool1d, avg_pool2d, avg_pool3d
from .conv import Ints
from .elementwise import abs, neg
from .max_pool import max_pool1d, max_pool2d, max_pool3d

__all__ = ["lp_pool1d", "lp_pool2d", "lp_pool3d"]

_AVERAGE = {1: avg_pool1d, 2: avg_pool2d, 3: avg_pool3d}
_MAXIMUM = {1: max_pool1d, 2: max_pool2d, 3: max_pool3d}


@op(name="lp_root")
def _root(mean: Array, *, count: int, norm_type: float) -> Answer:
    """``(count * mean) ** (1 / norm_type)``; the gradient is 0 where the mean is."""
    total = mean * count
    with np.errstate(invalid="ignore", divide="ignore"):
        y = total ** (1 / norm_type)

    def back(g: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            slope = y / total * (count / norm_type)
        return np.where(mean == 0, 0, g * slope)

    return y, back


def _pool(
    spatial: int, input: Tensor, norm_type: float, kernel_size: Ints, stride: Ints | None, ceil_mode: bool
) -> Tensor:
    pooled: Tensor
    if norm_type in (inf, -inf):
        size = abs(input) if norm_type > 0 else neg(abs(input))
        pooled = _MAXIMUM[spatial](size, kernel_size, stride, 0, 1, ceil_mode)
        return pooled if norm_type > 0 else neg(pooled)
    mean = _AVERAGE[spatial](pow(input, norm_type), kernel_size, stride, 0, ceil_mode)
    count = kernel_size**spatial if isinstance(kernel_size, int) else prod(kernel_size)
    return _root(mean, count=count, norm_type=norm_type)


def lp_pool1d(
    input: Tensor, norm_type: float, kernel_size: int, stride: Ints | None = None, ceil_mode: bool = False
) -> Tensor:
    """``(sum of x ** p) ** (1 / p)`` over every window of ``input`` (N, C, L) or (C, L)."""
    return _pool(1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(
    input: Tensor, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
) -> Tensor:
    """``(sum of x ** p) ** (1 / p)`` over every window of ``input`` (N, C, H, W) or (C, H, W)."""
    return _pool(2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(
    input: Tensor, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
) -> Tensor:
    """``(sum of x ** p) ** (1 / p)`` over every window of ``input`` (N, C, D, H, W) or (C, D, H, W)."""
    return _pool(3, input, norm_type, kernel_size, stride, ceil_mode)
