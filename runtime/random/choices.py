"""Choosing categories by weight: independent draws by the cumulative sum, distinct ones by a race of exponentials."""

from __future__ import annotations

import numpy as np

from ..array import Array
from ..layout import empty_like
from .continuous import exponential
from .mersenne import Mersenne


def independent(stream: Mersenne, weights: Array, n: int) -> Array:
    """n indices per row, each drawn from the whole row; int64."""
    rows = weights.reshape(-1, weights.shape[-1])
    drawn = np.empty((len(rows), n), np.int64)
    wide = rows.astype(np.float32) if rows.dtype == np.float16 else rows
    for row, result in zip(wide, drawn, strict=True):
        reached = np.cumsum(row, dtype=row.dtype)  # one after another, as torch adds them
        reached /= reached[-1]
        reached[-1] = 1
        result[:] = np.searchsorted(reached.astype(np.float64), stream.u64(n))
    return drawn.reshape(*weights.shape[:-1], n)


def distinct(stream: Mersenne, weights: Array, n: int) -> Array:
    """The n indices per row whose weight / Exp(1) is largest, largest first; int64."""
    race = empty_like(weights)
    exponential(stream, race, 1.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        race = weights / race
    if n == 1:
        return np.asarray(race.argmax(-1, keepdims=True), np.int64)
    return np.argsort(-race, -1, kind="stable")[..., :n].astype(np.int64)
