"""Adaptive pooling in all ranks: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.adaptive_avg_pool1d(x237, 1)
F.adaptive_max_pool1d(x237, 1, True)
F.adaptive_avg_pool1d(x237, 3)
F.adaptive_max_pool1d(x237, 3, True)
F.adaptive_avg_pool1d(x237, 5)
F.adaptive_max_pool1d(x237, 5, True)
F.adaptive_avg_pool1d(x237, 8)
F.adaptive_max_pool1d(x237, 8, True)
F.adaptive_avg_pool1d(x237, 4)
F.adaptive_max_pool1d(x237, 4, True)
F.adaptive_avg_pool2d(x2376, 1)
F.adaptive_max_pool2d(x2376, 1, True)
F.adaptive_avg_pool2d(x2376, 3)
F.adaptive_max_pool2d(x2376, 3, True)
F.adaptive_avg_pool2d(x2376, 5)
F.adaptive_max_pool2d(x2376, 5, True)
F.adaptive_avg_pool2d(x2376, 8)
F.adaptive_max_pool2d(x2376, 8, True)
F.adaptive_avg_pool2d(x2376, (4, None))
F.adaptive_max_pool2d(x2376, (4, None), True)
F.adaptive_avg_pool3d(x23765, 1)
F.adaptive_max_pool3d(x23765, 1, True)
F.adaptive_avg_pool3d(x23765, 3)
F.adaptive_max_pool3d(x23765, 3, True)
F.adaptive_avg_pool3d(x23765, 5)
F.adaptive_max_pool3d(x23765, 5, True)
F.adaptive_avg_pool3d(x23765, 8)
F.adaptive_max_pool3d(x23765, 8, True)
F.adaptive_avg_pool3d(x23765, (4, 2, None))
F.adaptive_max_pool3d(x23765, (4, 2, None), True)
F.adaptive_avg_pool2d(x376, 2)
F.adaptive_max_pool2d(x376, 2)
""".strip().splitlines()

KINKED = """
F.adaptive_max_pool2d(c2376, 3, True)
F.adaptive_avg_pool2d(x2376.detach(), 0)
""".strip().splitlines()

ERRORS = """
F.adaptive_avg_pool2d(x88, 2)
F.adaptive_avg_pool2d(x1388, -1)
F.adaptive_avg_pool2d(x1388, (1, 2, 3))
F.adaptive_avg_pool2d(x1388, (1,))
F.adaptive_avg_pool1d(x8, 2)
F.adaptive_max_pool1d(x8, 2)
F.adaptive_max_pool2d(x1308, 2)
F.adaptive_avg_pool2d(x1308, 2)
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
