"""Columns of windows and back: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.unfold(x2378, 2)
F.fold(F.unfold(x2378, 2), (7, 8), 2)
F.unfold(x2378, (3, 2), 1, 1, 2)
F.fold(F.unfold(x2378, (3, 2), 1, 1, 2), (7, 8), (3, 2), 1, 1, 2)
F.unfold(x2378, 2, 2, 0, (2, 1))
F.fold(F.unfold(x2378, 2, 2, 0, (2, 1)), (7, 8), 2, 2, 0, (2, 1))
F.unfold(x378, 2)
F.fold(F.unfold(x378, 2), (7, 8), 2)
""".strip().splitlines()

ERRORS = """
F.fold(x283, (4, 4), 2)
F.fold(x273, (4, 4), 2)
F.unfold(x2322, 0)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
