"""Linear maps: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.linear(x23, y43, z4)
F.linear(x3, y43, z4)
F.linear(x253, y43)
F.linear(x2253, y43, z4)
F.linear(x253, y3)
F.linear(x3, y3)
F.linear(x23, y43, z1)
F.linear(x23, y43, z_)
F.linear(x23.t().t(), y34.t(), z4)
F.bilinear(x23, y24, z534, w5)
F.bilinear(x263, y264, z534)
F.bilinear(x3, y4, z534)
""".strip().splitlines()

ERRORS = """
F.linear(x23, y45)
F.linear(x223, y45)
F.linear(x3, y45)
F.linear(x23, y53, z4)
F.linear(x3, y5)
F.linear(x23, y4)
F.linear(x23, y431)
F.linear(x23, y43.double())
F.bilinear(x23, y24, z533)
F.bilinear(x23, y34, z534)
F.bilinear(x23, y24, z524)
F.bilinear(x23, y24, z534, w4)
F.bilinear(x23, y224, z534)
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
