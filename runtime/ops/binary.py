"""Functions of two broadcast operands that are not arithmetic: angles, logarithms of sums, signs, divisors."""

from __future__ import annotations

import numpy as np

from ..array import Answer, Array
from .pointwise import binary_floating, binary_floating_either, binary_second, binary_tensors


@binary_floating
def atan2(y: Array, x: Array) -> Answer:
    """The angle of the point (other, input); gradient 0 at the origin."""
    square = x * x + y * y
    scale = np.where(square == 0, x.dtype.type(0), 1 / square)
    return np.arctan2(y, x), (lambda g: g * x * scale, lambda g: -g * y * scale)


arctan2 = atan2


@binary_tensors
def hypot(x: Array, y: Array) -> Answer:
    """√(x² + y²)."""
    value = np.hypot(x, y)
    return value, (lambda g: g * (x / value), lambda g: g * (y / value))


@binary_floating
def logaddexp(x: Array, y: Array) -> Answer:
    """log(eˣ + eʸ), without overflow."""
    return np.logaddexp(x, y), (lambda g: g / (1 + np.exp(y - x)), lambda g: g / (1 + np.exp(x - y)))


@binary_floating
def logaddexp2(x: Array, y: Array) -> Answer:
    """log2(2ˣ + 2ʸ), without overflow."""
    return np.logaddexp2(x, y), (lambda g: g / (1 + np.exp2(y - x)), lambda g: g / (1 + np.exp2(x - y)))


@binary_floating_either
def xlogy(x: Array, y: Array) -> Answer:
    """x·log(y), 0 where x is 0 (unless y is nan)."""
    blank = (x == 0) & ~np.isnan(y)
    logs = np.where(blank & (y <= 0), x.dtype.type(0), np.log(y))
    return np.where(blank, x.dtype.type(0), x * logs), (lambda g: g * logs, lambda g: g * x / y)


@binary_second
def copysign(x: Array, y: Array) -> Answer:
    """The size of input with the sign of other."""
    x, y = (one if one.dtype.kind == "f" else one.astype(np.float32) for one in (x, y))
    value = np.copysign(x, y)
    return value, (lambda g: np.where(x == 0, x.dtype.type(0), g * np.sign(x) * np.copysign(1, y)), np.zeros_like)


@binary_tensors
def nextafter(x: Array, y: Array) -> Answer:
    """The next float from input towards other."""
    same = x == y
    return np.nextafter(x, y), (lambda g: np.where(same, 0, g), np.zeros_like)


@binary_tensors
def heaviside(x: Array, y: Array) -> Answer:
    """0 below zero, 1 above, *values* at zero."""
    return np.where(x == 0, y, (x > 0).astype(x.dtype)), None


@binary_tensors
def gcd(x: Array, y: Array) -> Answer:
    """Greatest common divisor of integers."""
    return np.gcd(x, y), None


@binary_tensors
def lcm(x: Array, y: Array) -> Answer:
    """Least common multiple of integers."""
    return np.lcm(x, y), None


@binary_floating
def ldexp(x: Array, y: Array) -> Answer:
    """input · 2^other."""
    scale = np.exp2(y)
    return x * scale, (lambda g: g * scale, lambda g: g * x * scale * x.dtype.type(np.log(2)))
