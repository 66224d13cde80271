"""Cross-correlation of bare arrays and its two adjoints: the arithmetic under every convolution.

``y[n, o, p] = sum over c, k of x[n, c, p * stride + k * dilation - padding] * w[o, c, k]``

The windows are gathered into a column matrix (im2col) block by block, so that the columns still lie in the cache when
the matrix product reads them, and always into the same buffer, because fresh pages cost more than the copy itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..array import Answer, Array
from ..autograd import op
from ..recorded import through
from ..second_order import on_tensors

Index: TypeAlias = "tuple[Any, ...]"
"""What selects a part of an array."""

# Elements of one block of columns: measured best of 2**18 .. 2**24 on ResNet shapes (4 MB of float32).
BLOCK = 1 << 20


@dataclass(frozen=True)
class Geometry:
    """How a kernel walks over its input; one entry per spatial axis, ``padding`` as (before, after)."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    dilation: tuple[int, ...]
    groups: int = 1

    def outputs(self, size: tuple[int, ...]) -> tuple[int, ...]:
        """Number of positions of the kernel along each axis of an input of ``size``."""
        return tuple(
            (n + lo + hi - d * (k - 1) - 1) // s + 1
            for n, k, s, (lo, hi), d in zip(size, self.kernel, self.stride, self.padding, self.dilation, strict=True)
        )

    @property
    def is_pointwise(self) -> bool:
        """True where every window is one element and every element one window: no columns are needed."""
        return prod(self.kernel) == prod(self.stride) == 1 and not any(lo or hi for lo, hi in self.padding)


def padded(x: Array, geo: Geometry) -> Array:
    """``x`` (N, C, *S) with zeros around it, or ``x`` itself where the geometry has no padding."""
    if not any(lo or hi for lo, hi in geo.padding):
        return x
    size = tuple(n + lo + hi for n, (lo, hi) in zip(x.shape[2:], geo.padding, strict=True))
    out = np.zeros((*x.shape[:2], *size), x.dtype)
    out[interior(x.shape[2:], geo)] = x
    return out


def interior(size: tuple[int, ...], geo: Geometry) -> Index:
    """Index of the unpadded elements inside a padded (N, C, *S) array."""
    inner = (slice(lo, lo + n) for n, (lo, _) in zip(size, geo.padding, strict=True))
    return (slice(None), slice(None), *inner)


def windows(x: Array, geo: Geometry, out: tuple[int, ...]) -> Array:
    """View (N, C, *kernel, *out) of the padded ``x`` (N, C, *S); no element is copied."""
    batch, channel, *steps = x.strides
    taps = tuple(s * d for s, d in zip(steps, geo.dilation, strict=True))
    moves = tuple(s * m for s, m in zip(steps, geo.stride, strict=True))
    return as_strided(x, (*x.shape[:2], *geo.kernel, *out), (batch, channel, *taps, *moves), writeable=False)


_local = threading.local()


def scratch(size: int, dtype: np.dtype[np.generic]) -> Array:
    """``size`` elements of memory that the next call will overwrite; large requests are not kept."""
    if size > 2 * BLOCK:
        return np.empty(size, dtype)
    buffer: Array | None = getattr(_local, "buffer", None)
    if buffer is None or buffer.nbytes < size * dtype.itemsize:
        buffer = _local.buffer = np.empty(size * dtype.itemsize, np.uint8)
    return buffer[: size * dtype.itemsize].view(dtype)


