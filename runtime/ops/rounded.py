"""Functions of float32 that are computed in double and rounded once, as torch's vector library does it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from ..second_order import on_tensors

BLOCK = 1 << 14
"""So many doubles at a time: they stay in the cache."""
LARGE = 1 << 18
"""More values than a table of positions has: for activations numpy's own form is good enough, and ten times quicker."""


@on_tensors(lambda function, *inputs: function(*inputs))
def rounded(function: Any, *inputs: Array) -> Array:
    """``function`` of numpy, elementwise: its own float32 form is off in the last digit at every third value."""
    first, *others = inputs
    if first.size > LARGE or any(x.dtype != np.float32 for x in inputs):
        return np.asarray(function(*inputs))
    if others or not first.flags.c_contiguous:
        out = np.empty(np.broadcast_shapes(*(x.shape for x in inputs)), np.float32)
        return np.asarray(function(*inputs, out=out, dtype=np.float64, casting="same_kind"))
    value, flat = np.empty(first.size, np.float32), first.reshape(-1)
    for start in range(0, first.size, BLOCK):
        wide = flat[start : start + BLOCK].astype(np.float64)
        value[start : start + BLOCK] = function(wide, out=wide)
    return value.reshape(first.shape)
