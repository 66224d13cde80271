"""Factors of matrices: qr, eigh, svd."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..array import Answers, Array
from ..autograd import op
from ..tensor import Tensor, wrap
from .axes import transpose
from .linalg import need_floating, need_square
from .matmul import flipped
from .out import takes_out


class QR(NamedTuple):
    """Orthonormal columns and an upper triangle."""

    Q: Tensor
    R: Tensor


class Eigen(NamedTuple):
    """Eigenvalues and, as columns, eigenvectors."""

    eigenvalues: Tensor
    eigenvectors: Tensor


class SVD(NamedTuple):
    """U·diag(S)·Vh."""

    U: Tensor
    S: Tensor
    Vh: Tensor


class OldSVD(NamedTuple):
    """`torch.svd`: U·diag(S)·Vᵀ."""

    U: Tensor
    S: Tensor
    V: Tensor


@op
def _qr(x: Array, *, mode: Any) -> Answers:
    q, r = np.linalg.qr(x, mode)

    def tall(gq: Array, gr: Array, r: Array) -> Any:
        """(gQ + Q·copyltu(M))·R⁻ᵀ with M = R·gRᵀ − gQᵀ·Q, for no more columns than rows."""
        middle = r @ flipped(gr) - flipped(gq) @ q
        lower = np.tril(middle, -1)
        middle = lower + flipped(lower) + np.eye(r.shape[-1], dtype=r.dtype) * middle
        return (gq + q @ middle) @ flipped(np.linalg.inv(r))

    def pullback(g: tuple[Array, Array]) -> Any:
        gq, gr = g
        rows = x.shape[-2]
        if rows >= x.shape[-1]:
            return tall(gq, gr, r)
        more = x[..., rows:]  # the further columns are Q·R's: they pull on R directly and on Q through it
        square = tall(gq + more @ flipped(gr[..., rows:]), gr[..., :rows], r[..., :rows])
        return np.concatenate([square, q @ gr[..., rows:]], -1)

    return (q, r), pullback if mode == "reduced" or x.shape[-2] <= x.shape[-1] else None


@takes_out
def linalg_qr(A: Tensor, mode: str = "reduced") -> QR:
    """Q·R with orthonormal columns in Q; *mode* 'reduced', 'complete' or 'r' (Q empty)."""
    need_floating(A, "linalg.qr")
    if mode == "r":
        _, r = _qr(A, mode="reduced")
        return QR(wrap(np.empty(0, A.array.dtype)), r)
    if mode not in ("reduced", "complete"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
        )
    return QR(*_qr(A, mode=mode))


@takes_out
def qr(input: Tensor, some: bool = True) -> QR:
    """`torch.qr`."""
    return linalg_qr(input, "reduced" if some else "complete")


@op
def _eigh(x: Array, *, uplo: Any) -> Answers:
    values, vectors = np.linalg.eigh(x, uplo)

    kind = x.dtype

    def pullback(g: tuple[Array, Array]) -> Any:
        gap = values[..., None, :] - values[..., :, None]
        inner = flipped(vectors) @ g[1]
        inner = np.where(gap == 0, 0, inner / np.where(gap == 0, 1, gap)).astype(kind)
        middle = inner + np.eye(values.shape[-1], dtype=kind) * g[0][..., None, :]
        back = vectors @ middle @ flipped(vectors)
        return 0.5 * (back + flipped(back))

    return (values, vectors), pullback


@takes_out
def eigh(A: Tensor, UPLO: str = "L") -> Eigen:
    """Eigenvalues, rising, and eigenvectors of a symmetric matrix."""
    need_square(A, "linalg.eigh")
    return Eigen(*_eigh(A, uplo=UPLO))


@takes_out
def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of a symmetric matrix."""
    return eigh(A, UPLO).eigenvalues


@op
def _svd(x: Array, *, full_matrices: bool) -> Answers:
    full_u, s, full_v = np.linalg.svd(x, full_matrices)
    n = s.shape[-1]
    u, v = full_u[..., :n], full_v[..., :n, :]
    kind, (rows, columns) = x.dtype, x.shape[-2:]

    def pullback(g: tuple[Array, Array, Array]) -> Any:
        gu, gs, gv = g[0][..., :n], g[1], flipped(g[2][..., :n, :])
        squares = s * s
        gap = squares[..., None, :] - squares[..., :, None]
        weight = np.where(gap == 0, 0, 1 / np.where(gap == 0, 1, gap)).astype(kind)
        vt, ut = v, flipped(u)
        one = weight * (ut @ gu - flipped(gu) @ u)
        other = weight * (vt @ gv - flipped(gv) @ flipped(vt))
        unit = np.eye(s.shape[-1], dtype=kind)
        back = u @ (one * s[..., None, :] + s[..., :, None] * other + unit * gs[..., None, :]) @ vt
        eye_m, eye_n = np.eye(rows, dtype=kind), np.eye(columns, dtype=kind)
        if rows > s.shape[-1]:
            back = back + (eye_m - u @ ut) @ (gu / s[..., None, :]) @ vt
        if columns > s.shape[-1]:
            back = back + u @ flipped(gv / s[..., None, :]) @ (eye_n - flipped(vt) @ vt)
        return back

    return (full_u, s, full_v), pullback


@takes_out
def linalg_svd(A: Tensor, full_matrices: bool = True) -> SVD:
    """`torch.linalg.svd`: U, S (falling), Vh."""
    need_floating(A, "linalg.svd")
    return SVD(*_svd(A, full_matrices=full_matrices))


@takes_out
def svdvals(A: Tensor) -> Tensor:
    """The singular values, falling."""
    return linalg_svd(A, False).S


@takes_out
def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> OldSVD:
    """`torch.svd`: U, S, V (not transposed)."""
    u, s, v = linalg_svd(input, not some)
    return OldSVD(u, s, transpose(v, -2, -1))
