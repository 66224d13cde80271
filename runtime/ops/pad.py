"""Padding: constant, reflected, replicated and circular."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor

__all__ = ["pad"]

Sides: TypeAlias = "tuple[tuple[int, int], ...]"
"""Padding before and after, for each of the last axes, first axis first."""


def within(size: int, lo: int, hi: int) -> tuple[slice, slice]:
    """Which elements of an axis survive, and where they come to lie; negative padding crops."""
    return slice(max(0, -lo), size - max(0, -hi)), slice(max(0, lo), max(0, lo) + size - max(0, -lo) - max(0, -hi))


@op(name="constant_pad_nd", linear=True)
def _constant(x: Array, *, pad: Sides, value: float) -> Answer:
    first = x.ndim - len(pad)
    sizes = x.shape[first:]
    cuts = [within(n, lo, hi) for n, (lo, hi) in zip(sizes, pad, strict=True)]
    source: Any = (..., *(cut[0] for cut in cuts))
    target: Any = (..., *(cut[1] for cut in cuts))
    shape = (*x.shape[:first], *(n + lo + hi for n, (lo, hi) in zip(sizes, pad, strict=True)))
    y = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
    y[target] = x[source]
    given = x.shape

    def to_input(g: Array) -> Array:
        dx = np.zeros(given, g.dtype)
        dx[source] = g[target]
        return dx

    return y, to_input


def source_of(mode: str, size: int, lo: int, hi: int) -> Array:
    """Which element of an axis of ``size`` each element of the padded axis copies."""
    place = np.arange(-lo, size + hi)
    if mode == "circular":
        first = max(0, -lo)  # what negative padding crops away is not wrapped round either
        return first + (place - first) % max(1, size - first - max(0, -hi))
    if mode == "replicate":
        return np.clip(place, 0, size - 1)
    place = np.abs(place)
    return np.where(place >= size, 2 * (size - 1) - place, place)


def fold_back(g: Array, source: Array, size: int, axis: int) -> Array:
    """Adjoint of ``np.take(x, source, axis)``: runs of ascending sources are added slice by slice."""
    lead: Any = (slice(None),) * axis
    dx = np.zeros((*g.shape[:axis], size, *g.shape[axis + 1 :]), g.dtype)
    breaks = np.flatnonzero(np.diff(source) != 1) + 1
    for start, end in zip([0, *breaks], [*breaks, len(source)], strict=True):
        first = source[start] if len(source) else 0
        dx[(*lead, slice(first, first + end - start))] += g[(*lead, slice(start, end))]
    return dx


def copied(x: Array, pad: Sides, mode: str) -> Answer:
    """Padding with elements of the input itself, one axis after the other."""
    first = x.ndim - len(pad)
    steps = [
        (axis, source_of(mode, x.shape[axis], lo, hi), x.shape[axis])
        for axis, (lo, hi) in enumerate(pad, first)
        if lo or hi
    ]
    y = x
    for axis, source, _ in steps:
        y = np.take(y, source, axis)

    def to_input(g: Array) -> Array:
        for axis, source, size in reversed(steps):
            g = fold_back(g, source, size, axis)
        return g

    return (y if steps else x.copy()), to_input


@op(name="reflection_pad", linear=True)
def _reflect(x: Array, *, pad: Sides) -> Answer:
    return copied(x, pad, "reflect")


@op(name="replication_pad", linear=True)
def _replicate(x: Array, *, pad: Sides) -> Answer:
    return copied(x, pad, "replicate")


@op(name="circular_pad", linear=True)
def _circular(x: Array, *, pad: Sides) -> Answer:
    return copied(x, pad, "circular")


_COPYING = {"reflect": _reflect, "replicate": _replicate, "circular": _circular}

_COMBINATIONS = """Supported combinations for non-constant padding:
  - 2D or 3D input: padding size = 2 (pads last dimension)
  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)
  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"""


def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """``input`` with ``pad`` = (before last axis, after last axis, before the one in front, …) more elements.

    'constant' takes ``value`` (0) and any rank, and crops where negative; 'reflect', 'replicate' and 'circular' pad the
    last 1, 2 or 3 axes of an input with one or two axes more.
    """
    amounts = [int(n) for n in pad]
    if len(amounts) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(amounts) > 2 * input.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(amounts)} and input of dimension {input.ndim}"
        )
    sides = tuple((amounts[i], amounts[i + 1]) for i in range(len(amounts) - 2, -1, -2))
    if mode == "constant":
        return _constant(input, pad=_fitting(input, sides), value=value or 0)
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    spatial = len(sides)
    if mode not in _COPYING and spatial + 1 <= input.ndim <= spatial + 2:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if not (1 <= spatial <= 3 and spatial + 1 <= input.ndim <= spatial + 2):
        raise NotImplementedError(
            f"Padding size {len(amounts)} is not supported for {input.ndim}D input tensor.\n{_COMBINATIONS}"
        )
    _check_copying(input, sides, mode)
    return _COPYING[mode](input, pad=sides)


def _fitting(input: Tensor, sides: Sides) -> Sides:
    """``sides``, unless they take away more than there is."""
    for axis, (lo, hi) in enumerate(sides, input.ndim - len(sides)):
        size = input.shape[axis]
        if min(lo, 0) + min(hi, 0) + size < 0:
            raise RuntimeError("narrow(): length must be non-negative.")
    return sides


def _check_copying(input: Tensor, sides: Sides, mode: str) -> None:
    shape = list(input.shape)
    for axis, (lo, hi) in enumerate(sides, input.ndim - len(sides)):
        size = shape[axis]
        if mode == "reflect" and max(lo, hi) >= size:
            raise RuntimeError(
                "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding "
                f"({lo}, {hi}) at dimension {axis} of input {shape}"
            )
        if mode == "circular" and max(lo, hi) > size:
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if size + lo + hi < 0 or (mode == "circular" and lo + hi + size < 0):
            raise RuntimeError("Negative padding value is resulting in an empty dimension")
        if size + lo + hi < 1 and mode != "circular":
            raise RuntimeError(f"input (W: {size}) is too small. Calculated output W: {size + lo + hi}")
