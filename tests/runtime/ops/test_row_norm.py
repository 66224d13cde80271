"""Layer, RMS, group and local response norm: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.layer_norm(x46, (6,))
F.layer_norm(x46, (6,), y6, z6, 1e-3)
F.layer_norm(x46, (6,), None, z6)
F.rms_norm(x46, (6,), y6)
F.rms_norm(x46, (6,), None, 1e-3)
F.layer_norm(x235, (5,))
F.layer_norm(x235, (5,), y5, z5, 1e-3)
F.layer_norm(x235, (5,), None, z5)
F.rms_norm(x235, (5,), y5)
F.rms_norm(x235, (5,), None, 1e-3)
F.layer_norm(x235, (3, 5))
F.layer_norm(x235, (3, 5), y35, z35, 1e-3)
F.layer_norm(x235, (3, 5), None, z35)
F.rms_norm(x235, (3, 5), y35)
F.rms_norm(x235, (3, 5), None, 1e-3)
F.layer_norm(x5, (5,))
F.layer_norm(x5, (5,), y5, z5, 1e-3)
F.layer_norm(x5, (5,), None, z5)
F.rms_norm(x5, (5,), y5)
F.rms_norm(x5, (5,), None, 1e-3)
F.group_norm(x465, 1, y6, z6)
F.group_norm(x465, 1)
F.group_norm(x465, 2, y6, z6)
F.group_norm(x465, 2)
F.group_norm(x465, 6, y6, z6)
F.group_norm(x465, 6)
F.group_norm(x2634, 1, y6, z6)
F.group_norm(x2634, 1)
F.group_norm(x2634, 2, y6, z6)
F.group_norm(x2634, 2)
F.group_norm(x2634, 6, y6, z6)
F.group_norm(x2634, 6)
F.local_response_norm(x265, 2)
F.local_response_norm(x2634, 3, 0.5, 0.6, 2.0)
F.local_response_norm(x25222, 9)
""".strip().splitlines()

ERRORS = """
F.layer_norm(x23, 4)
F.layer_norm(x23, (4,))
F.layer_norm(x23, (3,), y4)
F.layer_norm(x23, (3,), None, y4)
F.layer_norm(x23, ())
F.layer_norm(x3, (2, 3))
F.layer_norm(i23, (3,))
F.rms_norm(x23, (4,))
F.rms_norm(x23, (3,), y4)
F.group_norm(x234, 2)
F.group_norm(x24, 2, y3)
F.group_norm(x12, 2)
F.group_norm(x4, 2)
F.group_norm(x24, 0)
F.local_response_norm(x24, 2)
F.local_response_norm(x243, 0)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
