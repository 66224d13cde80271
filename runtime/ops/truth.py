"""Whether and how many elements are true, over dimensions."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .dims import axes_of
from .out import takes_out


def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many elements are not zero, over *dim* (all if None)."""
    axes = axes_of(dim, input.ndim)
    return _count_nonzero(input, dim=axes)


@op
def _count_nonzero(x: Array, *, dim: tuple[int, ...]) -> Answer:
    return np.asarray(np.sum(x != 0, axis=dim, dtype=np.int64)), None


def _logical(x: Array, value: Array) -> Array:
    return value.astype(np.uint8) if x.dtype == np.uint8 else value  # torch keeps uint8 here, for old masks' sake


@op
def _all(x: Array, *, dim: tuple[int, ...], keepdim: bool) -> Answer:
    return _logical(x, np.asarray(np.all(x, axis=dim, keepdims=keepdim))), None


@op
def _any(x: Array, *, dim: tuple[int, ...], keepdim: bool) -> Answer:
    return _logical(x, np.asarray(np.any(x, axis=dim, keepdims=keepdim))), None


@takes_out
def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether every element is true (not zero), over *dim* (all if None)."""
    return _all(input, dim=_some(dim, input), keepdim=keepdim)


@takes_out
def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether an element is true (not zero), over *dim* (all if None)."""
    return _any(input, dim=_some(dim, input), keepdim=keepdim)


def _some(dim: Any, x: Tensor) -> tuple[int, ...]:
    return () if dim == () and builtins.isinstance(dim, tuple) else axes_of(dim, x.ndim)
