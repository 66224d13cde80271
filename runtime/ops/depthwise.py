"""Depthwise correlation: one filter per channel, where a column matrix would only be read once.

A strided correlation is the sum of unstrided ones over the phases ``x[r::stride]``; an unstrided one over a padded
array is, on the flattened pixels, a few shifted multiply-adds over long runs. Row ends compute what nobody reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import gcd, prod
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..array import Array
from ..second_order import on_tensors, twin_of
from .correlation import Geometry, Index, correlate, input_gradient, interior, padded, weight_gradient

Phase: TypeAlias = "tuple[Index, Index, tuple[int, ...]]"


def is_depthwise(w: Array, geo: Geometry) -> bool:
    """True where each channel has exactly one filter of its own."""
    return bool(w.shape[1] == 1 and w.shape[0] == geo.groups > 1)


def phases(geo: Geometry) -> Iterator[Phase]:
    """(where in x, which taps, dilation inside the phase) for every residue that some tap falls on."""
    steps = tuple(gcd(s, d) for s, d in zip(geo.stride, geo.dilation, strict=True))
    for first in product(*(range(s // g) for s, g in zip(geo.stride, steps, strict=True))):
        if any(t >= k for t, k in zip(first, geo.kernel, strict=True)):
            continue
        where = tuple(slice(t * d, None, s) for t, d, s in zip(first, geo.dilation, geo.stride, strict=True))
        taps = tuple(slice(t, None, s // g) for t, s, g in zip(first, geo.stride, steps, strict=True))
        yield where, taps, tuple(d // g for d, g in zip(geo.dilation, steps, strict=True))


def rows(size: tuple[int, ...]) -> tuple[int, ...]:
    """Distance of neighbours along each axis of a contiguous array of ``size``, in elements."""
    return tuple(prod(size[i + 1 :]) for i in range(len(size)))


def shifted(x: Array, kernel: tuple[int, ...], dilation: tuple[int, ...], out: tuple[int, ...]) -> Array:
    """View (N, C, *kernel, run) of a contiguous ``x`` (N, C, *S): from each tap on, all pixels in one run."""
    steps = rows(x.shape[2:])
    run = sum((n - 1) * step for n, step in zip(out, steps, strict=True)) + 1
    moves = tuple(d * step * x.itemsize for d, step in zip(dilation, steps, strict=True))
    return as_strided(x, (*x.shape[:2], *kernel, run), (*x.strides[:2], *moves, x.itemsize), writeable=False)


def slide(x: Array, w: Array, dilation: tuple[int, ...], out: tuple[int, ...]) -> Array:
    """Unstrided, unpadded correlation of ``x`` (N, C, *S) with ``w`` (C, *kernel): (N, C, *out), a view."""
    view = shifted(x, w.shape[1:], dilation, out)
    if w.ndim == 2:
        view, w = view[:, :, None], w[:, None]
    y = np.empty((*x.shape[:2], view.shape[-1]), np.result_type(x, w))
    # einsum fuses multiply and add over the first kernel axis, if that is not confused with the run itself
    for image, target in zip(view, y, strict=True):
        for number, tap in enumerate(product(*map(range, w.shape[2:]))):
            at: Index = (slice(None), slice(None), *tap)
            if number:
                target += np.einsum("cil,ci->cl", image[at], w[at])
            else:
                np.einsum("cil,ci->cl", image[at], w[at], out=target)
    moves = tuple(step * y.itemsize for step in rows(x.shape[2:]))
    return as_strided(y, (*x.shape[:2], *out), (*y.strides[:2], *moves))


@on_tensors(twin_of(correlate))
def correlate_depthwise(x: Array, w: Array, geo: Geometry, out: tuple[int, ...]) -> Array:
    """``x`` (N, C, *S) with ``w`` (C, 1, *kernel) gives (N, C, *out)."""
    whole, filters = padded(x, geo), w[:, 0]
    parts = [
        slide(np.ascontiguousarray(whole[(..., *where)]), filters[(slice(None), *taps)], dilation, out)
        for where, taps, dilation in phases(geo)
    ]
    total = np.ascontiguousarray(parts[0])
    for part in parts[1:]:
        total += part
    return total


@on_tensors(twin_of(input_gradient))
def depthwise_input_gradient(g: Array, w: Array, geo: Geometry, size: tuple[int, ...]) -> Array:
    """Adjoint in x: per phase, the correlation of the padded ``g`` (N, C, *out) with the reversed filter."""
    whole = tuple(n + lo + hi for n, (lo, hi) in zip(size, geo.padding, strict=True))
    x = np.zeros((*g.shape[:2], *whole), np.result_type(g, w))
    for where, taps, dilation in phases(geo):
        part = x[(..., *where)]
        filters = np.flip(w[:, 0][(slice(None), *taps)], tuple(range(1, g.ndim - 1)))
        reach = tuple(d * (k - 1) for d, k in zip(dilation, filters.shape[1:], strict=True))
        wide = np.zeros((*g.shape[:2], *(n + r for n, r in zip(part.shape[2:], reach, strict=True))), g.dtype)
        middle: Index = (..., *(slice(r, r + n) for r, n in zip(reach, g.shape[2:], strict=True)))
        wide[middle] = g
        part[...] = slide(wide, filters, dilation, part.shape[2:])
    return x[interior(size, geo)]


@on_tensors(lambda g, x, geo: twin_of(weight_gradient)(g, x, geo, (x.shape[1], 1, *geo.kernel)))
def depthwise_weight_gradient(g: Array, x: Array, geo: Geometry) -> Array:
    """Adjoint in w: (C, 1, *kernel), each tap the inner product of ``g`` with the shifted ``x``."""
    whole, out = padded(x, geo), g.shape[2:]
    w = np.empty((x.shape[1], 1, *geo.kernel), np.result_type(g, x))
    for where, taps, dilation in phases(geo):
        part = np.ascontiguousarray(whole[(..., *where)])
        target = w[(slice(None), 0, *taps)]
        view = shifted(part, target.shape[1:], dilation, out)
        wide = np.zeros((*g.shape[:2], out[0], *part.shape[3:]), g.dtype)
        corner: Index = (..., *map(slice, out))
        wide[corner] = g
        run = wide.reshape(*g.shape[:2], -1)[:, :, : view.shape[-1]]
        axes = "ijk"[: len(out)]
        target[...] = np.einsum(f"nc{axes}l,ncl->c{axes}", view, run)
    return w
