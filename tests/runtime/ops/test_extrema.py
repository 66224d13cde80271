"""Clamp, minimum, maximum, where: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.maximum(x34, y4)
t.minimum(x34, y4)
t.fmax(x34, y4)
t.fmin(x34, y4)
t.clamp(x34, -0.5, 0.5)
t.clamp(x34, min=0)
t.clamp(x34, max=y4)
x34.clamp(-p4, p4)
t.clamp_min(x34, 0.1)
t.clamp_max(x34, 0.1)
t.where(b34, x34, y4)
t.where(b4, x34, 0.0)
t.where(x34 > 0, 1.0, y34)
x34.where(b34, y34)
t.masked_fill(x34, b4, -9.0)
x34.masked_fill(b34, y_)
""".strip().splitlines()

OTHER = """
t.clamp(c34, min=0)
t.clamp(c34, 0, 1)
t.clamp(c34, max=c4)
t.maximum(c34, c4)
t.minimum(c34, c4)
t.fmax(c34, c4)
t.fmin(c34, c4)
t.maximum(c34, t.zeros(()))
t.clamp(i34, -1, 1)
t.clamp(i34, -1.5, 1)
t.where(b34, 1, 2)
t.where(b34, x34, 1)
t.where(b34, i34, 1.5)
t.nonzero(c34)
t.nonzero(c34, as_tuple=True)
t.where(c34)
t.argwhere(c34)
t.nonzero(x_)
t.nonzero(t.zeros(2, 0))
x34.masked_fill(b34, -inf)
i34.masked_fill(b34, 7)
t.clamp(x34, 0.5, -0.5)
t.maximum(t.tensor([nan, 1.0]), t.tensor([1.0, nan]))
t.clamp(t.tensor([nan, 1.0]), 0.0)
t.clamp(x34, min=y34, max=z34)
""".strip().splitlines()

WRONG = """
t.clamp(x34)
t.where(i3, 1.0, 2.0)
x34.masked_fill(i34, 1.0)
x34.masked_fill(b34, y4)
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
