"""Single precision log, sin and cos by the Cephes polynomials, with the fused steps of torch's AVX2 normal kernel."""

from __future__ import annotations

import numpy as np

from ..array import Array
from .fused import fma32

_F = np.float32

_LOG = [
    float(_F(p))
    for p in (
        7.0376836292e-2,
        -1.1514610310e-1,
        1.1676998740e-1,
        -1.2420140846e-1,
        1.4249322787e-1,
        -1.6668057665e-1,
        2.0000714765e-1,
        -2.4999993993e-1,
        3.3333331174e-1,
    )
]
_LN2_HIGH, _LN2_LOW = _F(0.693359375), _F(-2.12194440e-4)
_SQRT_HALF = _F(0.707106781186547524)

_SIN = [float(_F(p)) for p in (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)]
_COS = [float(_F(p)) for p in (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)]
_QUARTERS = [_F(p) for p in (-0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8)]  # −π/4 in three parts
_FOUR_OVER_PI = _F(1.27323954473516)


def log(x: Array) -> Array:
    """ln x for normal positive float32."""
    fraction, exponent = np.frexp(x)
    e = exponent.astype(np.float32)
    small = fraction < _SQRT_HALF
    e -= small
    r = (fraction - _F(1)) + np.where(small, fraction, _F(0))
    wide, square = r.astype(np.float64), r * r
    y = _horner(_LOG, wide) * r
    y = fma32(y.astype(np.float64), square.astype(np.float64), (e * _LN2_LOW).astype(np.float64))
    y -= square * _F(0.5)  # exact product, as is e·ln2 below: fused or not is one thing there
    return (r + y) + e * _LN2_HIGH


def cos_sin(x: Array) -> tuple[Array, Array]:
    """(cos x, sin x) for float32 0 ≤ x < 8192."""
    octant = ((x * _FOUR_OVER_PI).astype(np.int32) + 1) & ~1
    y = octant.astype(np.float32)
    r = (x + y * _QUARTERS[0]) + y * _QUARTERS[1]  # exact products
    r = fma32(y.astype(np.float64), float(_QUARTERS[2]), r.astype(np.float64))
    z = r * r
    even, odd = _even(z), _odd(r, z)
    swap = (octant & 2) != 0
    cosine, sine = np.where(swap, odd, even), np.where(swap, even, odd)
    cosine *= 1 - 2 * (((octant + 2) & 4) >> 2)
    sine *= 1 - 2 * ((octant & 4) >> 2)
    return cosine, sine


def _even(z: Array) -> Array:
    """cos on the octant around 0, from the square of the argument."""
    wide = z.astype(np.float64)
    y = _horner(_COS, wide) * z
    return fma32(y.astype(np.float64), wide, -(wide * 0.5)) + _F(1)


def _odd(r: Array, z: Array) -> Array:
    """sin on the octant around 0."""
    wide = r.astype(np.float64)
    y = _horner(_SIN, z.astype(np.float64)) * z
    return fma32(y.astype(np.float64), wide, wide)


def _horner(coefficients: list[float], x: Array) -> Array:
    """The polynomial by fused steps, each rounded to float32; x is float64 holding float32 values."""
    y = fma32(x, coefficients[0], coefficients[1])
    for coefficient in coefficients[2:]:
        y = fma32(y.astype(np.float64), x, coefficient)
    return y
