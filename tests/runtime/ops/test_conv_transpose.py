"""Transposed convolutions in all ranks: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

CASES = """
F.conv_transpose1d(x235, y343, z4)
F.conv_transpose1d(x245, y423, z4, 2, 1, 1, 2)
F.conv_transpose2d(x2345, y3432, z4)
F.conv_transpose2d(x2345, y3432, z4, 2, 1, 1)
F.conv_transpose2d(x2345, y3432, None, (2, 1), (0, 1), dilation=2)
F.conv_transpose2d(x2445, y4233, None, 2, 0, 0, 2)
F.conv_transpose2d(x2445, y4133, z4, 2, 1, 1, 4)
F.conv_transpose2d(x2345, y3411, z4)
F.conv_transpose2d(x345, y3432, z4, 2)
F.conv_transpose2d(x2345, y3433, z4, 1, 0, 1, 1, 2)
F.conv_transpose3d(x23345, y34232, z4, 2, 1, 1)
F.conv_transpose3d(x24345, y42232, None, groups=2)
""".strip().splitlines()

ERRORS = """
F.conv_transpose2d(x2388, y4333)
F.conv_transpose2d(x2488, y4333, z4)
F.conv_transpose2d(x2488, y4333, output_padding=1)
F.conv_transpose2d(x2488, y4333, output_padding=-1)
F.conv_transpose2d(x2488, y4333, groups=3)
F.conv_transpose2d(x1411, y4311, padding=1)
F.conv_transpose2d(x88, y4333)
F.conv_transpose2d(x2488, y4333, padding='same')
F.conv_transpose2d(x2488, y4333, output_padding=(1, 1, 1))
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", CASES)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", CASES)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
