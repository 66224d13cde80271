"""Chains of elementwise steps, a cache-full at a time: their intermediate arrays never reach the memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..array import Array
from ..second_order import on_tensors

BLOCK = 1 << 16
"""Elements of a block: measured best of 2**12 .. 2**17 for float32."""


@on_tensors(lambda steps, *inputs: steps(*inputs))
def in_blocks(steps: Callable[..., Array], *inputs: Array) -> Array:
    """``steps(*inputs)`` for inputs of one shape and dtype, elementwise; in the layout of the first."""
    first = inputs[0]
    if first.size <= BLOCK or not all(one.flags.c_contiguous for one in inputs):
        return np.asarray(steps(*inputs))
    flat = [one.reshape(-1) for one in inputs]
    out = np.empty(first.size, first.dtype)
    for start in range(0, first.size, BLOCK):
        part = slice(start, start + BLOCK)
        out[part] = steps(*(one[part] for one in flat))
    return out.reshape(first.shape)


def row_blocks(rows: Array) -> list[slice]:
    """Slices over the rows of ``rows`` (R, D) of about a block each."""
    count = max(1, BLOCK // max(rows.shape[1], 1))
    return [slice(start, start + count) for start in range(0, len(rows), count)]
