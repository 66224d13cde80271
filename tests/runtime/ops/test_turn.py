"""Flip, roll, rot90: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.flip(x34, (0,))
x345.flip(0, 2)
t.flip(x34, [-1])
t.fliplr(x34)
t.flipud(x34)
t.roll(x34, 1)
t.roll(x34, 2, 1)
t.roll(x345, (1, -1), (0, 2))
t.rot90(x34)
t.rot90(x345, 2, (1, 2))
t.rot90(x34, -1)
x34.roll(1, 0)
""".strip().splitlines()

WRONG = """
t.fliplr(x3)
t.roll(x34, (1, 2), 0)
t.rot90(x34, 1, (0, 0))
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
