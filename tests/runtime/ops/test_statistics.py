"""Quantiles, covariances, areas: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.quantile(x34, 0.3)
t.quantile(x345, 0.3, 1)
t.quantile(x345, t.tensor([0.25, 0.6], dtype=x345.dtype), 0, keepdim=True)
t.nanquantile(x34, 0.5, 1)
t.quantile(x34, 0.4, 1, interpolation='midpoint')
t.cov(x34)
t.cov(x34, correction=0)
t.cov(x3)
t.corrcoef(x34)
t.trapezoid(x34)
t.trapezoid(x34, dx=0.5, dim=0)
t.trapezoid(x34, y4)
t.cumulative_trapezoid(x34, y34)
t.combinations(x4)
t.combinations(x3, 2, True)
""".strip().splitlines()

OTHER = """
t.quantile(x34, 0.4, 1, interpolation='lower')
t.quantile(x34, 0.4, 1, interpolation='higher')
t.quantile(x34, 0.4, 1, interpolation='nearest')
t.quantile(x_, 0.4)
t.quantile(t.tensor([1.0, nan]), 0.5)
t.nanquantile(t.tensor([1.0, nan, 3.0]), 0.5)
t.cov(x34.detach(), fweights=k4 + 1)
""".strip().splitlines()

WRONG = """
t.quantile(x34, 1.5)
t.quantile(i34, 0.5)
t.cov(x345)
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
