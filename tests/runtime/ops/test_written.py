"""Copies with a part replaced: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.select_scatter(x34, y4, 0, 1)
t.select_scatter(x345, y34, -1, -1)
t.slice_scatter(x34, y32, 1, 1, 3)
t.slice_scatter(x34, y24, 0, step=2)
t.diagonal_scatter(x34, y3)
t.diagonal_scatter(x34, y2, -1)
""".strip().splitlines()

WRONG = """
t.select_scatter(x34, y3, 0, 1)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_has_the_slope_of_its_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRONG)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
