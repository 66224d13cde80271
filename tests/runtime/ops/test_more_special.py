"""Less common special functions: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.special.erfcx(x34)
t.special.log_ndtr(x34)
t.special.ndtri(u34)
t.special.xlog1py(x34, p4)
t.i0(x34)
t.special.i0e(x34)
t.special.i1(x34)
t.special.i1e(x34)
t.ldexp(x34, y4)
""".strip().splitlines()

OTHER = """
t.special.erfcx(x34 * 20)
t.special.log_ndtr(x34 * 20)
t.special.i0e(x34 * 90)
t.special.ndtri(t.tensor([0.0, 1.0, 0.5]))
t.special.i1(c34)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH + OTHER)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_has_the_slope_of_its_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)
