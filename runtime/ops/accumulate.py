"""Adding into places that may repeat: `np.add.at` without its slowness."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..recorded import through
from ..second_order import on_tensors

CROWD = 16
"""So many rows may be added up into one, one after the other, before they lose digits."""


def added_at(shape: tuple[int, ...], key: tuple[Any, ...], g: Array) -> Array:
    """Zeros of *shape* with *g* added at the numpy key *key*, repeated places summed."""
    back = np.zeros(shape, g.dtype)
    indexed = [at for at, part in enumerate(key) if isinstance(part, np.ndarray)]
    whole = all(isinstance(part, slice) and part == slice(None) for at, part in enumerate(key) if at not in indexed)
    if g.dtype.kind != "f" or not whole or indexed != list(range(len(indexed))):
        np.add.at(back, key, g)
        return back
    rows = flat_places(shape, key[: len(indexed)])
    width = math.prod(shape[len(indexed) :])
    added_rows(back.reshape(-1, width), rows.reshape(-1), np.broadcast_to(g, g.shape).reshape(-1, width))
    return back


@op(name="added_at", linear=True)
def scattered_sum(g: Array, *, shape: tuple[int, ...], key: tuple[Any, ...]) -> Answer:
    """`added_at` of tensors."""
    return added_at(shape, key, g), lambda u: u[key]


on_tensors(lambda shape, key, g: through(scattered_sum, g, shape=shape, key=key))(added_at)


def placed_along(shape: tuple[int, ...], index: Array, g: Array, axis: int) -> Array:
    """Zeros of *shape* with *g* at the places *index* along *axis*; `np.take_along_axis` backwards."""
    back = np.zeros(shape, g.dtype)
    np.put_along_axis(back, index, g, axis)
    return back


@op(name="placed_along", linear=True)
def _placed_along(g: Array, *, shape: tuple[int, ...], index: Array, axis: int) -> Answer:
    return placed_along(shape, index, g, axis), lambda u: np.take_along_axis(u, index, axis)


on_tensors(lambda shape, index, g, axis: through(_placed_along, g, shape=shape, index=index, axis=axis))(placed_along)


def flat_places(shape: tuple[int, ...], indices: Any) -> Array:
    """Row-major positions of broadcast *indices* in the leading dimensions of *shape*; negative ones wrap."""
    places: Array = np.zeros((), np.int64)
    for size, index in zip(shape, indices, strict=False):
        places = places * size + np.where(index < 0, index + size, index)
    return places


def added_rows(back: Array, rows: Array, g: Array) -> Array:
    """``back[rows] += g`` with repeated *rows* summed, in place; *back* (n, width), *rows* (m,), *g* (m, width)."""
    if not rows.size or not back.size:
        return back
    if back.shape[1] == 1 and back.dtype.kind == "f":
        back[:, 0] += np.bincount(rows, weights=g[:, 0], minlength=len(back)).astype(back.dtype)
        return back
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    if len(starts) == len(rows):
        back[rows] += g
    else:
        crowded = g.dtype == np.float32 and len(rows) > CROWD * len(starts)
        wide = np.float64 if crowded else g.dtype
        back[ordered[starts]] += np.add.reduceat(g[order], starts, axis=0, dtype=wide).astype(g.dtype, copy=False)
    return back
