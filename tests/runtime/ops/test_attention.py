"""Attention: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.scaled_dot_product_attention(x2456, y2476, z2473)
F.scaled_dot_product_attention(x2456, y2476, z2473, y57)
F.scaled_dot_product_attention(x2456, y2476, z2473, b57)
F.scaled_dot_product_attention(x2456, y2476, z2473, y2157)
F.scaled_dot_product_attention(x2456, y2476, z2473, is_causal=True)
F.scaled_dot_product_attention(x56, y76, z73, scale=0.3)
F.scaled_dot_product_attention(x2456, y2276, z2273, enable_gqa=True)
""".strip().splitlines()

KINKED = """
F.scaled_dot_product_attention(x56, y76, z73, b57 & False)
""".strip().splitlines()

ERRORS = """
F.scaled_dot_product_attention(x56, y76, z73, y57, is_causal=True)
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
