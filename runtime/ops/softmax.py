"""`softmax`, `log_softmax`, `softmin`."""

from __future__ import annotations

import warnings

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import dtype as DType
from ..summed import summed
from ..tensor import Tensor
from .dims import wrap_dim
from .memory import cast
from .supported import floating

__all__ = ["log_softmax", "softmax", "softmin"]


def log_probabilities(x: Array, dim: int) -> Array:
    """``x - log(sum(exp(x)))`` along ``dim``."""
    if x.size == 0 or x.ndim == 0:
        return x - x
    with np.errstate(invalid="ignore"):
        shifted = x - x.max(dim, keepdims=True)
    shifted -= np.log(summed(np.exp(shifted), dim, keepdims=True))
    return np.asarray(shifted)


def probabilities(x: Array, dim: int) -> Array:
    """``exp(x) / sum(exp(x))`` along ``dim``."""
    if x.size == 0 or x.ndim == 0:
        return np.asarray(np.exp(x - x))
    with np.errstate(invalid="ignore"):
        y = x - x.max(dim, keepdims=True)
    np.exp(y, out=y)
    y /= summed(y, dim, keepdims=True)
    return np.asarray(y)


def _total(g: Array, dim: int) -> Array:
    return summed(g, dim, keepdims=True) if g.ndim else g


@op(layout="rows")
def _softmax(x: Array, *, dim: int) -> Answer:
    y = probabilities(x, dim)
    return y, lambda g: (g - _total(g * y, dim)) * y


@op(layout="rows")
def _log_softmax(x: Array, *, dim: int) -> Answer:
    y = log_probabilities(x, dim)
    return y, lambda g: g - np.exp(y) * _total(g, dim)


@op(layout="rows")
def _softmin(x: Array, *, dim: int) -> Answer:
    y = probabilities(-x, dim)
    return y, lambda g: (_total(g * y, dim) - g) * y


def _legacy_dim(name: str, rank: int, stacklevel: int) -> int:
    """The dimension torch used before it had to be named, with torch's warning."""
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        stacklevel=stacklevel,
    )
    return 0 if rank in (0, 1, 3) else 1


def _prepared(
    name: str, kernel: str, input: Tensor, dim: int | None, stacklevel: int, dtype: DType | None
) -> tuple[Tensor, int]:
    """The input in its ``dtype`` and the dimension counted from the front."""
    axis = _legacy_dim(name, input.ndim, stacklevel + 1) if dim is None else dim
    axis = wrap_dim(axis, input.ndim)
    if dtype is not None:
        input = cast(input, dtype)
    last = "lastdim_kernel_impl" if axis == max(input.ndim, 1) - 1 else "kernel_impl"
    floating(f"{kernel}_{last}", input)
    return input, axis


def softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None) -> Tensor:
    """``exp(x) / sum(exp(x))`` along ``dim``; without ``dim`` torch's old choice, with its warning."""
    values, axis = _prepared("softmax", "softmax", input, dim, _stacklevel, dtype)
    return _softmax(values, dim=axis)


def log_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None) -> Tensor:
    """The logarithm of `softmax`, computed without it."""
    values, axis = _prepared("log_softmax", "log_softmax", input, dim, _stacklevel, dtype)
    return _log_softmax(values, dim=axis)


def softmin(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None) -> Tensor:
    """`softmax` of ``-x``."""
    values, axis = _prepared("softmin", "softmax", input, dim, _stacklevel, dtype)
    return _softmin(values, dim=axis)
