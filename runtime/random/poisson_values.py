"""Poisson numbers one by one: products of uniforms for small rates, Hörmann's transformed rejection for large."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..array import Array
from .mersenne import Mersenne

_AHEAD = 256


def poisson(stream: Mersenne, rates: Array) -> Array:
    """One number per rate, in the order of the elements; float64. How many words are used depends on the numbers."""
    scout = stream.copy()
    uniforms = _Counted(scout)
    drawn = [_one(float(rate), uniforms) for rate in rates.ravel().tolist()]
    stream.words(2 * uniforms.used)
    return np.array(drawn, np.float64).reshape(rates.shape)


class _Counted:
    """Uniform numbers one at a time, taken in advance from a copy of the stream."""

    def __init__(self, scout: Mersenne) -> None:
        self._scout = scout
        self._waiting: Iterator[float] = iter(())
        self.used = 0

    def __call__(self) -> float:
        self.used += 1
        value = next(self._waiting, None)
        if value is None:
            self._waiting = iter(self._scout.u64(_AHEAD).tolist())
            value = next(self._waiting)
        return value


def _one(rate: float, uniform: _Counted) -> int:
    if rate >= 10:
        return _rejected(rate, uniform)
    if rate == 0:
        return 0
    count, product, limit = 0, uniform(), math.exp(-rate)
    while product > limit:
        count += 1
        product *= uniform()
    return count


def _rejected(rate: float, uniform: _Counted) -> int:
    """W. Hörmann, The transformed rejection method for generating Poisson random variables (1993), algorithm PTRS."""
    log_rate = math.log(rate)
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    bound = 0.9277 - 3.6224 / (b - 2)
    while True:
        u, v = uniform() - 0.5, uniform()
        room = 0.5 - abs(u)
        k = math.floor((2 * a / room + b) * u + rate + 0.43) if room else -1
        if room >= 0.07 and v <= bound:
            return k
        if k < 0 or (room < 0.013 and v > room):
            continue
        left = math.log(v) + math.log(inverse_alpha) - math.log(a / (room * room) + b) if v else -math.inf
        if left <= -rate + k * log_rate - math.lgamma(k + 1):
            return k
