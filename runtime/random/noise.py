"""Noise that layers draw: the slopes of rrelu, Gumbel numbers."""

from __future__ import annotations

import numpy as np

from ..array import Array
from .box_muller import narrow
from .continuous import exponential
from .mersenne import Mersenne


def rrelu_slopes(stream: Mersenne, x: Array, lower: float, upper: float) -> Array:
    """What `rrelu` multiplies x with in training: a slope of [lower, upper) per x ≤ 0, row by row, else 1."""
    low, high = float(x.dtype.type(lower)), float(x.dtype.type(upper))
    slopes = np.ones(x.shape, x.dtype)
    falling = x <= 0
    # Not fused: torch compiles this one without
    slopes[falling] = narrow(stream.u64(int(falling.sum())) * (high - low) + low, x.dtype)
    return slopes


def gumbel(stream: Mersenne, x: Array) -> Array:
    """A contiguous array of standard Gumbel numbers, shaped and typed as x: −ln of exponential ones."""
    noise = np.empty(x.shape, x.dtype)
    exponential(stream, noise, 1.0)
    return -np.log(noise)
