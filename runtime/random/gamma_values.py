"""Gamma numbers one by one, by Marsaglia and Tsang's rejection; a Dirichlet draw is a row of them over their sum."""

from __future__ import annotations

import math

import numpy as np

from ..array import Array
from .box_muller import standard_pairs
from .mersenne import Mersenne

_THIRD, _SQUEEZE = float(np.float32(1) / np.float32(3)), float(np.float32(0.0331))
"""Written in single precision by torch."""


def gamma(stream: Mersenne, shapes: Array) -> Array:
    """One number per shape, in the order of the elements; float64. How much is drawn depends on the numbers."""
    drawn = [_one(alpha, stream) for alpha in shapes.ravel().tolist()]
    return np.array(drawn, np.float64).reshape(shapes.shape)


def dirichlet(stream: Mersenne, concentration: Array) -> Array:
    """Points of the simplex along the last axis, within what the dtype has between 0 and 1."""
    parts = gamma(stream, concentration)
    kind = concentration.dtype
    share = (parts / parts.sum(-1, keepdims=True)).astype(kind)
    return np.asarray(np.clip(share, np.finfo(kind).tiny, np.nextafter(kind.type(1), kind.type(0))))


def _one(alpha: float, stream: Mersenne) -> float:
    scale = 1.0
    if alpha < 1:
        if alpha == 0:
            return 0.0
        scale = math.pow(1 - float(stream.u64(1)[0]), 1 / alpha)
        alpha += 1
    d = alpha - _THIRD
    c = 1 / math.sqrt(9 * d)
    while True:
        x = y = 0.0
        while y <= 0:
            x = float(standard_pairs(stream, 1)[0])
            y = 1 + c * x
        v = y * y * y
        u = 1 - float(stream.u64(1)[0])
        if u < 1 - _SQUEEZE * x**4 or math.log(u) < 0.5 * x * x + d * (1 - v + math.log(v)):
            return scale * d * v
