"""Less common special functions: scaled error functions, normal quantiles, Bessel functions of order 0 and 1."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..recorded import through
from ..second_order import on_tensors
from .erf_values import erfc_values, erfinv_values
from .pointwise import binary_floating_either, unary


def _tail(x: Array) -> Array:
    """erfc(x)·exp(x²) in float64: by its continued fraction where exp would overflow or erfc vanish."""
    wide = x.astype(np.float64)
    near = np.clip(wide, -26.0, 5.0)
    value = erfc_values(near) * np.exp(near * near)
    far = np.maximum(wide, 5.0)
    fraction = far
    for k in range(40, 0, -1):
        fraction = far + k / 2 / fraction
    value = np.where(wide > 5.0, 1 / (math.sqrt(math.pi) * fraction), value)
    value = np.where(wide < -26.0, np.inf, value)
    return np.asarray(np.where(np.isnan(wide), np.nan, value))


@unary
def erfcx(x: Array) -> Answer:
    """exp(x²)·erfc(x)."""
    y = _tail(x).astype(x.dtype)
    return y, lambda g: g * (2 * x * y - x.dtype.type(2 / math.sqrt(math.pi)))


@unary
def log_ndtr(x: Array) -> Answer:
    """The logarithm of the normal distribution function, exact far to the left."""
    wide = x.astype(np.float64)
    z = wide * math.sqrt(0.5)
    left = np.log(_tail(-np.minimum(z, 0)) / 2) - np.minimum(z, 0) ** 2
    y = np.where(wide < -1, left, np.log1p(-erfc_values(np.maximum(z, -1)) / 2)).astype(x.dtype)
    slope = (math.sqrt(2 / math.pi) / _tail(-z)).astype(x.dtype)
    return y, lambda g: g * slope


@unary
def ndtri(x: Array) -> Answer:
    """The normal quantile: the inverse of ndtr."""
    y = (math.sqrt(2) * erfinv_values(2 * x.astype(np.float64) - 1)).astype(x.dtype)
    return y, lambda g: g * y.dtype.type(math.sqrt(2 * math.pi)) * np.exp(y * y / 2)


@binary_floating_either
def xlog1py(x: Array, y: Array) -> Answer:
    """x·log(1 + y), 0 where x is 0 (unless y is nan)."""
    blank = (x == 0) & ~np.isnan(y)
    logs = np.where(blank & (y <= -1), x.dtype.type(0), np.log1p(y))
    return np.where(blank, x.dtype.type(0), x * logs), (lambda g: g * logs, lambda g: g * x / (y + 1))


def _scaled_bessel(order: int, x: Array) -> Array:
    """exp(−|x|)·I(x) of order 0 or 1: the mean of exp(|x|(cos θ − 1))·cos(order·θ), by the trapezoid rule.

    The integrand is periodic and entire, so the rule converges faster than any power of the number of points.
    """
    size = np.abs(x.astype(np.float64))
    total = np.zeros_like(size)
    points = 64 if size.size == 0 or size.max(initial=0) < 100 else 400
    for k in range(points):
        angle = math.pi * (k + 0.5) / points
        total += np.exp(size * (math.cos(angle) - 1)) * (math.cos(angle) if order else 1.0)
    total /= points
    series = 1 / np.sqrt(2 * math.pi * np.maximum(size, 1)) * (1 - (4 * order - 1) / (8 * np.maximum(size, 1)))
    value = np.where(size > 1e4, series, total)
    return np.asarray(np.sign(x) * value if order else value)


@unary
def i0(x: Array) -> Answer:
    """The modified Bessel function of order 0."""
    grow = np.exp(np.abs(x.astype(np.float64)))
    return (_scaled_bessel(0, x) * grow).astype(x.dtype), lambda g: g * (_scaled_bessel(1, x) * grow)


@unary
def i0e(x: Array) -> Answer:
    """exp(−|x|)·i0(x)."""
    y = _scaled_bessel(0, x)
    return y.astype(x.dtype), lambda g: g * (_scaled_bessel(1, x) - np.sign(x) * y)


@unary
def i1(x: Array) -> Answer:
    """The modified Bessel function of order 1."""
    grow = np.exp(np.abs(x.astype(np.float64)))
    y = _scaled_bessel(1, x) * grow

    def pullback(g: Array) -> Any:
        quotient = np.where(x == 0, 0.5, y / np.where(x == 0, 1, x))
        return g * (_scaled_bessel(0, x) * grow - quotient)

    return y.astype(x.dtype), pullback


@unary
def i1e(x: Array) -> Answer:
    """exp(−|x|)·i1(x)."""
    y = _scaled_bessel(1, x)

    def pullback(g: Array) -> Any:
        quotient = np.where(x == 0, 0.5, y / np.where(x == 0, 1, x))
        return g * (_scaled_bessel(0, x) - quotient - np.sign(x) * y)

    return y.astype(x.dtype), pullback


on_tensors(lambda x: through(erfcx.op, x))(_tail)
on_tensors(lambda order, x: through((i1e if order else i0e).op, x))(_scaled_bessel)
