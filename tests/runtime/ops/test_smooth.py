"""Smooth activations: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.sigmoid(x57 * 5)
F.tanh(x57)
F.tanhshrink(x57)
F.softsign(x57)
F.logsigmoid(x57 * 5)
F.softplus(x57 * 9)
F.softplus(x57, 2, 1)
F.silu(x57 * 5)
F.mish(x57 * 5)
F.gelu(x57 * 3)
F.gelu(x57 * 3, approximate='tanh')
F.glu(x46)
F.glu(x46, 0)
""".strip().splitlines()

KINKED = """
F.sigmoid(i34)
F.tanhshrink(i34)
F.softsign(i34)
F.sigmoid(x57 * 1000)
F.silu(x57 * 1000)
F.mish(x57 * 1000)
F.softplus(x57 * 1000)
F.logsigmoid(x57 * 1000)
""".strip().splitlines()

ERRORS = """
F.glu(x33)
F.glu(x_)
F.gelu(x3, approximate='foo')
F.gelu(i3)
F.silu(i3)
F.softplus(i3)
F.logsigmoid(i3)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", [*SMOOTH, *KINKED])
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
