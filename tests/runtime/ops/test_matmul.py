"""Products: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
x34 @ y45
x3 @ y3
x34 @ y4
x3 @ y34
t.matmul(x234, y45)
t.matmul(x234, y245)
t.matmul(x2134, y345)
t.matmul(x34, y245)
t.matmul(x234, y4)
t.matmul(x4, y245)
t.mm(x34, y45)
t.bmm(x234, y245)
t.mv(x34, y4)
t.dot(x3, y3)
t.outer(x3, y4)
t.addmm(x5, y34, z45, beta=0.5, alpha=2)
t.addmm(x35, y34, z45)
t.addmv(x3, y34, z4)
t.addr(x34, y3, z4)
t.baddbmm(x35, y234, z245, alpha=0.5)
t.addbmm(x35, y234, z245)
t.kron(x23, y34)
t.kron(x3, y24)
t.cross(x34, y34, dim=0)
t.cross(x43, y43, dim=1)
t.linalg.multi_dot([x4, y45, z53])
t.linalg.vecdot(x34, y34)
t.linalg.cross(x43, y43)
x34.t() @ y35
t.inner(x34, y54)
t.inner(x3, y3)
t.tensordot(x34, y45, 1)
t.tensordot(x345, y453, ([1, 2], [0, 1]))
t.tensordot(x34, y43, ([0, 1], [1, 0]))
t.tensordot(x34, y25, 0)
""".strip().splitlines()

OTHER = """
i34 @ i34.t()
t.matmul(t.zeros(0, 3), t.zeros(3, 4))
t.matmul(t.zeros(2, 0), t.zeros(0, 4))
t.dot(i3, j3)
x34 @ x34.t()
t.addmm(x5, y34, z45, beta=0)
""".strip().splitlines()

WRONG = """
x34 @ y34
x3 @ y2
x34 @ y3
x_ @ y3
t.mm(x3, y34)
t.bmm(x134, y245)
t.bmm(x234, y235)
x234 @ y34
x34 @ i45
b34 @ b45
t.outer(x34, y3)
t.dot(x34, y3)
t.matmul(x3, 2.0)
t.mv(x34, y3)
t.matmul(x5234, y445)
t.cross(x3, y4)
t.inner(x23, y42)
t.tensordot(x23, y24, 1)
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
