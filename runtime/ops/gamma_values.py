"""The gamma function's logarithm and its derivatives on numpy arrays: upward recurrence, then Stirling's series."""

from __future__ import annotations

import math

import numpy as np

from ..array import Array
from ..recorded import Recorded
from ..second_order import on_tensors

# B(2k) for k = 1, 2, …: with arguments above SHIFT, ten terms leave less than 1e-17.
BERNOULLI = (
    1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330,
)  # fmt: skip
SHIFT = 10


@on_tensors(lambda x: Recorded(x.tensor.lgamma()))
def lgamma_values(x: Array) -> Array:
    """log|Γ(x)| in the type of *x*; +inf at zero and the negative integers."""
    wide = x.astype(np.float64)
    with np.errstate(all="ignore"):
        mirrored = wide < 0.5
        y = np.where(mirrored, 1.0 - wide, wide)
        steps = np.maximum(SHIFT - np.floor(y), 0.0)
        steps = np.where(np.isfinite(steps), steps, 0.0)
        product = np.ones_like(y)
        for step in range(SHIFT):
            product *= np.where(step < steps, y + step, 1.0)
        z = y + steps
        series = sum(b / (2 * k * (2 * k - 1)) / z ** (2 * k - 1) for k, b in enumerate(BERNOULLI, 1))
        value = (z - 0.5) * np.log(z) - z + 0.5 * math.log(2 * math.pi) + series - np.log(product)
        value = np.where(np.isinf(y), np.inf, np.where((y == 1.0) | (y == 2.0), 0.0, value))
        fraction = wide - np.round(wide)
        reflected = math.log(math.pi) - np.log(np.abs(np.sin(math.pi * fraction))) - value
        poles = (wide <= 0) & (fraction == 0)
        value = np.where(mirrored, np.where(poles | np.isinf(wide), np.inf, reflected), value)
    return value.astype(x.dtype)


@on_tensors(lambda x: Recorded(x.tensor.digamma()))
def digamma_values(x: Array) -> Array:
    """Γ'(x)/Γ(x) in the type of *x*; ∓inf at ±0, nan at the negative integers."""
    wide = x.astype(np.float64)
    with np.errstate(all="ignore"):
        mirrored = wide < 0.5
        z = np.where(mirrored, 1.0 - wide, wide)
        lower = np.zeros_like(z)
        for _ in range(SHIFT):
            below = z < SHIFT
            lower -= np.where(below, 1.0 / z, 0.0)
            z = np.where(below, z + 1.0, z)
        series = sum(b / (2 * k) / z ** (2 * k) for k, b in enumerate(BERNOULLI, 1))
        value = lower + np.log(z) - 0.5 / z - series
        fraction = wide - np.round(wide)
        value = np.where(mirrored, value - math.pi / np.tan(math.pi * fraction), value)
        value = np.where(wide == 0, -np.copysign(np.inf, wide), np.where((wide < 0) & (fraction == 0), np.nan, value))
    return value.astype(x.dtype)


@on_tensors(lambda n, x: Recorded(x.tensor.polygamma(n)))
def polygamma_values(n: int, x: Array) -> Array:
    """The *n*-th derivative of digamma, n ≥ 1: (−1)ⁿ⁺¹·n!·ζ(n + 1, x); trigamma is reflected for x < ½."""
    wide = x.astype(np.float64)
    with np.errstate(all="ignore"):
        if n == 1:
            mirrored = wide < 0.5
            value = hurwitz_zeta(2.0, np.where(mirrored, 1.0 - wide, wide))
            sine = np.sin(math.pi * (wide - np.round(wide)))
            value = np.where(mirrored, (math.pi / sine) ** 2 - value, value)
        else:
            value = (-1.0) ** (n + 1) * math.factorial(n) * hurwitz_zeta(n + 1.0, wide)
    return value.astype(x.dtype)


def hurwitz_zeta(s: float, q: Array) -> Array:
    """Σ 1/(q + k)ˢ over k ≥ 0, whole *s* where q < 0, by Euler–Maclaurin once past SHIFT."""
    total = np.zeros_like(q)
    z = q.copy()
    below = z < SHIFT
    while below.any():
        total[below] += z[below] ** -s
        z[below] += 1.0
        below &= z < SHIFT
    total += z ** (1.0 - s) / (s - 1.0) + 0.5 * z**-s
    rising = s
    for k, b in enumerate(BERNOULLI, 1):
        total += b / math.factorial(2 * k) * rising * z ** (-s - 2 * k + 1)
        rising *= (s + 2 * k - 1) * (s + 2 * k)
    return total
