"""Joining and repeating: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.cat([x34, y34])
t.cat((x34, y31), 1)
t.cat([x34, y34, z34], dim=-1)
t.stack([x34, y34])
t.stack((x34, y34), -1)
t.concat([x34, y34], 0)
t.hstack([x34, y31])
t.hstack([x3, y4])
t.vstack([x34, y4])
t.dstack([x34, y34])
t.column_stack([x3, y34])
t.atleast_1d(x_)
t.atleast_2d(x3)
t.atleast_3d(x34)
t.atleast_2d(x_, y3)
x34.repeat(2, 1)
x34.repeat(2, 1, 3)
x3.repeat((2, 2))
t.tile(x34, (2,))
x34.tile(2, 1, 2)
t.repeat_interleave(x34, 2)
x34.repeat_interleave(3, 1)
x34.repeat_interleave(k3, 0)
t.meshgrid(x3, y4, indexing='ij')
t.meshgrid(x3, y4, indexing='xy')
t.cartesian_prod(x3, y2)
t.block_diag(x23, y31)
t.cat([x34, x34])
""".strip().splitlines()

OTHER = """
t.cat([x3, i3])
t.cat([t.zeros(0), x34])
t.stack([x3, i3])
t.repeat_interleave(k4)
t.cat([i3, b3])
""".strip().splitlines()

WRONG = """
t.cat([x23, y34])
t.cat([x23, y3])
t.cat([])
t.stack([x2, y3])
t.cat([x_, y_])
x34.repeat(2)
x3.repeat_interleave(k2)
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
