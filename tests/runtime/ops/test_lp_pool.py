"""Power-average pooling: against torch and central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.lp_pool1d(p237, 2, 2)
F.lp_pool1d(p237, 3, 3, 2, True)
F.lp_pool1d(p237, 1.5, 2)
F.lp_pool1d(x237, inf, 2)
F.lp_pool1d(x237, -inf, 2)
F.lp_pool2d(p2376, 2, 2)
F.lp_pool2d(p2376, 3, 3, 2, True)
F.lp_pool2d(p2376, 1.5, 2)
F.lp_pool2d(x2376, inf, 2)
F.lp_pool2d(x2376, -inf, 2)
F.lp_pool3d(p23765, 2, 2)
F.lp_pool3d(p23765, 3, 3, 2, True)
F.lp_pool3d(p23765, 1.5, 2)
F.lp_pool3d(x23765, inf, 2)
F.lp_pool3d(x23765, -inf, 2)
""".strip().splitlines()

KINKED = """
F.lp_pool2d(c2366, 2, 2)
F.lp_pool1d(c234, 1, 2)
""".strip().splitlines()

ERRORS = """
F.lp_pool1d(x132, 2, 3)
F.lp_pool2d(x1322, 2, 3)
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
