"""Average pooling in all ranks: against torch, naive loops and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import nnflip.runtime as runtime
from nnflip.runtime.ops.avg_pool import avg_pool2d

SMOOTH = """
F.avg_pool1d(x237, 2)
F.avg_pool1d(x237, 3, 2, 1)
F.avg_pool1d(x237, 3, 2, 1, True)
F.avg_pool1d(x237, 3, 2, 1, True, False)
F.avg_pool1d(x237, 3, 1, 1, False, False)
F.avg_pool1d(x37, 2)
F.avg_pool2d(x2376, 2)
F.avg_pool2d(x2376, 3, 2, 1)
F.avg_pool2d(x2376, 3, 2, 1, True)
F.avg_pool2d(x2376, 3, 2, 1, True, False)
F.avg_pool2d(x2376, 3, 1, 1, False, False)
F.avg_pool2d(x376, 2)
F.avg_pool3d(x23765, 2)
F.avg_pool3d(x23765, 3, 2, 1)
F.avg_pool3d(x23765, 3, 2, 1, True)
F.avg_pool3d(x23765, 3, 2, 1, True, False)
F.avg_pool3d(x23765, 3, 1, 1, False, False)
F.avg_pool3d(x3765, 2)
F.avg_pool2d(x2376, (3, 2), (2, 1), (1, 0), divisor_override=5)
F.avg_pool3d(x23765, 2, divisor_override=3)
F.avg_pool2d(x2377, 7)
""".strip().splitlines()

KINKED = """
F.avg_pool2d(i2376, 2)
""".strip().splitlines()

ERRORS = """
F.avg_pool2d(x1322, 3)
F.avg_pool2d(x1388, 3, padding=2)
F.avg_pool2d(x1388, 3, divisor_override=0)
F.avg_pool2d(x88, 2)
F.avg_pool1d(x8, 2)
F.avg_pool1d(x132, 3)
F.avg_pool3d(x13222, 3)
F.avg_pool2d(x1388, (2, 2, 2))
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


def test_agrees_with_plain_loops() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 7, 6))
    y = avg_pool2d(runtime.from_numpy(x), 3, 2).array
    for n, c, i, j in np.ndindex(*y.shape):
        assert y[n, c, i, j] == pytest.approx(x[n, c, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3].mean(), 1e-12)
