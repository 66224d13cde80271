"""Adding into places that may repeat: `np.add.at` without its slowness."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..array import Array


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
    if back.shape[1] == 1:
        back[:, 0] += np.bincount(rows, weights=g[:, 0], minlength=len(back)).astype(back.dtype)
        return back
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    if len(starts) == len(rows):
        back[rows] += g
    else:
        back[ordered[starts]] += np.add.reduceat(g[order], starts, axis=0)
    return back
