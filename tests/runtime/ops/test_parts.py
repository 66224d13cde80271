"""Views of parts: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
x34.narrow(1, 1, 2)
x34.narrow(0, -2, 1)
x34.select(0, 1)
x345.select(-1, -2)
x34.split(2)
x34.split([1, 3], 1)
t.split(x34, 3, -1)
x34.chunk(2, 1)
x34.chunk(2)
t.tensor_split(x34, 3)
t.tensor_split(x34, (1, 3), 1)
t.hsplit(x34, 2)
t.vsplit(x34, [1])
x345.unbind(1)
t.unbind(x34)
x134.unbind(0)
[row * 2 for row in x34]
x34.chunk(1)
""".strip().splitlines()

OTHER = """
t.zeros(0).split(2)
t.zeros(0).chunk(3)
i34.split(1)
""".strip().splitlines()

WRONG = """
x34.split([2, 2])
x34.chunk(0)
x34.narrow(0, 2, 2)
x34.select(0, 7)
t.hsplit(x34, 3)
x_.chunk(2)
x_.select(0, 0)
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
