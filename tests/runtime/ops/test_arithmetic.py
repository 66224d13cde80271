"""Arithmetic on broadcast operands: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.add(x34, y4, alpha=2)
x34 + y4
x34 + 1
1 + x34
x34 - y31
2 - x34
t.sub(x34, y34, alpha=0.5)
t.rsub(x34, y34, alpha=2)
x34 * y_
x34 * 2
x34 / p4
1 / p34
x34 / 3
t.div(x34, y34)
t.remainder(x34, p4)
t.fmod(x34, p4)
x34 % 0.7
p34 ** y4
p34 ** 2
p34 ** 0.5
x34 ** 3
p34 ** -1.5
2 ** x34
t.pow(x34, 2)
t.float_power(p34, 2)
t.atan2(x34, y34)
t.hypot(x34, y34)
t.logaddexp(x34, y4)
t.logaddexp2(x34, y4)
t.xlogy(x34, p4)
t.lerp(x34, y34, 0.3)
t.lerp(x34, y34, u4)
t.addcmul(x34, y34, z4, value=0.5)
t.addcdiv(x34, y34, p4, value=0.5)
t.copysign(x34, y34)
x34.mul(y4).add(1.0)
x34 * i4
x34 + b4
t.true_divide(x34, p34)
x34 * x34
""".strip().splitlines()

OTHER = """
i34 + j4
i34 / j4
i34 // j4
i34 % j4
t.fmod(i34, j4)
t.div(i34, j4, rounding_mode='trunc')
t.div(i34, j4, rounding_mode='floor')
x34.detach() // y4.detach()
t.div(x34, y4, rounding_mode='trunc')
i34 * 2.5
i34 ** 2
i34 ** 2.0
b34 + b4
b34 * 2
i34 + 1.5
i_ * x34
x_ * i34
x_.double() * y34
t.ones(2, dtype=t.float64) * x_.float()
t.ones(2).half() + x_.double()
c34 ** 2
c34 ** c4
t.xlogy(c34.abs(), c4.abs())
t.hypot(c34, c4)
t.atan2(c34, c4)
t.gcd(i34, j4)
t.lcm(i34, j4)
t.heaviside(c34.detach(), x4.detach())
t.nextafter(x34.detach(), y34.detach())
x34 / 0
-7 // t.tensor(2.0)
t.tensor(7) % -3
t.tensor(5.5) // 0
x3 * 2
t.add(i34, j34, alpha=3)
t.pow(2, i3.abs())
t.pow(t.tensor([0.0, -1.0, 2.0]), 0.5)
t.full((2,), 3, dtype=t.uint8) - 5
t.add(x34, 1, alpha=2)
""".strip().splitlines()

WRONG = """
i3 // 0
i3 % 0
i3 ** -1
b3 - b3
b3 - 1
x34 + y3
t.add(i3, j3, alpha=1.5)
t.addcdiv(i3, i3, j3)
t.div(x3, y3, rounding_mode='up')
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
