"""Lengths and distances: vector and matrix norms, dist, cdist."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import dtype as Dtype
from ..tensor import Tensor
from .arithmetic import sub
from .dims import axes_of, wrap_dims
from .memory import cast
from .out import takes_out
from .reduce import spread, total
from .supported import floating


def _length(x: Array, p: float, axes: tuple[int, ...]) -> Array:
    """The p-norm with dims kept."""
    size = np.abs(x)
    if p == math.inf:
        return np.asarray(np.max(size, axis=axes, keepdims=True, initial=0))
    if p == -math.inf:
        return np.asarray(np.min(size, axis=axes, keepdims=True))
    if p == 0:
        return total((x != 0).astype(size.dtype), axes, True)
    if p == 1:
        return total(size, axes, True)
    if p == 2:
        return np.asarray(np.sqrt(total(size * size, axes, True)))
    return np.asarray(total(size**p, axes, True) ** size.dtype.type(1 / p))


def _slope(x: Array, p: float, length: Array, axes: tuple[int, ...]) -> Any:
    """∂length/∂x: 0 at the origin, even among ties for the infinite norms."""
    zero = x.dtype.type(0)
    if p == 1:
        return np.sign(x)
    if math.isinf(p):
        ties = np.abs(x) == length
        return np.sign(x) * ties / ties.sum(axis=axes, keepdims=True, dtype=x.dtype)
    if p == 2:
        return np.where(length == 0, zero, x / length)
    size = np.abs(x)
    if p < 1:
        return np.where(x == 0, zero, np.sign(x) * size ** (p - 1)) * length ** (1 - p)
    powers = np.sign(x) * size ** (p - 1)
    return np.where(length == 0, zero, powers / length ** (p - 1))


@op(adjoint=True)
def _vector_norm(x: Array, *, p: float, dim: tuple[int, ...], keepdim: bool) -> Answer:
    length = _length(x, p, dim)
    value = length if keepdim else length.squeeze(dim) if dim else length
    if p == 0:
        return value, lambda g: None
    return value, lambda g: spread(g, dim, keepdim, x.shape) * _slope(x, p, length, dim)


@takes_out
def vector_norm(
    x: Tensor, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Dtype | None = None
) -> Tensor:
    """(Σ |x|ᵖ)^(1/p) over *dim* (all if None); max, min and a count of what is not zero for p = ∞, −∞, 0."""
    x = x if dtype is None else cast(x, dtype)
    if x.array.dtype.kind not in "fc":
        raise RuntimeError(
            f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {x.dtype.legacy}"
        )
    return _vector_norm(x, p=float(ord), dim=axes_of(dim, x.ndim), keepdim=keepdim)


def norm(
    input: Tensor,
    p: Any = "fro",
    dim: Any = None,
    keepdim: bool = False,
    out: Tensor | None = None,
    dtype: Dtype | None = None,
) -> Tensor:
    """`torch.norm`: the vector norm over *dim*; 'fro' is the 2-norm, 'nuc' the sum of singular values of a matrix."""
    if p == "nuc":
        return matrix_norm(input, "nuc", (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    if isinstance(p, str) and p != "fro":
        raise RuntimeError(f"Only valid choices for the string p are 'fro' and 'nuc', but got {p}")
    return vector_norm(input, 2 if p is None or p == "fro" else p, dim, keepdim, dtype=dtype)


def norm_method(
    input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: Dtype | None = None
) -> Tensor:
    """`Tensor.norm`: `torch.norm` without *out*."""
    return norm(input, p, dim, keepdim, dtype=dtype)


@takes_out
def matrix_norm(
    A: Tensor, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Dtype | None = None
) -> Tensor:
    """The norm of matrices in two dimensions: 'fro', 'nuc', ±1 (columns), ±inf (rows), ±2 (singular values)."""
    A = A if dtype is None else cast(A, dtype)
    rows, columns = wrap_dims(dim, A.ndim)
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    if ord not in ("nuc", 1, -1, 2, -2, math.inf, -math.inf):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    return _matrix_norm(A, ord=ord, rows=rows, columns=columns, keepdim=keepdim)


@op
def _matrix_norm(x: Array, *, ord: Any, rows: int, columns: int, keepdim: bool) -> Answer:
    a = np.moveaxis(x, (rows, columns), (-2, -1))
    if ord == "nuc" or abs(ord) == 2:
        u, values, v = np.linalg.svd(a, full_matrices=False)
        if ord == "nuc":
            value, weight = values.sum(-1), np.ones_like(values)
        else:
            value = values[..., 0] if ord == 2 else values[..., -1]
            weight = (values == value[..., None]).astype(a.dtype)
            weight = weight / weight.sum(-1, keepdims=True)
        slope = (u * weight[..., None, :]) @ v
    else:
        sums = np.abs(a).sum(-2 if abs(ord) == 1 else -1)
        value = sums.max(-1) if ord > 0 else sums.min(-1)
        ties = (sums == value[..., None]).astype(a.dtype)
        ties = ties / ties.sum(-1, keepdims=True)
        slope = np.sign(a) * np.expand_dims(ties, -2 if abs(ord) == 1 else -1)

    def pullback(g: Array) -> Any:
        flat = np.moveaxis(g, (rows, columns), (-2, -1)) if keepdim else np.asarray(g)[..., None, None]
        return np.moveaxis(flat * slope, (-2, -1), (rows, columns))

    shaped = np.moveaxis(value[..., None, None], (-2, -1), (rows, columns)) if keepdim else value
    return shaped, pullback


@takes_out
def linalg_norm(
    A: Tensor, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Dtype | None = None
) -> Tensor:
    """`torch.linalg.norm`: a vector norm over one dimension, a matrix norm over two, the 2-norm of all without both."""
    matrix = (A.ndim == 2 and dim is None) or (isinstance(dim, (tuple, list)) and len(dim) == 2)
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    if matrix:
        return matrix_norm(A, ord, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    if isinstance(ord, str):
        raise RuntimeError(
            f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {A.ndim}D."
        )
    return vector_norm(A, ord, dim, keepdim, dtype=dtype)


def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of input − other."""
    return vector_norm(sub(input, other), p)


@op(adjoint=True)
def _cdist(x: Array, y: Array, *, p: float) -> Answer:
    away = x[..., :, None, :] - y[..., None, :, :]
    length = _length(away, p, (-1,))

    def slope(g: Array) -> Any:
        if p == 0:
            return np.zeros_like(away)
        return g[..., None] * _slope(away, p, length, (-1,))

    return length.squeeze(-1), (lambda g: slope(g).sum(-2), lambda g: -slope(g).sum(-3))


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: str = "use_mm_for_euclid_dist_if_necessary") -> Tensor:
    """The p-distance of every row of *x1* from every row of *x2*; batches broadcast."""
    if x1.ndim < 2 or x2.ndim < 2:
        name, x = ("X1", x1) if x1.ndim < 2 else ("X2", x2)
        raise RuntimeError(f"cdist only supports at least 2D tensors, {name} got: {x.ndim}D")
    if x1.array.shape[-1] != x2.array.shape[-1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {x1.array.shape[-1]} X2: {x2.array.shape[-1]}"
        )
    if p < 0:
        raise RuntimeError("cdist only supports non-negative p values")
    for name, x in (("X1", x1), ("X2", x2)):
        if not x.dtype.is_floating_point:
            raise RuntimeError(f"cdist only supports floating-point dtypes, {name} got: {x.dtype.legacy}")
    floating("cdist", x1)
    return _cdist(x1, x2, p=float(p))
