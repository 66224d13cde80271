"""Normal numbers within bounds, by rejection: what `trunc_normal_` fills a tensor with."""

from __future__ import annotations

import numpy as np

from ..array import Array
from ..layout import empty_like
from .box_muller import normal
from .continuous import uniform
from .mersenne import Mersenne


def redrawn(stream: Mersenne, x: Array, mean: float, std: float, a: float, b: float) -> None:
    """Draws until nothing is outside; every round draws for the whole array."""
    low, high = x.dtype.type(a), x.dtype.type(b)
    normal(stream, x, mean, std)
    fresh = empty_like(x)
    while (outside := (x < low) | (x > high)).any():
        normal(stream, fresh, mean, std)
        np.copyto(x, fresh, where=outside)


def accepted(stream: Mersenne, x: Array, mean: float, std: float, a: float, b: float) -> None:
    """Uniform candidates, each accepted with its density over the highest one within the bounds."""
    kind = x.dtype.type
    mode = max(a, min(mean, b))
    log_peak = kind(-0.5 * ((mode - mean) / std) ** 2)
    candidates, chance = x, empty_like(x)
    pending = np.ones(x.shape, bool)
    while True:
        uniform(stream, candidates, a, b)
        if candidates is not x:
            np.copyto(x, candidates, where=pending)
        offset = (candidates - kind(mean)) / kind(std)
        log_density = offset * offset * kind(-0.5) - log_peak
        uniform(stream, chance, 0.0, 1.0)
        with np.errstate(divide="ignore"):
            pending = pending & (np.log(chance.astype(np.float64)).astype(x.dtype) > log_density)
        if not pending.any():
            return
        candidates = empty_like(x) if candidates is x else candidates
