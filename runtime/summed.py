"""Sums that keep their digits, as torch's do: numpy adds up rows one after the other, here they are added in pieces."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from .array import Array

PIECE = 64
"""So many rows are added up before their sums are: digits are lost with the length of a chain of additions."""
SHORT = 16
"""A chain that numpy may add up by itself."""
LINE = 128
"""From this length on numpy adds up neighbours in pairs, which is best; shorter ones are a product with ones."""

CHAIN = 1024
"""So many products numpy's einsum may add up: it has many accumulators, and no pairs."""


def summed(x: Array, axes: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Array:
    """Σ of *x* over *axes* (all if None), in the dtype of x. Of integers as numpy has it."""
    if x.dtype.char not in "fdFD":
        return np.asarray(x.sum(axis=axes, dtype=x.dtype, keepdims=keepdims))
    if axes is None:
        gone = set(range(x.ndim))
    else:
        gone = {axis % x.ndim for axis in ((axes,) if isinstance(axes, int) else axes)}
    alike = [axis for axis in gone if x.strides[axis] == 0 and x.shape[axis] > 1]
    if alike:
        return _of_one(x, alike, gone, keepdims)
    if _chain(x, gone) <= SHORT:
        return np.asarray(x.sum(axis=tuple(gone), keepdims=keepdims))
    order = sorted(range(x.ndim), key=lambda axis: -abs(x.strides[axis]))
    laid = np.ascontiguousarray(x.transpose(order))
    kept = [axis for axis in order if axis not in gone]
    value = _runs(laid, [axis in gone for axis in order]).reshape([x.shape[axis] for axis in kept])
    value = value.transpose([kept.index(axis) for axis in sorted(kept)])
    return np.expand_dims(value, tuple(sorted(gone))) if keepdims else value


def _of_one(x: Array, alike: list[int], gone: set[int], keepdims: bool) -> Array:
    """Along the axes *alike* the same values are repeated: a product instead of a sum."""
    first = x[tuple(slice(1) if axis in alike else slice(None) for axis in range(x.ndim))]
    times = math.prod(x.shape[axis] for axis in alike)
    return np.asarray(summed(first, tuple(gone), keepdims) * x.dtype.type(times))


def inner_products(x: Array, y: Array) -> Array:
    """Σ over the last axis of ``x * y``, which have one shape."""
    size = x.shape[-1]
    if size <= CHAIN:
        return np.asarray(np.einsum("...l,...l->...", x, y))
    whole = size - size % CHAIN
    heads = (one[..., :whole].reshape(*one.shape[:-1], -1, CHAIN) for one in (x, y))
    value = summed(np.einsum("...l,...l->...", *heads), -1)
    if whole < size:
        value = value + np.einsum("...l,...l->...", x[..., whole:], y[..., whole:])
    return value


def _chain(x: Array, gone: set[int]) -> int:
    """How many additions in a row numpy would make; it adds up a last axis of neighbours in pairs."""
    if not gone or x.size == 0:
        return 0
    last = x.ndim - 1
    paired = last in gone and x.strides[last] == x.itemsize and x.shape[last] >= LINE
    return math.prod(x.shape[axis] for axis in gone if not (paired and axis == last))


def _runs(laid: Array, gone: list[bool]) -> Array:
    """Σ over the axes marked in *gone*, from the last to the first; neighbours that are alike count as one."""
    runs = [(mark, math.prod(n for _, n in run)) for mark, run in _alike(gone, laid.shape)]
    inner = 1
    for index in reversed(range(len(runs))):
        mark, size = runs[index]
        if mark:
            outer = math.prod(n for _, n in runs[:index])
            laid = _lines(laid.reshape(-1, size)) if inner == 1 else _columns(laid.reshape(outer, size, inner))
        else:
            inner *= size
    return laid


def _alike(gone: list[bool], shape: tuple[int, ...]) -> Any:
    return [(mark, list(run)) for mark, run in itertools.groupby(zip(gone, shape, strict=True), lambda one: one[0])]


def _lines(rows: Array) -> Array:
    """Σ of every row of (R, L)."""
    if rows.shape[1] >= LINE:
        return np.asarray(rows.sum(1))
    return np.asarray(rows @ np.ones(rows.shape[1], rows.dtype))


def _columns(blocks: Array) -> Array:
    """Σ over the middle of (outer, L, inner)."""
    outer, size, inner = blocks.shape
    if size <= PIECE:
        return np.asarray((np.ones((1, size), blocks.dtype) @ blocks)[:, 0])
    pieces = size // PIECE
    whole = pieces * PIECE
    head = blocks[:, :whole].reshape(outer, pieces, PIECE, inner)
    value = _columns((np.ones((1, PIECE), blocks.dtype) @ head)[:, :, 0])
    if whole < size:
        value = value + _columns(blocks[:, whole:])
    return value
