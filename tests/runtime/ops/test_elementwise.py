"""Functions of one tensor: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.sqrt(p34)
t.rsqrt(p34)
t.square(x34)
t.reciprocal(p34)
t.exp(x34)
t.exp2(x34)
t.expm1(x34)
t.log(p34)
t.log2(p34)
t.log10(p34)
t.log1p(p34)
t.sin(x34)
t.cos(x34)
t.tan(u34)
t.asin(u34)
t.acos(u34)
t.atan(x34)
t.sinh(x34)
t.cosh(x34)
t.asinh(x34)
t.acosh(p34 + 1)
t.atanh(u34)
t.sinc(x34)
t.deg2rad(x34)
t.rad2deg(x34)
t.neg(x34)
-x_
+x34
t.abs(x34)
abs(x3)
t.frac(x34)
t.logit(u34)
t.logit(u34, 0.2)
x34.nan_to_num(0.5)
t.exp(x34.t())
t.floor(x34)
t.ceil(x34)
t.trunc(x34)
t.round(x34)
t.round(x34, decimals=2)
t.round(x34 * 100, decimals=-1)
t.sign(x34)
t.sgn(x34.detach())
t.signbit(x34)
""".strip().splitlines()

OTHER = """
t.abs(c34)
t.sign(c34)
t.sqrt(i3.abs())
t.exp(i3)
t.exp(b3)
t.floor(i3)
t.abs(i3)
t.neg(i3)
t.square(i3)
t.square(b3)
t.reciprocal(i3)
t.sign(b3)
t.sigmoid(i3)
t.round(t.tensor([0.5, 1.5, -0.5]))
t.nan_to_num(t.tensor([nan, inf, -inf, 1.0]))
t.nan_to_num(t.tensor([nan, inf, -inf]), 1.0, 2.0, 3.0)
t.log(t.tensor([0.0, -1.0]))
t.sqrt(t.tensor([-1.0, 0.0]))
t.sign(t.tensor([nan, -0.0]))
t.sinc(c34)
t.ones(2)
t.exp(t.zeros(0, 3))
t.exp(x34.half()).dtype.itemsize
""".strip().splitlines()

WRONG = """
t.exp(1.0)
t.neg(b3)
t.exp([1.0])
t.neg(b3)
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
