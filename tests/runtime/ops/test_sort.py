"""Order, places, distinct values: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.sort(x34)
t.sort(x345, 1, descending=True)
x34.sort(dim=0)
t.msort(x34)
t.topk(x34, 2)
t.topk(x345, 3, 1, largest=False)
x34.topk(1)[0]
t.sort(x_)
""".strip().splitlines()

OTHER = """
t.sort(c34, stable=True)
t.sort(c34, descending=True, stable=True)
t.argsort(x34)
t.argsort(x34, 0, True)
t.argsort(c34, stable=True)
t.sort(i34)[0]
t.sort(t.tensor([nan, 1.0, 2.0]))
t.sort(t.tensor([nan, 1.0, 2.0]), descending=True)
t.searchsorted(t.tensor([1.0, 3.0, 5.0]), p34)
t.searchsorted(t.tensor([1, 3, 5]), t.tensor([[3, 6]]), right=True)
t.searchsorted(x34.sort()[0], y32)
t.bucketize(p34, t.tensor([1.0, 2.0]))
t.bucketize(3, t.tensor([1, 3]))
t.unique(i34)
t.unique(i34, return_inverse=True, return_counts=True)
t.unique(c34.detach(), dim=0)
t.unique(k5, return_counts=True)
t.unique_consecutive(t.tensor([1, 1, 2, 2, 1]), return_inverse=True, return_counts=True)
t.bincount(k5)
t.bincount(k5, p5.detach(), 6)
t.histc(x34, 4, -2, 2)
t.histc(x34, 5)
t.isin(i34, t.tensor([1, 2]))
t.nn.functional.one_hot(k5)
t.nn.functional.one_hot(k22, 4)
t.topk(i34, 2)[0]
t.searchsorted(t.tensor([1.0, 3.0]), 2.0)
""".strip().splitlines()

WRONG = """
t.topk(x34, 5)
t.bincount(i3)
t.bincount(x3)
t.topk(x34, -1)
t.nn.functional.one_hot(i3)
t.nn.functional.one_hot(x3)
t.nn.functional.one_hot(k5, 1)
t.unique(x34, dim=3)
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
