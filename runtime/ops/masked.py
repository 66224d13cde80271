"""Elements anywhere, by flat position or by mask: take, masked_select, masked_scatter."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .accumulate import added_at
from .out import same_dtype, takes_out


@op(linear=True)
def _take(x: Array, index: Array) -> Answer:
    shape = x.shape
    key = np.where(index < 0, index + x.size, index)
    return x.reshape(-1)[key], (lambda g: added_at((int(np.prod(shape)),), (key,), g).reshape(shape), None)


@takes_out(check=same_dtype)
def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements at flat positions *index*, in its shape."""
    size = input.array.size
    outside = (index.array < -size) | (index.array >= size)
    if outside.any():
        bad = int(np.ravel(index.array)[np.argmax(outside)])
        raise IndexError(f"out of range: tried to access index {bad} on a tensor of {size} elements.")
    return _take(input, index)


@op(linear=True)
def _masked_select(x: Array, mask: Array) -> Answer:
    shape = np.broadcast_shapes(x.shape, mask.shape)
    chosen = np.broadcast_to(mask, shape)

    def of_x(g: Array) -> Any:
        back = np.zeros(shape, g.dtype)
        back[chosen] = g
        return back

    return np.broadcast_to(x, shape)[chosen], (of_x, None)


@takes_out(check=same_dtype)
def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where the bool *mask* is true, in a row."""
    if mask.array.dtype != np.bool_:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    return _masked_select(input, mask)


@op(linear=True)
def _masked_scatter(x: Array, mask: Array, source: Array) -> Answer:
    shape = np.broadcast_shapes(x.shape, mask.shape)
    chosen, full = np.broadcast_to(mask, shape), source.shape
    result = np.array(np.broadcast_to(x, shape))
    count = int(chosen.sum())
    result[chosen] = source.reshape(-1)[:count]

    def of_source(g: Array) -> Any:
        back = np.zeros(int(np.prod(full)), g.dtype)
        back[:count] = g[chosen]
        return back.reshape(full)

    return result, (lambda g: np.where(chosen, g.dtype.type(0), g), None, of_source)


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """A copy with the elements of *source*, in order, where the bool *mask* is true."""
    if mask.array.dtype != np.bool_:
        raise RuntimeError(
            f"masked_scatter_ only supports boolean masks, but got mask with dtype {str(mask.dtype)[6:]}"
        )
    if np.broadcast_to(mask.array, np.broadcast_shapes(input.shape, mask.shape)).sum() > source.array.size:
        raise RuntimeError("Number of elements of source < number of ones in mask")
    return _masked_scatter(input, mask, source)
