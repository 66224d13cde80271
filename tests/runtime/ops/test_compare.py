"""Comparisons, logic, bits: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

OTHER = """
c34 == c4
c34 != c4
c34 < c4
c34 <= c4
c34 > c4
c34 >= c4
x34 > 0
0 < x34
i34 == j34
i34 > 0.5
t.eq(x34, x34)
t.equal(x34, x34)
t.equal(x34, y4)
t.isclose(c34, c34 + 1e-9)
t.allclose(x34, x34 + 1e-9)
t.isnan(x34 / 0)
t.isinf(x34 / 0)
t.isfinite(x34 / c34)
t.isposinf(x34 / 0)
t.isneginf(x34 / 0)
t.isreal(x34)
b34 & b4
b34
b34 ^ b4
~b34
~i34
i34 & j4
i34
i34 ^ j4
t.logical_and(c34, b4)
t.logical_or(c34, i4)
t.logical_xor(c34, c4)
t.logical_not(c34)
i34 << 2
i34 >> 1
t.isclose(i34, j34)
t.is_nonzero(x_)
t.isnan(i34)
t.bitwise_or(b34, b4)
i34 & True
""".strip().splitlines()

WRONG = """
x34 & y34
t.isclose(x3, i3)
t.isclose(x3, y3, rtol=-1.0)
t.is_nonzero(x34)
~x34
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", OTHER)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRONG)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
