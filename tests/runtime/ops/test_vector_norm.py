"""Norms and distances: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.norm(x34)
x34.norm()
x34.norm(2, 1)
t.norm(x34, 1)
t.norm(x34, inf)
t.norm(x34, -inf, 1)
t.norm(x34, 3, 0, True)
t.norm(p34, 0.5)
t.norm(x34, 0)
x345.norm(p=2, dim=(1, 2), keepdim=True)
t.norm(x34, 'nuc')
t.linalg.vector_norm(x345, 2.5, -1)
t.linalg.norm(x34)
t.linalg.norm(x34, 2)
t.linalg.norm(x34, 'fro')
t.linalg.norm(x34, 1)
t.linalg.norm(x34, -1)
t.linalg.norm(x34, inf)
t.linalg.norm(x34, -2)
t.linalg.norm(x345, dim=1)
t.linalg.matrix_norm(x345, 'nuc', keepdim=True)
t.linalg.matrix_norm(x345, 1, (0, 2))
t.dist(x34, y34)
t.dist(x34, y34, 1)
t.cdist(x34, y54)
t.cdist(x234, y54, 1.0)
t.cdist(x34, y54, 3.0)
t.cdist(x34, y54, inf)
""".strip().splitlines()

OTHER = """
t.norm(c34, 2, 1)
t.norm(c34 * 0)
t.norm(c34, inf)
t.norm(c34, 1, 0)
t.norm(c34, 0, 1)
t.norm(c34 * 0, 3)
t.cdist(x34, x34.detach().clone(), compute_mode='donot_use_mm_for_euclid_dist')
""".strip().splitlines()

WRONG = """
t.norm(i3)
t.linalg.vector_norm(i3)
t.cdist(x23, y24)
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
