"""Erf, gamma and their kin: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.erf(x34)
t.erfc(x34)
t.erfinv(u34)
t.lgamma(p34)
t.special.ndtr(x34)
t.special.entr(p34)
""".strip().splitlines()

OTHER = """
t.erf(x34 * 4)
t.erfc(x34 * 4)
t.erfinv(t.tensor([1.0, -1.0, 0.0, 2.0]))
t.lgamma(i3)
t.lgamma(x34 * 5)
t.erf(t.tensor([inf, -inf, nan]))
t.polygamma(2, p34)
t.lgamma(t.tensor([0.0, -1.0, 1.0, 2.0]))
""".strip().splitlines()

# torch's own digamma is right to 1e-9 only.
ROUGH = """
t.digamma(p34)
t.digamma(x34 * 5)
t.polygamma(1, p34)
""".strip().splitlines()

WRONG = """
t.polygamma(-1, p3)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH + OTHER)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", [*SMOOTH, *ROUGH])
def test_has_the_slope_of_its_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", [*ROUGH, "t.digamma(t.tensor([0.0, -1.0, 1.0]))"])
def test_agrees_with_torch_as_far_as_that_is_right(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression, "float32")


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRONG)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
