"""Gather, scatter and their kin: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.gather(x34, 1, k32)
t.gather(x34, 0, k24)
x345.gather(2, k345)
t.take_along_dim(x34, k34, 1)
t.take_along_dim(x34, k31, 1)
t.take_along_dim(x34, k5)
t.index_select(x34, 0, k5)
x345.index_select(-1, k2)
t.take(x34, k22)
t.masked_select(x34, b34)
t.masked_select(x34, b4)
t.masked_scatter(x34, b34, y34)
x34.index_add(0, k5, y54)
x34.index_add(1, k2, y32, alpha=2)
x34.index_fill(0, k2, 1.5)
x34.index_copy(0, t.tensor([2, 0]), y24)
x34.scatter_add(0, k34, y34)
x34.scatter_add(1, k32, y32)
x34.scatter(0, t.tensor([[0, 1, 2, 0], [1, 2, 0, 1]]), y24)
x34.scatter(1, t.tensor([[0], [2], [1]]), 5.0)
x34.scatter_reduce(0, k34, y34, 'sum')
x34.scatter_reduce(0, k34, y34, 'mean')
x34.scatter_reduce(0, k34, y34, 'prod')
x34.scatter_reduce(0, k34, y34, 'amax')
x34.scatter_reduce(1, k34, y34, 'amin', include_self=False)
x34.scatter_reduce(0, k34, y34, 'mean', include_self=False)
x34.index_put((k2, k2), y2, accumulate=True)
x34.index_put((t.tensor([0, 2]),), y4)
""".strip().splitlines()

OTHER = """
c34.scatter_reduce(0, k34, c34, 'prod')
c34.scatter_reduce(0, k34, c34, 'amax')
i34.scatter_add(0, k34, j34)
i34.index_add(0, k2, j24)
t.take(x34, t.tensor([-1]))
i34.gather(0, k24)
t.index_select(x_, 0, t.tensor([0]))
x_.gather(0, t.tensor(0))
""".strip().splitlines()

WRONG = """
t.gather(x3, 0, t.tensor([3]))
t.gather(x3, 0, t.tensor([0.0]))
t.gather(x33, 0, t.tensor([0]))
x34.index_select(0, t.tensor([3]))
x34.index_select(0, k22)
x34.take(t.tensor([20]))
x34.masked_select(k34)
x34.index_fill(0, t.tensor([7]), 1.0)
x34.index_add(0, t.tensor([0]), y24)
x34.gather(1, k44)
x34.masked_scatter(x34 == x34, y2)
x34.scatter(0, t.tensor([[5]]), 1.0)
x34.scatter_add(0, k11, y11.double())
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
