"""Shuffles: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.pixel_shuffle(x2834, 2)
F.pixel_shuffle(x834, 2)
F.pixel_unshuffle(x2364, 2)
F.channel_shuffle(x263, 3)
F.channel_shuffle(x2634, 2)
""".strip().splitlines()

ERRORS = """
F.pixel_shuffle(x2734, 2)
F.pixel_shuffle(x34, 2)
F.pixel_unshuffle(x2354, 2)
F.channel_shuffle(x263, 4)
F.channel_shuffle(x263, 0)
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
