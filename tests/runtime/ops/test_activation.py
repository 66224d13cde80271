"""Piecewise activations: against torch at their corners too, and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.relu(x57)
F.relu6(x57 * 5)
F.leaky_relu(x57, 0.2)
F.elu(x57, 0.3)
F.selu(x57)
F.celu(x57, 0.3)
F.hardtanh(x57, -0.3, 0.2)
F.hardsigmoid(x57 * 3)
F.hardswish(x57 * 3)
F.hardshrink(x57, 0.3)
F.softshrink(x57, 0.3)
F.threshold(x57, 0.1, 20.0)
F.prelu(x57, y7)
F.prelu(x57, y1)
F.prelu(x573, y7)
F.prelu(x7, y1)
F.prelu(x57, y_)
F.rrelu(x57)
""".strip().splitlines()

KINKED = """
F.relu(c57 * 1)
F.relu6(c57 * 1)
F.relu6(c57 * 6)
F.leaky_relu(c57 * 1)
F.elu(c57 * 1)
F.selu(c57 * 1)
F.celu(c57 * 1)
F.hardtanh(c57 * 1)
F.hardsigmoid(c57 * 3)
F.hardswish(c57 * 3)
F.hardshrink(c57 * 0.5)
F.softshrink(c57 * 0.5)
F.relu(c57 / c57)
F.elu(c57 / c57)
F.hardtanh(c57 / c57)
(t.relu(c57) + 0).sqrt()
F.relu(x57 + 0, inplace=True)
F.relu_(x57 * 1)
F.leaky_relu_(x57 * 1, 0.2)
F.elu_(x57 * 1, 0.2)
F.selu_(x57 * 1)
F.celu_(x57 * 1, 0.5)
F.hardtanh_(x57 * 1)
F.threshold_(x57 * 1, 0.1, 0.2)
F.relu6(x57 * 7, True)
F.hardswish(x57 * 7, True)
F.silu(x57 * 7, True)
F.mish(x57 * 7, True)
F.relu(i34)
F.hardtanh(i34)
""".strip().splitlines()

ERRORS = """
F.relu(b3)
F.prelu(x23, y2)
F.prelu(x23, y3.double())
F.prelu(x_, y3)
F.prelu(x2, y2)
F.softshrink(x3, -1)
F.hardtanh(x3, 2, 1)
F.celu(x3, 0)
F.elu(i3)
F.leaky_relu(i3)
F.hardshrink(i3)
F.relu_(x3)
F.rrelu(x3, 0.5, 0.1, training=True)
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
