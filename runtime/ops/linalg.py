"""Square matrices: det, inv, solve, cholesky, powers, the pseudo-inverse and least squares."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

import numpy as np

from ..array import Answer, Answers, Array
from ..autograd import op
from ..tensor import Tensor
from .matmul import flipped, matmul
from .out import takes_out
from .strided import diagonal

LinAlgError = type(
    "LinAlgError", (RuntimeError,), {"__doc__": "torch.linalg.LinAlgError: a matrix without the answer."}
)


class SlogDet(NamedTuple):
    """Sign and logarithm of the size of a determinant."""

    sign: Tensor
    logabsdet: Tensor


def need_square(x: Tensor, name: str) -> None:
    """RuntimeError unless the last two dimensions are equal; NotImplementedError-like for integers."""
    if x.ndim < 2:
        raise RuntimeError(f"{name}: The input tensor A must have at least 2 dimensions.")
    rows, columns = x.array.shape[-2:]
    if rows != columns:
        raise RuntimeError(f"{name}: A must be batches of square matrices, but they are {rows} by {columns} matrices")
    need_floating(x, name)


def need_floating(x: Tensor, name: str) -> None:
    """RuntimeError for integers."""
    if x.array.dtype.kind not in "fc":
        raise RuntimeError(f"{name}: Expected a floating point or complex tensor as input. Got {x.dtype.legacy}")


@op
def _det(x: Array) -> Answer:
    value = np.linalg.det(x)

    def pullback(g: Array) -> Any:
        return np.asarray(g)[..., None, None] * flipped(_adjugate(x, np.asarray(value)))

    return value, pullback


def _adjugate(x: Array, det: Array) -> Any:
    """det·inverse; for a singular matrix from its singular vectors, which needs no division."""
    if (det != 0).all():
        return np.asarray(det)[..., None, None] * np.linalg.inv(x)
    u, s, v = np.linalg.svd(x)
    n = s.shape[-1]
    others = np.stack([np.prod(np.delete(s, i, -1), -1) for i in range(n)], -1)
    sign = np.linalg.det(u) * np.linalg.det(v)
    return sign[..., None, None] * (flipped(v) * others[..., None, :]) @ flipped(u)


@takes_out
def det(A: Tensor) -> Tensor:
    """The determinant."""
    need_square(A, "linalg.det")
    return _det(A)


@op
def _slogdet(x: Array) -> Answers:
    sign, logabs = np.linalg.slogdet(x)
    return (sign, logabs), lambda g: np.asarray(g[1])[..., None, None] * flipped(np.linalg.inv(x))


@takes_out
def slogdet(A: Tensor) -> SlogDet:
    """Sign and log|det|."""
    need_square(A, "linalg.slogdet")
    return SlogDet(*_slogdet(A))


@op
def _logdet(x: Array) -> Answer:
    sign, logabs = np.linalg.slogdet(x)
    value = np.where(sign < 0, np.nan, logabs).astype(x.dtype)
    return value, lambda g: np.asarray(g)[..., None, None] * flipped(np.linalg.inv(x))


def logdet(input: Tensor) -> Tensor:
    """log det; nan where it is negative."""
    need_square(input, "linalg.slogdet")
    return _logdet(input)


@op
def _inv(x: Array) -> Answer:
    try:
        value = np.linalg.inv(x)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.inv: The diagonal element 1 is zero, the inversion could not be completed because the input matrix "
            "is singular."
        ) from None
    return value, lambda g: -flipped(value) @ g @ flipped(value)


@takes_out
def inv(A: Tensor) -> Tensor:
    """The inverse; LinAlgError for a singular matrix."""
    need_square(A, "linalg.inv")
    return _inv(A)


@takes_out
def inverse(input: Tensor) -> Tensor:
    """`linalg.inv`."""
    return inv(input)


@op
def _solve(a: Array, b: Array) -> Answer:
    vector = b.ndim == 1 or (b.ndim == a.ndim - 1 and b.shape == a.shape[:-1])
    right = b[..., None] if vector else b
    try:
        x = np.linalg.solve(a, right)
    except np.linalg.LinAlgError:
        raise LinAlgError("torch.linalg.solve: The solver failed because the input matrix is singular.") from None

    def of_b(g: Array) -> Any:
        back = np.linalg.solve(flipped(a), g[..., None] if vector else g)
        return back[..., 0] if vector else back

    def of_a(g: Array) -> Any:
        back = np.linalg.solve(flipped(a), g[..., None] if vector else g)
        return -back @ flipped(x)

    return (x[..., 0] if vector else x), (of_a, of_b)


@takes_out
def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """X with A·X = B (X·A = B if not *left*); B may be a vector. LinAlgError for a singular matrix."""
    need_square(A, "linalg.solve")
    if not left:
        return swapped(_solve(swapped(A), swapped(B)))
    return _solve(A, B)


@op(name="transpose")
def swapped(x: Array) -> Answer:
    return flipped(x), flipped


# What follows from them


@takes_out
def matrix_power(A: Tensor, n: int) -> Tensor:
    """A multiplied by itself *n* times; of the inverse for negative *n*."""
    need_square(A, "linalg.matrix_power")
    n = operator.index(n)
    if n == 0:
        return _eye_like(A)
    base, result = (inv(A) if n < 0 else A), None
    n = abs(n)
    while n:
        if n & 1:
            result = base if result is None else matmul(result, base)
        n >>= 1
        if n:
            base = matmul(base, base)
    assert result is not None
    return result


@op(name="matrix_power")
def _eye_like(x: Array) -> Answer:
    return np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape).copy(), np.zeros_like


def trace(input: Tensor) -> Tensor:
    """Σ of the diagonal of a matrix."""
    if input.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.ndim}")
    return _sum_last(diagonal(input))


@op(name="trace")
def _sum_last(x: Array) -> Answer:
    shape = x.shape
    dtype = x.dtype if x.dtype.kind in "fc" else np.int64
    return x.sum(-1, dtype=dtype), lambda g: np.broadcast_to(g[..., None], shape)
