"""Fractional max pooling: against torch, its own random numbers included."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.fractional_max_pool2d(x2389, 2, 3, _random_samples=u232.detach())
F.fractional_max_pool2d(x2389, 3, (2, 4), None, True, _random_samples=u232.detach())
F.fractional_max_pool2d(x389, 2, output_ratio=(0.3, 0.4), _random_samples=u132.detach())
F.fractional_max_pool3d(x23897, 2, (3, 4, 2), None, True, _random_samples=u233.detach())
""".strip().splitlines()

KINKED = """
(t.manual_seed(0), F.fractional_max_pool2d(x2389, 2, 3))[1]
(t.manual_seed(0), F.fractional_max_pool3d(x23897, 2, 3))[1]
""".strip().splitlines()

ERRORS = """
F.fractional_max_pool2d(x1188, 2)
F.fractional_max_pool2d(x1188, 2, output_size=8)
F.fractional_max_pool2d(x88, 2, output_size=3)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", [*SMOOTH, *KINKED])
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
