"""Sums, means, products, spreads: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.sum(x345)
t.sum(x345, 1)
t.sum(x345, (0, -1), True)
x345.sum(dim=[0, 2])
t.mean(x345)
t.mean(x345, -1, keepdim=True)
x345.mean((1, 2))
t.prod(x34)
t.prod(x345, 1)
t.prod(x34, -1, keepdim=True)
t.var(x345)
t.var(x345, 1)
t.var(x345, (0, 2), unbiased=False, keepdim=True)
t.var(x34, correction=0)
t.std(x345)
t.std(x345, -1)
x34.std(unbiased=False)
x34.std(0, False)
t.var_mean(x345, (1, 2))
t.std_mean(x345, 1, keepdim=True)
t.logsumexp(x345, 1)
t.logsumexp(x345, (0, 2), True)
t.nansum(x34, 1)
t.nanmean(x34, 0)
x_.sum()
x_.sum(0)
t.mean(x34, dtype=t.float64)
x34.var(False)
""".strip().splitlines()

OTHER = """
t.sum(i34)
t.sum(b34)
t.sum(b34, 1)
t.sum(i34, dtype=t.float32)
t.mean(i34, dtype=t.float64)
t.prod(i34)
t.prod(c34)
t.prod(c34, 1)
t.std(t.ones(3, 4), 1)
t.std(c34 * 0, 1)
t.all(b34)
t.all(b34, 1)
t.any(b34, 0, True)
t.any(x34)
t.all(c34, 1)
t.count_nonzero(c34)
t.count_nonzero(c34, 1)
t.sum(t.zeros(0))
t.mean(t.zeros(0))
t.sum(t.zeros(0, 3), 0)
t.prod(t.zeros(0))
t.logsumexp(t.tensor([-inf, -inf]), 0)
t.logsumexp(t.tensor([inf, 1.0]), 0)
t.logsumexp(i34, 1)
t.nansum(t.tensor([nan, 1.0]))
x34.half().sum().dtype.itemsize
t.sum(x34, ())
t.all(b34, (0, 1))
""".strip().splitlines()

WRONG = """
t.mean(i34)
t.mean(x34, dtype=t.int32)
t.var(i34)
t.sum(x34, (0, 0))
t.sum(x34, 2)
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
