"""Sampling: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bilinear', 'zeros', True)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bilinear', 'zeros', False)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bilinear', 'border', True)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bilinear', 'border', False)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bilinear', 'reflection', True)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bilinear', 'reflection', False)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bicubic', 'zeros', True)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bicubic', 'zeros', False)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bicubic', 'border', True)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bicubic', 'border', False)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bicubic', 'reflection', True)
F.grid_sample(x2356, u2432 * 2.2 - 1.1, 'bicubic', 'reflection', False)
F.grid_sample(x23456, u24323 * 2 - 1, align_corners=False)
F.affine_grid(x223, (2, 3, 4, 5), False)
F.affine_grid(x234, (2, 3, 4, 5, 2), True)
""".strip().splitlines()

KINKED = """
F.grid_sample(x2356, u2432 * 2.6 - 1.3, 'nearest', 'zeros', True)
F.grid_sample(x2356, u2432 * 2.6 - 1.3, 'nearest', 'zeros', False)
F.grid_sample(x2356, u2432 * 2.6 - 1.3, 'nearest', 'border', True)
F.grid_sample(x2356, u2432 * 2.6 - 1.3, 'nearest', 'border', False)
F.grid_sample(x2356, u2432 * 2.6 - 1.3, 'nearest', 'reflection', True)
F.grid_sample(x2356, u2432 * 2.6 - 1.3, 'nearest', 'reflection', False)
F.grid_sample(x2356, c2432, align_corners=True)
""".strip().splitlines()

ERRORS = """
F.grid_sample(x2356, u2432, 'foo')
F.grid_sample(x2356, u2432, padding_mode='foo')
F.grid_sample(x2356, u3432, align_corners=False)
F.grid_sample(x2356, u2433, align_corners=False)
F.grid_sample(x235, u2432, align_corners=False)
F.affine_grid(x223, (2, 3, 4), False)
F.affine_grid(x233, (2, 3, 4, 5), False)
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
