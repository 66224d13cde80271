"""Normal numbers by Box and Muller: pair by pair for small draws, in blocks of sixteen for large ones."""

from __future__ import annotations

import math

import numpy as np

from ..array import Array
from . import cephes, libm
from .fill import fill
from .fused import fma32, fma64
from .mersenne import Mersenne

_HALF = 8
_BLOCK = 2 * _HALF
_CHUNK = 1024  # blocks at a time: what one step works on stays in the cache
_TWO_PI = 2 * math.pi


def normal(stream: Mersenne, target: Array, mean: float, std: float) -> None:
    """Fills a floating array from N(mean, std²).

    Sixteen elements or more, contiguous: blocks of sixteen uniform numbers of the target's precision become sixteen
    normal ones, and a rest redraws the last sixteen elements. Otherwise one pair of float64 after another, in memory
    order, whose second number waits in the stream when it is not needed yet.
    """
    if target.size >= _BLOCK and target.flags.c_contiguous:
        _fill_blocks(stream, target.reshape(-1), mean, std)
    elif target.size:
        fill(target, narrow(fma64(standard_pairs(stream, target.size), std, mean), target.dtype))


def narrow(values: Array, dtype: np.dtype[np.generic]) -> Array:
    """float64 cast as torch casts it: to half by way of float32, to infinity without a word."""
    with np.errstate(over="ignore"):
        return values.astype(np.float32).astype(dtype) if dtype == np.float16 else values.astype(dtype)


def standard_pairs(stream: Mersenne, n: int) -> Array:
    """n standard normal float64 numbers; a cached one goes first, an odd one left over is cached."""
    values = np.empty(n + 2)
    start = 0
    if stream.cached is not None and n:
        values[0], stream.cached, start = stream.cached, None, 1
    pairs = (n - start + 1) // 2
    uniform = stream.u64(2 * pairs)
    radius = np.sqrt(-2.0 * libm.log1p(-uniform[1::2]))
    angle = _TWO_PI * uniform[::2]
    end = start + 2 * pairs
    values[start:end:2] = radius * libm.cos(angle)
    values[start + 1 : end : 2] = radius * libm.sin(angle)
    if end > n:
        stream.cached = float(values[n])
    return values[:n]


def _fill_blocks(stream: Mersenne, flat: Array, mean: float, std: float) -> None:
    whole = len(flat) - len(flat) % _BLOCK
    if flat.dtype == np.float16:
        # Goes block by block through float32, so the rest never gets numbers of its own
        flat[:whole] = _blocks32(stream.u32(whole), mean, std)
        if whole < len(flat):
            flat[-_BLOCK:] = _blocks32(stream.u32(_BLOCK), mean, std)
        return
    draw, blocks = (stream.u64, _blocks64) if flat.dtype == np.float64 else (stream.u32, _blocks32)
    uniform = draw(len(flat))
    flat[:whole] = blocks(uniform[:whole], mean, std)
    if whole < len(flat):
        flat[-_BLOCK:] = blocks(draw(_BLOCK), mean, std)


def _blocks64(uniform: Array, mean: float, std: float) -> Array:
    b = uniform.reshape(-1, 2, _HALF)
    radius = np.sqrt(-2.0 * libm.log(1.0 - b[:, 0]))
    angle = _TWO_PI * b[:, 1]
    values = np.stack((radius * libm.cos(angle), radius * libm.sin(angle)), 1)
    return fma64(values.reshape(-1), std, mean)


def _blocks32(uniform: Array, mean: float, std: float) -> Array:
    values = np.empty_like(uniform)
    source, result = uniform.reshape(-1, 2, _HALF), values.reshape(-1, 2, _HALF)
    for start in range(0, len(source), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        result[chunk] = _chunk32(source[chunk], np.float32(mean), np.float32(std))
    return values


def _chunk32(b: Array, mean: np.float32, std: np.float32) -> Array:
    first, second = np.ascontiguousarray(b[:, 0]), np.ascontiguousarray(b[:, 1])
    radius = np.sqrt(np.float32(-2) * cephes.log(np.float32(1) - first))
    cosine, sine = cephes.cos_sin(second * np.float32(_TWO_PI))
    values = np.stack((radius * cosine, radius * sine), 1)
    if mean == 0:
        return values * std + mean
    return fma32(values.astype(np.float64), float(std), float(mean))
