"""Windows of bare arrays: joining their taps axis by axis, finding the tap that won, and going back."""

from __future__ import annotations

from itertools import product
from typing import Any, TypeAlias

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..recorded import bare, through
from ..second_order import on_tensors
from .pool_shape import Windows
from .select import zeroed

Index: TypeAlias = "tuple[Any, ...]"


def lowest(dtype: np.dtype[Any]) -> Any:
    """The number that loses every comparison."""
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def widened(x: Array, win: Windows, fill: Any) -> Array:
    """``x`` (..., *S) with so much ``fill`` around it that every window lies inside; itself if all do already."""
    sides = win.overhang(x.shape[-len(win.kernel) :])
    if not any(lo or hi for lo, hi in sides):
        return x
    lead = x.shape[: x.ndim - len(sides)]
    size = x.shape[x.ndim - len(sides) :]
    out = np.full((*lead, *(n + lo + hi for n, (lo, hi) in zip(size, sides, strict=True))), fill, x.dtype)
    middle: Index = (..., *(slice(lo, lo + n) for n, (lo, _) in zip(size, sides, strict=True)))
    out[middle] = x
    return out


def along(x: Array, axis: int, win: Windows, which: int, join: np.ufunc) -> Array:
    """``join`` of all taps of the windows along one ``axis``, spatial axis number ``which``."""
    kernel, stride, gap, out = win.kernel[which], win.stride[which], win.dilation[which], win.out[which]
    lead: Index = (slice(None),) * axis
    if out == 1 and gap == 1:
        return np.asarray(join.reduce(x[(*lead, slice(0, kernel))], axis=axis, keepdims=True))
    span = (out - 1) * stride + 1
    total = x[(*lead, slice(0, span, stride))].copy()
    for tap in range(1, kernel):
        join(total, x[(*lead, slice(tap * gap, tap * gap + span, stride))], out=total)
    return total


def pooled(x: Array, win: Windows, join: np.ufunc) -> Array:
    """``join`` over every window of the widened ``x``, one axis after the other."""
    first = x.ndim - len(win.kernel)
    for which in range(len(win.kernel)):
        x = along(x, first + which, win, which, join)
    return x


def taps(win: Windows) -> list[Index]:
    """For every tap of a window, row by row, where it lies in the widened input for all windows at once."""
    return [
        (
            ...,
            *(
                slice(t * d, t * d + (o - 1) * s + 1, s)
                for t, d, s, o in zip(tap, win.dilation, win.stride, win.out, strict=True)
            ),
        )
        for tap in product(*map(range, win.kernel))
    ]


def winners(wide: Array, y: Array, inside: Array | None, win: Windows) -> Array:
    """Number of the tap that each window's maximum ``y`` is at: the first of equals, the last of nans.

    ``inside`` is 1 where ``wide`` is input: given only where a maximum could be mistaken for the fill.
    """
    places = taps(win)
    number: Array = np.zeros(y.shape, np.uint8 if len(places) < 256 else np.int32)
    missing: Array = np.ones(y.shape, bool)
    for place in places[:-1]:
        differs = wide[place] != y
        if inside is not None:
            differs |= ~inside[place]
        missing &= differs
        number += missing
    if y.dtype.kind == "f" and np.isnan(y).any():
        for count, place in enumerate(places):
            np.copyto(number, count, where=np.isnan(wide[place]))
    return number


def max_indices(x: Array, win: Windows) -> tuple[Array, Array]:
    """The maxima and the tap each is at."""
    fill = lowest(x.dtype)
    wide = widened(x, win, fill)
    y = pooled(wide, win, np.maximum)
    inside = None
    if wide is not x and (y == fill).any():
        inside = widened(np.ones(x.shape[-len(win.kernel) :], bool), win, False)
    return y, winners(wide, y, inside, win)


@op(name="spread_to_winners", linear=True)
def _spread(g: Array, *, number: Array, size: tuple[int, ...], win: Windows) -> Answer:
    def back(u: Array) -> Array:
        flat, lead = flat_positions(number, size, win), u.shape[: u.ndim - len(size)]
        planes, places = u.reshape(*lead, int(np.prod(size))), flat.reshape(*lead, int(np.prod(win.out)))
        return np.take_along_axis(planes, places, -1).reshape(number.shape)

    return spread_to_winners(g, number, size, win), back


def flat_positions(number: Array, size: tuple[int, ...], win: Windows) -> Array:
    """Index into the flattened spatial axes of the input for the tap ``number`` of every window."""
    rows = [int(np.prod(size[i + 1 :])) for i in range(len(size))]
    offsets = np.array(
        [
            sum(t * d * row for t, d, row in zip(tap, win.dilation, rows, strict=True))
            for tap in product(*map(range, win.kernel))
        ]
    )
    base: Any = 0
    for i, row in enumerate(rows):
        start = (np.arange(win.out[i]) * win.stride[i] - win.padding[i]) * row
        base = base + start.reshape(-1, *[1] * (len(rows) - i - 1))
    flat: Array = offsets[number] + base
    return flat


def spread_to_winners(g: Array, number: Array, size: tuple[int, ...], win: Windows) -> Array:
    """Gradient of the input: each window's gradient at its winner."""
    sides = win.overhang(size)
    lead = g.shape[: g.ndim - len(size)]
    dx = np.zeros((*lead, *(n + lo + hi for n, (lo, hi) in zip(size, sides, strict=True))), g.dtype)
    apart = all(s >= d * (k - 1) + 1 for s, d, k in zip(win.stride, win.dilation, win.kernel, strict=True))
    for tap, place in enumerate(taps(win)):
        part = zeroed(g, number != tap)
        if apart:
            dx[place] = part
        else:
            dx[place] += part
    crop: Index = (..., *(slice(lo, lo + n) for n, (lo, _) in zip(size, sides, strict=True)))
    return dx[crop]


on_tensors(lambda x, win: max_indices(bare(x), win))(max_indices)
on_tensors(lambda g, number, size, win: through(_spread, g, number=number, size=size, win=win))(spread_to_winners)
