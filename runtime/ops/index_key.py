"""Reading the index of ``x[...]``: what makes a view, and what picks from it."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..tensor import Tensor, wrap

Key = tuple[Any, ...]


def parsed(x: Tensor, index: Any) -> tuple[Key, tuple[Tensor, ...], tuple[int, ...]]:
    """The basic key, the tensors that pick afterwards, and at which dimensions of the view they do."""
    items = index if isinstance(index, tuple) else tuple(index) if _reads_as_tuple(index) else (index,)
    items = tuple(_item(item) for item in items)
    used = sum(_takes(item) for item in items)
    if used > x.ndim:
        if not x.ndim and any(type(item) is int for item in items):
            raise IndexError(
                "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to "
                "convert a 0-dim tensor to a number"
            )
        raise IndexError(f"too many indices for tensor of dimension {x.ndim}")
    basic: list[Any] = []
    picks: list[Tensor] = []
    dims: list[int] = []
    at, out = 0, 0  # the dimension of x, and that of the view, which come next
    spread_out = False
    for item in items:
        if item is Ellipsis:
            rest = 0 if spread_out else x.ndim - used
            basic += [slice(None)] * rest
            at, out, spread_out = at + rest, out + rest, True
        elif isinstance(item, Tensor):
            rank = _takes(item)
            basic += [slice(None)] * rank if rank else [None]
            picks.append(item)
            dims.append(out)
            at, out = at + rank, out + max(rank, 1)
        else:
            basic.append(_checked(item, x.array.shape, at))
            at += item is not None
            out += type(item) is not int
    return (*basic, ...), _leading_axis(picks), tuple(dims)


def _leading_axis(picks: list[Tensor]) -> tuple[Tensor, ...]:
    """0-d masks act on a dimension of size one put in for them."""
    return tuple(wrap(pick.array.reshape(1)) if not pick.array.ndim else pick for pick in picks)


def _reads_as_tuple(index: Any) -> bool:
    """torch's legacy rule: a short list that holds anything but numbers stands for a tuple."""
    if not isinstance(index, list) or len(index) >= 32:
        return False
    return any(item is None or item is Ellipsis or isinstance(item, (slice, Sequence, Tensor)) for item in index)


def _item(item: Any) -> Any:
    """One part of the index as int, slice, None, Ellipsis or a tensor of integers or bool."""
    if item is None or item is Ellipsis or isinstance(item, slice):
        return item
    if isinstance(item, (bool, np.bool_)):
        return wrap(np.asarray(item))
    if isinstance(item, Tensor):
        return _tensor_item(item)
    if isinstance(item, str):
        raise TypeError("new(): invalid data type 'str'")
    if isinstance(item, (Sequence, np.ndarray)):
        array = np.asarray(item)
        return _tensor_item(wrap(array.astype(np.int64) if not array.size else array))
    try:
        return operator.index(item)
    except TypeError:
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
            f"(got {type(item).__name__})"
        ) from None


def _tensor_item(item: Tensor) -> Any:
    kind = item.array.dtype
    if kind.kind == "b" or kind == np.uint8:
        return item
    if kind not in (np.int64, np.int32, np.int8, np.int16):
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return item if item.ndim else int(item.array)


def _takes(item: Any) -> int:
    """How many dimensions of the input one part uses up."""
    if item is None or item is Ellipsis:
        return 0
    if isinstance(item, Tensor):
        return item.array.ndim if item.array.dtype.kind == "b" or item.array.dtype == np.uint8 else 1
    return 1


def _checked(item: Any, shape: tuple[int, ...], at: int) -> Any:
    if isinstance(item, slice):
        bounds = tuple(
            int(bound) if isinstance(bound, Tensor) else bound for bound in (item.start, item.stop, item.step)
        )
        if bounds[2] is not None and bounds[2] <= 0:
            raise ValueError("step must be greater than zero")
        return slice(*bounds)
    if item is not None and not -shape[at] <= item < shape[at]:
        raise IndexError(f"index {item} is out of bounds for dimension {at} with size {shape[at]}")
    return item
