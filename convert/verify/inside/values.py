"""Seeded numbers for inputs and state, the same in every process: a hash of a name, read as fractions.

References to what is needed are taken on import, before the user's file runs, so that patching numpy changes nothing.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np

from .backend import Array, is_float

_shake, _frombuffer, _prod, _sqrt = hashlib.shake_128, np.frombuffer, math.prod, math.sqrt
_SIGNED_STATISTIC = "mean"
_POSITIVE_ENDINGS = ("weight", "gamma", "scale", "w", "g")


def fractions(name: str, count: int) -> Array:
    """`count` float64 numbers in [0, 1), multiples of 2**-24, so that float32 holds them exactly too."""
    words = _frombuffer(_shake(name.encode()).digest(4 * count), dtype="<u4")
    return (words >> 8) * 2.0**-24


def uniform(name: str, shape: tuple[int, ...], low: float, high: float) -> Array:
    """Float64 numbers in [low, high) of the given shape."""
    return (low + (high - low) * fractions(name, _prod(shape))).reshape(shape)


def integers(name: str, shape: tuple[int, ...], low: int, high: int) -> Array:
    """Int64 numbers in [low, high) of the given shape."""
    drawn = fractions(name, _prod(shape)) * (high - low)
    return (drawn.astype(np.int64) + low).reshape(shape)


def drawn(name: str, shape: tuple[int, ...], dtype: str, low: float, high: float) -> Array:
    """Numbers for a tensor of the named dtype; bool takes the upper half of its draws as True."""
    if dtype == "bool":
        return uniform(name, shape, 0, 1) >= 0.5
    if is_float(dtype):
        return uniform(name, shape, low, high)
    return integers(name, shape, int(low), int(high))


def state_value(name: str, kind: str, shape: tuple[int, ...]) -> Array:
    """A value no two entries share and none is degenerate: weights of unit gain, scales and variances about one.

    Degenerate state hides faults: with zero biases a lost bias does not show, with unit scales nor does a lost scale.
    """
    last = name.rpartition(".")[2].lower()
    if kind == "buffer" and _SIGNED_STATISTIC not in last:
        return uniform(name, shape, 0.5, 1.5)
    if len(shape) >= 2:
        bound = _sqrt(3.0 / max(1, _prod(shape[1:])))
        return uniform(name, shape, -bound, bound)
    if kind == "parameter" and last.endswith(_POSITIVE_ENDINGS):
        return uniform(name, shape, 0.5, 1.5)
    return uniform(name, shape, -0.5, 0.5)


def digest(values: Array) -> str:
    """A short name for an array's bits."""
    return hashlib.blake2b(np.ascontiguousarray(values).tobytes(), digest_size=10).hexdigest()


def spec_of(values: Array, dtype: str) -> dict[str, Any]:
    """How to draw more numbers like these: float inputs keep their range."""
    spec: dict[str, Any] = {"dtype": dtype, "shape": list(values.shape)}
    if values.size and is_float(dtype):
        low, high = float(values.min()), float(values.max())
        if math.isfinite(low) and math.isfinite(high) and low < high:
            return {**spec, "low": low, "high": high}
    return spec
