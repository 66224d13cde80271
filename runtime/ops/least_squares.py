"""Matrices of any shape: the pseudo-inverse, the rank, and least squares."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor, wrap
from .arithmetic import mul, sub
from .linalg import need_floating
from .matmul import flipped, matmul
from .out import takes_out
from .parts import narrow
from .reduce import sum
from .shape import reshape, squeeze, unsqueeze


class LeastSquares(NamedTuple):
    """What lstsq returns."""

    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor


@op
def _pinv(x: Array, *, atol: float, rtol: float | None, hermitian: bool) -> Answer:
    seen = np.tril(x) + flipped(np.tril(x, -1)) if hermitian else x  # of which torch's gradient knows nothing
    u, s, v = np.linalg.svd(seen, full_matrices=False)
    largest = s.max(-1, keepdims=True, initial=0)
    if rtol is None:
        rtol = 0.0 if atol else max(x.shape[-2:]) * float(np.finfo(x.dtype).eps)
    kept = s > np.maximum(atol, rtol * largest)
    scale = np.where(kept, 1 / np.where(kept, s, 1), 0).astype(x.dtype)
    value = (flipped(v) * scale[..., None, :]) @ flipped(u)

    def pullback(g: Array) -> Any:
        p, pt, gt = value, flipped(value), flipped(g)
        eye_m, eye_n = np.eye(x.shape[-2], dtype=x.dtype), np.eye(x.shape[-1], dtype=x.dtype)
        return -pt @ g @ pt + (eye_m - x @ p) @ gt @ p @ pt + pt @ p @ gt @ (eye_n - p @ x)

    return value, pullback


@takes_out
def pinv(A: Tensor, *, atol: Any = None, rtol: Any = None, hermitian: bool = False) -> Tensor:
    """The pseudo-inverse; singular values up to max(atol, rtol·largest) count as 0."""
    need_floating(A, "linalg.pinv")
    low, relative = (one.array.item() if isinstance(one, Tensor) else one for one in (atol, rtol))
    return _pinv(A, atol=low or 0.0, rtol=relative, hermitian=hermitian)


def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """`torch.pinverse`."""
    return pinv(input, rtol=rcond)


@op
def _matrix_rank(x: Array, *, atol: Any, rtol: Any) -> Answer:
    s = np.linalg.svd(x, compute_uv=False)
    if rtol is None:
        rtol = 0.0 if atol is not None else max(x.shape[-2:]) * float(np.finfo(x.dtype).eps)
    cut = np.maximum(0.0 if atol is None else atol, rtol * s.max(-1, initial=0))
    return (s > np.asarray(cut)[..., None]).sum(-1), None


@takes_out
def matrix_rank(A: Tensor, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None) -> Tensor:
    """How many singular values are above max(atol, rtol·largest)."""
    need_floating(A, "linalg.matrix_rank")
    bare = [one.array if isinstance(one, Tensor) else one for one in (tol if atol is None else atol, rtol)]
    return _matrix_rank(A, atol=bare[0], rtol=bare[1])


def lstsq(A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None) -> LeastSquares:
    """X that makes A·X − B smallest, by the pseudo-inverse; what else there is, depends on *driver* as in torch."""
    if A.ndim < 2:
        raise RuntimeError("torch.linalg.lstsq: input must have at least 2 dimensions.")
    if not B.ndim:
        raise RuntimeError("torch.linalg.lstsq: other must have at least 1 dimension.")
    need_floating(A, "linalg.lstsq")
    if driver not in (None, "gels", "gelsy", "gelsd", "gelss"):
        raise RuntimeError("torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)")
    vector = B.ndim == 1 or (B.ndim == A.ndim - 1 and B.shape == A.shape[:-1])
    right = unsqueeze(B, -1) if vector else B
    if A.shape[-2] != right.shape[-2]:
        raise RuntimeError(
            "torch.linalg.lstsq: input.size(-2) should match other.size(-1)"
            if vector
            else "torch.linalg.lstsq: input.size(-2) should match other.size(-2)"
        )
    solution = matmul(pinv(A, rtol=rcond), right)
    ranks = matrix_rank(A, rtol=rcond)
    rows, columns = A.shape[-2:]
    if driver not in (None, "gelsy") and rows > columns and (ranks.array == columns).all():
        away = sub(matmul(A, solution), right)
        residuals = sum(mul(away, away), -2)
    else:
        residuals = narrow(reshape(solution, -1), 0, 0, 0)
    values = np.empty(0, A.array.dtype)
    if driver in ("gelsd", "gelss"):
        values = np.linalg.svd(A.array, compute_uv=False)
    return LeastSquares(
        squeeze(solution, -1) if vector else solution,
        residuals,
        wrap(np.empty(0, np.int64)) if driver == "gels" else ranks,
        wrap(values),
    )
