"""Running sums and extremes: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.cumsum(x345, 1)
t.cumprod(x345, -1)
t.logcumsumexp(x34, 1)
t.cummax(x34, 1)
t.cummin(x345, 0)
t.diff(x34)
t.diff(x345, 2, 1)
t.diff(x34, prepend=y31)
t.cumsum(x_, 0)
""".strip().splitlines()

OTHER = """
t.cumprod(c34, 1)
t.cumsum(i34, 0)
t.cumsum(b34, 1)
t.cummax(c34, 1)
t.cummin(c34, 0)
t.cummax(t.tensor([1.0, nan, 2.0]), 0)
t.cumsum(x34, 1, dtype=t.float64)
t.cumprod(i34, 1)
t.diff(i34)
""".strip().splitlines()

WRONG = """
t.cumsum(x34, 2)
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
