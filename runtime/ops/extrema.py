"""Choosing element by element: clamp, minimum and maximum of two, where, masked_fill."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..promotion import need_fitting
from ..tensor import Tensor
from .conv import C_NAMES
from .out import deliver
from .pointwise import binary_tensors, need_tensor_among, require_tensor


def _halved_at_ties(wins: Array, x: Array, y: Array) -> Array:
    """The share of each input in the result: 1, 0, or ½ where both are equal."""
    share: Array = np.where(x == y, x.dtype.type(0.5) if x.dtype.kind == "f" else 0, wins.astype(x.dtype))
    return share


@binary_tensors
def maximum(x: Array, y: Array) -> Answer:
    """The larger; nan if one is. At ties each gets half of the gradient."""
    share = (lambda g: g * _halved_at_ties(x > y, x, y)), (lambda g: g * _halved_at_ties(y > x, x, y))
    return np.maximum(x, y), share


@binary_tensors
def minimum(x: Array, y: Array) -> Answer:
    """The smaller; nan if one is. At ties each gets half of the gradient."""
    share = (lambda g: g * _halved_at_ties(x < y, x, y)), (lambda g: g * _halved_at_ties(y < x, x, y))
    return np.minimum(x, y), share


@binary_tensors
def fmax(x: Array, y: Array) -> Answer:
    """The larger, or the one that is not nan. At ties input gets the gradient."""
    first = (x >= y) | np.isnan(y)
    return np.fmax(x, y), (lambda g: g * first, lambda g: g * ~first)


@binary_tensors
def fmin(x: Array, y: Array) -> Answer:
    """The smaller, or the one that is not nan. At ties input gets the gradient."""
    first = (x <= y) | np.isnan(y)
    return np.fmin(x, y), (lambda g: g * first, lambda g: g * ~first)


@op(promote=True)
def _clamp(x: Array, low: Array | None, high: Array | None) -> Answer:
    """At the bounds themselves the gradient goes to x, as torch has it."""
    value = x if low is None else np.maximum(x, low)
    value = value if high is None else np.minimum(value, high)

    def inside() -> Array:
        kept = np.ones((), np.bool_) if low is None else x >= low
        kept = kept if high is None else kept & (x <= high)
        return kept | np.isnan(x)

    def of_low(g: Array) -> Any:
        assert low is not None
        return g * ((x < low) if high is None else (x < low) & (low < high))

    def of_high(g: Array) -> Any:
        assert high is not None
        return g * ((x > high) if low is None else (x > high) | (low > high))

    return value, (lambda g: g * inside(), of_low, of_high)


def clamp(input: Tensor, min: Any = None, max: Any = None, *, out: Tensor | None = None) -> Tensor:
    """min(max(input, min), max), bounds numbers or tensors; RuntimeError without any bound."""
    require_tensor(input, "clamp")
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    return deliver(_clamp(input, min, max), out, "clamp")


clip = clamp


def clamp_min(input: Tensor, min: Any, *, out: Tensor | None = None) -> Tensor:
    """max(input, min)."""
    need_tensor_among("clamp_min", input, min, first=True)
    return deliver(_clamp(input, min, None), out, "clamp_min")


def clamp_max(input: Tensor, max: Any, *, out: Tensor | None = None) -> Tensor:
    """min(input, max)."""
    need_tensor_among("clamp_max", input, max, first=True)
    return deliver(_clamp(input, None, max), out, "clamp_max")


@op(promote=True, skip=(0,))
def _where(condition: Array, x: Array, y: Array) -> Answer:
    zero = x.dtype.type(0)
    return np.where(condition, x, y), (
        None,
        lambda g: np.where(condition, g, zero),
        lambda g: np.where(condition, zero, g),
    )


def where(condition: Tensor, input: Any = None, other: Any = None, *, out: Tensor | None = None) -> Any:
    """input where *condition*, else other; with *condition* alone, the tuple of indices that are not zero."""
    if input is None and other is None:
        return tuple(nonzero_columns(condition))
    if condition.array.dtype.name not in ("bool", "uint8"):
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype.legacy}"
        )
    return deliver(_where(condition, input, other), out, "where")


@op
def _nonzero_columns(x: Array) -> tuple[tuple[Array, ...], None]:
    return np.nonzero(np.atleast_1d(x)), None


def nonzero_columns(input: Tensor) -> tuple[Tensor, ...]:
    """One index tensor per dimension: where *input* is not zero."""
    return _nonzero_columns(input)


@op
def _nonzero(x: Array) -> Answer:
    return (np.argwhere(x) if x.ndim else np.empty((int(bool(x)), 0), np.int64)), None


def nonzero(input: Tensor, *, out: Tensor | None = None, as_tuple: bool = False) -> Any:
    """The indices of elements that are not zero: shape (n, rank), or a tuple of columns."""
    return nonzero_columns(input) if as_tuple else deliver(_nonzero(input), out, "nonzero")


def argwhere(input: Tensor) -> Tensor:
    """The indices of elements that are not zero, shape (n, rank)."""
    return _nonzero(input)


@op
def _masked_fill(x: Array, mask: Array, value: Any) -> Answer:
    zero = x.dtype.type(0)
    filled = np.where(mask, np.asarray(value).astype(x.dtype), x)
    return filled, (lambda g: np.where(mask, zero, g), None, lambda g: np.where(mask, g, zero).sum(dtype=g.dtype))


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """*value* where *mask*, else input; RuntimeError unless the mask is bool."""
    if mask.array.dtype != np.bool_:
        kind = C_NAMES.get(mask.dtype.name, mask.dtype.name)
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {kind}")
    if isinstance(value, Tensor) and value.ndim:
        raise RuntimeError(
            f"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.ndim} dimension(s)."
        )
    need_fitting(value.array.item() if isinstance(value, Tensor) else value, input.dtype)
    return _masked_fill(input, mask, value)
