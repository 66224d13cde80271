"""Draws of floating numbers other than the normal ones: uniform, exponential, Cauchy, log-normal."""

from __future__ import annotations

import math

import numpy as np

from ..array import Array
from . import libm
from .box_muller import narrow, standard_pairs
from .fill import fill
from .fused import fma32, fma64
from .mersenne import Mersenne


def uniform(stream: Mersenne, target: Array, low: float, high: float) -> None:
    """Fills a floating array from [low, high): one word per float32 or half, two per float64.

    A number that rounds to `high` becomes `low`.
    """
    if not target.size:
        return
    if target.dtype == np.float64:
        values = fma64(stream.u64(target.size), high - low, low)
    else:
        start, end = np.float32(low), np.float32(high)
        values = stream.u32(target.size)
        if start == 0:
            values *= end
        else:
            values = fma32(values.astype(np.float64), float(end - start), float(start))
        values = values.astype(target.dtype, copy=False)
    last = target.dtype.type(high)
    reached = values == last
    if reached.any():
        values[reached] = target.dtype.type(low)
    fill(target, values)


def exponential(stream: Mersenne, target: Array, rate: float) -> None:
    """Fills a floating array with −ln(1 − u) / rate."""
    if target.size:
        fill(target, narrow(-1.0 / rate * libm.log1p(-stream.u64(target.size)), target.dtype))


def cauchy(stream: Mersenne, target: Array, median: float, sigma: float) -> None:
    """Fills a floating array with median + sigma·tan(π(u − ½))."""
    if target.size:
        tangent = libm.tan(math.pi * (stream.u64(target.size) - 0.5))
        fill(target, narrow(fma64(tangent, sigma, median), target.dtype))


def log_normal(stream: Mersenne, target: Array, mean: float, std: float) -> None:
    """Fills a floating array with exp(N(mean, std²)), drawn pair by pair at any size."""
    if target.size:
        exponent = fma64(standard_pairs(stream, target.size), std, mean)
        fill(target, narrow(libm.exp(exponent), target.dtype))
