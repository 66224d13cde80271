"""Fused multiply-add with one rounding, which numpy lacks and torch's kernels use."""

from __future__ import annotations

import numpy as np

from ..array import Array

_SPLIT = 2.0**27 + 1  # Veltkamp: halves of 26 bits
_BELOW_FLOAT32 = np.int64(2**29 - 1)  # the bits of a float64 that a float32 has not
_HALFWAY = np.int64(2**28)


def fma32(a: Array, b: Array | float, c: Array | float) -> Array:
    """round32(a·b + c) for float64 arrays that hold float32 values; the result is float32.

    The product is exact in float64. The sum is rounded there, and a second rounding errs only if the first one
    landed halfway between two float32 values: such elements are nudged back to their side.
    """
    product = a * b
    total: Array = product + c
    halfway = (total.view(np.int64) & _BELOW_FLOAT32) == _HALFWAY
    if halfway.any():
        error = _sum_error(product, np.asarray(c, np.float64), total)
        inexact = halfway & (error != 0)
        total = np.where(inexact, np.nextafter(total, np.copysign(np.inf, error)), total)
    return total.astype(np.float32)


def fma64(a: Array, b: float, c: float) -> Array:
    """round64(a·b + c) for a float64 array and two numbers: Boldo and Melquiond's sum with one rounding to odd."""
    if c == 0 or b == 1:
        return a * b + c  # one of the two steps is exact
    product = a * b
    lost = _product_error(a, b, product)
    low = c + lost
    low_error = _sum_error(lost, np.float64(c), low)
    high = product + low
    high_error = _sum_error(product, low, high)
    return high + _to_odd(high_error, low_error)


def _product_error(a: Array, b: float, product: Array) -> Array:
    big_a, big_b = a * _SPLIT, b * _SPLIT
    a_high, b_high = big_a - (big_a - a), big_b - (big_b - b)
    a_low, b_low = a - a_high, b - b_high
    error: Array = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
    return error


def _sum_error(a: Array, b: Array | np.float64, total: Array) -> Array:
    b_part = total - a
    error: Array = (a - (total - b_part)) + (b - b_part)
    return error


def _to_odd(a: Array, b: Array) -> Array:
    """a + b; where that is inexact, the one of its two neighbours whose last bit is 1."""
    total: Array = a + b
    error = _sum_error(a, b, total)
    even = (total.view(np.int64) & 1) == 0
    return np.where(even & (error != 0), np.nextafter(total, np.copysign(np.inf, error)), total)
