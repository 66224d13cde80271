"""Determinants, inverses, factors: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.det(x33)
t.det(x233)
t.logdet(x33 @ x33.t())
t.slogdet(x33)
t.linalg.slogdet(x233)[1]
t.inverse(x33)
t.linalg.inv(x233)
t.linalg.solve(x33, y34)
t.linalg.solve(x33, y3)
t.linalg.solve(x33, y43, left=False)
t.linalg.solve_triangular(x33, y34, upper=True)
t.linalg.solve_triangular(x33, y34, upper=False, unitriangular=True)
t.linalg.solve_triangular(x33, y43, upper=True, left=False)
t.linalg.cholesky(x33 @ x33.mT)
t.linalg.qr(x34)
t.linalg.qr(x233)
t.linalg.cholesky(x33 @ x33.mT, upper=True)
t.linalg.qr(x43)
t.linalg.qr(x33)
t.linalg.eigh(x33 + x33.t())[0]
t.linalg.eigvalsh(x33 + x33.t())
t.linalg.svd(x34, full_matrices=False)[1]
t.svd(x43)[1]
t.linalg.svdvals(x34)
t.linalg.pinv(x43)
t.linalg.pinv(x34)
t.matrix_power(x33, 3)
t.matrix_power(x33, -2)
t.trace(x34)
t.linalg.lstsq(x43, y42)[0]
t.linalg.eigh(x33 + x33.t())[1].abs()
t.linalg.svd(x34, full_matrices=False)[0].abs()
t.linalg.svd(x43, full_matrices=False)[2].abs()
t.linalg.diagonal(x345)
""".strip().splitlines()

OTHER = """
t.matrix_power(x33, 0)
t.trace(i34)
t.linalg.matrix_rank(x34)
t.det(t.zeros(2, 2))
t.logdet(-t.eye(3))
t.linalg.qr(x34)[1].abs()
t.linalg.qr(x43.detach(), mode='r')[1]
t.linalg.svd(x34)[2].shape
""".strip().splitlines()

WRONG = """
t.det(x23)
t.linalg.inv(t.zeros(2, 2))
t.linalg.cholesky(-t.eye(2))
t.inverse(x23)
t.linalg.solve(t.zeros(2, 2), y2)
t.matrix_power(x23, 2)
t.linalg.eigh(x23)
t.trace(x3)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH + OTHER)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_has_the_slope_of_its_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRONG)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