def blocks(batch: int, column: int, out: tuple[int, ...]) -> Iterator[tuple[slice, slice]]:
    """Pieces (images, rows of the first output axis) whose columns, ``column`` elements per position, fit a block."""
    image = column * prod(out)
    images = max(1, min(batch, BLOCK // max(image, 1)))
    rows = out[0] if images > 1 or image <= BLOCK else max(1, min(out[0], BLOCK * out[0] // image))
    for n, r in product(range(0, batch, images), range(0, out[0], rows)):
        yield slice(n, min(n + images, batch)), slice(r, min(r + rows, out[0]))


def columns(view: Array, images: slice, rows: slice, spatial: int) -> Array:
    """Copy of a block of ``windows`` as (C * kernel, images * positions), in the scratch buffer."""
    part = view[(images, slice(None), *[slice(None)] * spatial, rows)]
    part = np.moveaxis(part, 0, spatial + 1)
    out = scratch(part.size, view.dtype).reshape(part.shape)
    np.copyto(out, part)
    return out.reshape(prod(part.shape[: spatial + 1]), -1)


def by_groups(y: Array, images: slice, rows: slice, groups: int) -> Array:
    """A block of ``y`` (N, O, *out) as (groups, O / groups, images * positions); a view for a single image."""
    part = y[images, :, rows]
    if len(part) == 1:
        return np.asarray(part[0].reshape(groups, y.shape[1] // groups, -1))
    return np.ascontiguousarray(np.moveaxis(part, 0, 1)).reshape(groups, y.shape[1] // groups, -1)


def correlate(x: Array, w: Array, geo: Geometry, out: tuple[int, ...]) -> Array:
    """``x`` (N, C, *S) with ``w`` (O, C / groups, *kernel) gives (N, O, *out)."""
    spatial, g = len(out), geo.groups
    matrix = w.reshape(g, w.shape[0] // g, -1)
    y = np.empty((x.shape[0], w.shape[0], *out), np.result_type(x, w))
    if y.size == 0:
        return y
    if geo.is_pointwise and (len(x) == 1 or prod(out) >= 256):
        np.matmul(matrix, x.reshape(len(x), g, x.shape[1] // g, -1), out=y.reshape(len(x), g, w.shape[0] // g, -1))
        return y
    view = windows(padded(x, geo), geo, out)
    for images, rows in blocks(len(x), x.shape[1] * prod(geo.kernel), out):
        cols = columns(view, images, rows, spatial).reshape(g, matrix.shape[2], -1)
        target = y[images, :, rows]
        if len(target) == 1 and target[0].flags.c_contiguous:
            np.matmul(matrix, cols, out=target.reshape(g, matrix.shape[1], -1))
            continue
        block = np.matmul(matrix, cols).reshape(w.shape[0], len(target), *target.shape[2:])
        target[...] = np.moveaxis(block, 1, 0)
    return y


def input_gradient(g: Array, w: Array, geo: Geometry, size: tuple[int, ...]) -> Array:
    """Adjoint of ``correlate`` in x: ``g`` (N, O, *out) and ``w`` give (N, C, *size)."""
    out, groups = g.shape[2:], geo.groups
    channels, spatial = w.shape[1] * groups, len(size)
    matrix = w.reshape(groups, w.shape[0] // groups, -1).swapaxes(1, 2)
    if geo.is_pointwise and g.size:
        flat = np.matmul(matrix, g.reshape(len(g), groups, g.shape[1] // groups, -1))
        return np.asarray(flat.reshape(len(g), channels, *size))
    whole = tuple(n + lo + hi for n, (lo, hi) in zip(size, geo.padding, strict=True))
    x = np.zeros((len(g), channels, *whole), np.result_type(g, w))
    for images, rows in blocks(len(g), matrix.shape[1] * groups, out) if g.size else ():
        part = by_groups(g, images, rows, groups)
        cols = scratch(groups * matrix.shape[1] * part.shape[2], x.dtype)
        cols = np.matmul(matrix, part, out=cols.reshape(groups, matrix.shape[1], part.shape[2]))
        here = (rows.stop - rows.start, *out[1:])
        cols = cols.reshape(channels, *geo.kernel, images.stop - images.start, *here)
        scatter(np.moveaxis(cols, spatial + 1, 0), x[images], rows.start, geo)
    return x[interior(size, geo)]


def scatter(cols: Array, x: Array, first_row: int, geo: Geometry) -> None:
    """Add ``cols`` (N, C, *kernel, *out) back to where ``windows`` of ``x`` (N, C, *padded) read them (col2im)."""
    out = cols.shape[2 + len(geo.kernel) :]
    starts = (first_row * geo.stride[0], *[0] * (len(out) - 1))
    for tap in product(*map(range, geo.kernel)):
        axes = zip(starts, tap, geo.dilation, geo.stride, out, strict=True)
        place: Index = (..., *(slice(a + t * d, a + t * d + s * (n - 1) + 1, s) for a, t, d, s, n in axes))
        source: Index = (slice(None), slice(None), *tap)
        x[place] += cols[source]


def weight_gradient(g: Array, x: Array, geo: Geometry, shape: tuple[int, ...]) -> Array:
    """Adjoint of ``correlate`` in w: ``g`` (N, O, *out), ``x`` (N, C, *S) give ``shape`` (O, C / groups, *kernel)."""
    out, groups = g.shape[2:], geo.groups
    total = np.zeros((groups, shape[0] // groups, prod(shape[1:])), np.result_type(g, x))
    if g.size == 0:
        return total.reshape(shape)
    view = windows(padded(x, geo), geo, out)
    for images, rows in blocks(len(x), x.shape[1] * prod(geo.kernel), out):
        part = by_groups(g, images, rows, groups)
        if geo.is_pointwise and len(x[images]) == 1:
            cols = x[images, :, rows].reshape(groups, shape[1], -1)
        else:
            cols = columns(view, images, rows, len(out)).reshape(groups, total.shape[2], -1)
        total += np.matmul(part, cols.swapaxes(1, 2))
    return total.reshape(shape)


# The three as ops, each linear in both inputs; the gradients of one are the others. For gradients of gradients.


@op(name="convolution")
def _correlate(x: Array, w: Array, *, geo: Geometry, out: tuple[int, ...]) -> Answer:
    size, shape = x.shape[2:], w.shape
    return correlate(x, w, geo, out), (
        lambda g: input_gradient(g, w, geo, size),
        lambda g: weight_gradient(g, x, geo, shape),
    )


@op(name="convolution_input_gradient")
def _input_gradient(g: Array, w: Array, *, geo: Geometry, size: tuple[int, ...]) -> Answer:
    out, shape = g.shape[2:], w.shape
    return input_gradient(g, w, geo, size), (
        lambda u: correlate(u, w, geo, out),
        lambda u: weight_gradient(g, u, geo, shape),
    )


@op(name="convolution_weight_gradient")
def _weight_gradient(g: Array, x: Array, *, geo: Geometry, shape: tuple[int, ...]) -> Answer:
    out, size = g.shape[2:], x.shape[2:]
    return weight_gradient(g, x, geo, shape), (
        lambda u: correlate(x, u, geo, out),
        lambda u: input_gradient(g, u, geo, size),
    )


on_tensors(lambda x, w, geo, out: through(_correlate, x, w, geo=geo, out=out))(correlate)
on_tensors(lambda g, w, geo, size: through(_input_gradient, g, w, geo=geo, size=size))(input_gradient)
on_tensors(lambda g, x, geo, shape: through(_weight_gradient, g, x, geo=geo, shape=shape))(weight_gradient)
