"""Triangles: solving with one, and the Cholesky factor."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor, wrap
from .linalg import LinAlgError, need_square, swapped
from .matmul import flipped
from .out import takes_out


@op
def _solve_triangular(a: Array, b: Array, *, upper: bool, unitriangular: bool) -> Answer:
    part = np.triu if upper else np.tril
    triangle = part(a)
    if unitriangular:
        triangle = part(a, 1 if upper else -1) + np.eye(a.shape[-1], dtype=a.dtype)
    x = np.linalg.solve(triangle, b)

    def of_a(g: Array) -> Any:
        return part(-np.linalg.solve(flipped(triangle), g) @ flipped(x), (1 if upper else -1) if unitriangular else 0)

    return x, (of_a, lambda g: np.linalg.solve(flipped(triangle), g))


@takes_out
def solve_triangular(A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Tensor:
    """X with A·X = B, only one triangle of A looked at."""
    need_square(A, "linalg.solve_triangular")
    if not left:
        return swapped(_solve_triangular(swapped(A), swapped(B), upper=not upper, unitriangular=unitriangular))
    return _solve_triangular(A, B, upper=upper, unitriangular=unitriangular)


@op
def _cholesky(x: Array, *, upper: bool) -> Answer:
    try:
        lower = np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.cholesky: The factorization could not be completed because the input is not positive-definite (the "
            "leading minor of order 1 is not positive-definite)."
        ) from None

    size, kind = x.shape[-1], x.dtype

    def pullback(g: Array) -> Any:
        g = flipped(g) if upper else g
        middle = np.tril(flipped(lower) @ g)
        middle = middle - 0.5 * np.eye(size, dtype=kind) * middle
        inverse_ = np.linalg.inv(lower)
        whole = flipped(inverse_) @ middle @ inverse_
        return 0.5 * (whole + flipped(whole))

    return (flipped(lower) if upper else lower), pullback


@takes_out
def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """The lower (or *upper*) triangle L with L·Lᵀ = input; LinAlgError unless positive-definite."""
    need_square(input, "linalg.cholesky")
    return _cholesky(input, upper=upper)


@takes_out
def linalg_cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """`torch.linalg.cholesky`."""
    return cholesky(A, upper)


@op
def _cholesky_solve(b: Array, factor: Array, *, upper: bool) -> Answer:
    lower = flipped(np.triu(factor)) if upper else np.tril(factor)

    def solved(right: Array) -> Any:
        return np.linalg.solve(flipped(lower), np.linalg.solve(lower, right))

    x = solved(b)

    def of_factor(g: Array) -> Any:
        half = solved(g) @ flipped(x)
        both = half + flipped(half)  # torch does not cut this to the triangle, though it looks at nothing else
        return -(factor @ both) if upper else -(both @ factor)

    return x, (solved, of_factor)


@takes_out
def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """X with A·X = B, given the triangle L of A = L·Lᵀ (Uᵀ·U if *upper*)."""
    return _cholesky_solve(B, L, upper=upper)


@takes_out
def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    """The inverse of A, given its triangle."""
    return cholesky_solve(wrap(np.eye(L.array.shape[-1], dtype=L.array.dtype)), L, upper)
