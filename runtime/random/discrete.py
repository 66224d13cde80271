"""Draws of whole numbers and choices: bernoulli, geometric, random integers, permutations, multinomial, Poisson."""

from __future__ import annotations

import math

import numpy as np

from ..array import Array
from ..layout import axes_in_memory
from . import libm
from .fill import fill
from .mersenne import Mersenne

_WIDE = 1 << 28
"""From this range on an integer takes two words: the remainder of one would lean to small numbers."""


def bernoulli(stream: Mersenne, target: Array, p: float) -> None:
    """Fills an array with ones of probability p; two words per element whatever the dtype."""
    if target.size:
        fill(target, stream.u64(target.size) < p)


def bernoulli_each(stream: Mersenne, target: Array, p: Array) -> None:
    """Fills an array with ones, each of its own probability: two words for float64 probabilities, else one."""
    if not target.size:
        return
    wide = np.broadcast_to(p, target.shape)
    axes = axes_in_memory(target)
    view, wide = target.transpose(axes), wide.transpose(axes)
    draw = stream.u64 if p.dtype == np.float64 else stream.u32
    view[...] = draw(target.size).reshape(view.shape) < wide


def geometric(stream: Mersenne, target: Array, p: float) -> None:
    """Fills an array with the number of trials up to the first success."""
    if target.size:
        trials = np.ceil(libm.log(stream.u64(target.size)) / math.log1p(-p))
        fill(target, trials.astype(np.float32) if target.dtype == np.float16 else trials)


def integers(stream: Mersenne, target: Array, low: int, span: int) -> None:
    """Fills an array with low + (draw mod span); span = 2⁶⁴ takes the draw's bits."""
    if not target.size:
        return
    if span == 1 << 64:  # all of int64: the bits themselves, `low` is not added
        fill(target, narrow_integers(stream.words64(target.size).view(np.int64), target.dtype))
        return
    if span >= _WIDE:
        values = stream.words64(target.size) % np.uint64(span)
    else:
        values = (stream.words(target.size) % np.uint32(span)).astype(np.uint64)
    fill(target, narrow_integers((values + np.uint64(low % (1 << 64))).view(np.int64), target.dtype))


def any_integers(stream: Mersenne, target: Array) -> None:
    """Fills an array with all non-negative integers of its dtype, for a floating one those up to 2^(its digits)."""
    if not target.size:
        return
    kind = target.dtype
    if kind in (np.int64, np.float64):
        values = stream.words64(target.size)
    else:
        values = stream.words(target.size).astype(np.uint64)
    if kind.kind == "f":
        span = (1 << (np.finfo(kind).nmant + 1)) + 1
    else:
        span = 2 if kind == np.bool_ else int(np.iinfo(kind).max) + 1
    values = values if span >> 64 else values % np.uint64(span)
    fill(target, narrow_integers(values.view(np.int64), kind))


def narrow_integers(values: Array, dtype: np.dtype[np.generic]) -> Array:
    """int64 cast as torch casts it: to half by way of float32."""
    return values.astype(np.float32) if dtype == np.float16 else values.astype(dtype)


def permutation(stream: Mersenne, n: int) -> list[int]:
    """0 … n−1 in random order, by swapping each place with one behind it; n − 1 words."""
    order = list(range(n))
    left = np.arange(n, 1, -1, dtype=np.uint32)
    for i, offset in enumerate((stream.words(len(left)) % left).tolist()):
        j = i + offset
        order[i], order[j] = order[j], order[i]
    return order
