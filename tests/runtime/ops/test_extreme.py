"""Largest, smallest, middle: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.max(x34)
t.min(x34)
t.max(x345, 1)
t.min(x345, -1, keepdim=True)
x34.max(dim=1).values
t.amax(x345, (0, 2))
t.amin(x345, 1, True)
t.amax(x34)
t.aminmax(x34, dim=1)
t.aminmax(x34)
t.median(x34)
t.median(x345, 1)
t.nanmedian(x34, 1)
t.kthvalue(x34, 2)
t.kthvalue(x345, 3, 1, True)
t.mode(x34, 1)
t.max(x34, y34)
t.min(x34, y4)
x34.max(1)[0]
x_.max(0)
t.median(x_, 0)
""".strip().splitlines()

OTHER = """
t.max(c34)
t.min(c34)
t.amax(c34, 1)
t.amin(c34, 0)
t.max(c34, 1)
t.min(c34, 1)
t.aminmax(c34)
t.argmax(c34)
t.argmax(c34, 1)
t.argmin(c34, 0, True)
t.argmin(x_)
t.max(i34, 0)
t.median(i34)
t.median(c34)
t.mode(c34, 1)
t.mode(i34, 0)
t.mode(c34, 0, True)
t.max(t.tensor([1.0, nan, 2.0]), 0)
t.median(t.tensor([1.0, nan, 2.0]))
t.nanmedian(t.tensor([1.0, nan, 2.0]))
t.max(t.tensor([nan, nan, 2.0]))
t.max(b34)
""".strip().splitlines()

WRONG = """
t.max(t.zeros(0))
t.max(t.zeros(0, 2), 0)
t.argmax(t.zeros(0))
t.amax(t.zeros(0, 2))
t.amax(t.zeros(0, 2), 0)
t.max(x34, 2)
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
