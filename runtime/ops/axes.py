"""Views with the dimensions in another order."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .dims import sizes_of, wrap_dim


@op
def _transpose(x: Array, *, dim0: int, dim1: int) -> Answer:
    if not x.ndim:
        return x.view(), lambda g: g
    return x.swapaxes(dim0, dim1), lambda g: g.swapaxes(dim0, dim1)


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """With two dimensions swapped."""
    return _transpose(input, dim0=wrap_dim(dim0, input.ndim), dim1=wrap_dim(dim1, input.ndim))


def swapaxes(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """`transpose` under numpy's name."""
    return transpose(input, axis0, axis1)


def swapdims(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """`transpose` under another name."""
    return transpose(input, dim0, dim1)


def t(input: Tensor) -> Tensor:
    """A matrix transposed; a vector or number as it is; RuntimeError above two dimensions."""
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")
    return _transpose(input, dim0=0, dim1=input.ndim - 1) if input.ndim else transpose(input, 0, 0)


def transposed_last(input: Tensor) -> Tensor:
    """``x.mT``: the last two dimensions swapped."""
    if input.ndim < 2:
        raise RuntimeError(
            f"tensor.mT is only supported on matrices or batches of matrices. Got {input.ndim}-D tensor."
        )
    return transpose(input, -2, -1)


def reversed_dims(input: Tensor) -> Tensor:
    """``x.T``: all dimensions in reverse order."""
    return permute(input, tuple(range(input.ndim))[::-1])


@op
def _permute(x: Array, *, dims: tuple[int, ...]) -> Answer:
    back = tuple(np.argsort(dims)) if dims else ()
    return x.transpose(dims) if dims else x.view(), lambda g: g.transpose(back) if back else g


def permute(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """With the dimensions in the order *dims*."""
    wanted = sizes_of((named["dims"],) if "dims" in named else dims)
    if len(wanted) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {input.ndim} is not equal to len(dims) = {len(wanted)}"
        )
    order = tuple(wrap_dim(dim, input.ndim) for dim in wanted)
    if len(set(order)) != len(order):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return _permute(input, dims=order)


def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """With dimensions *source* moved to *destination*, the others in their order."""
    given = tuple([dims] if not isinstance(dims, (tuple, list)) else list(dims) for dims in (source, destination))
    if len(given[0]) != len(given[1]):
        raise RuntimeError(
            "movedim: Invalid source or destination dims: source "
            f"({given[0]} dims) should contain the same number of dims as destination ({given[1]} dims)"
        )
    origin, target = (tuple(wrap_dim(dim, input.ndim) for dim in dims) for dims in given)
    for name, dims, wrapped in (("source", given[0], origin), ("destination", given[1], target)):
        if len(set(wrapped)) != len(wrapped):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({dims})")
    order = [dim for dim in range(input.ndim) if dim not in origin]
    for at, dim in sorted(zip(target, origin, strict=True)):
        order.insert(at, dim)
    return permute(input, tuple(order))


moveaxis = movedim
