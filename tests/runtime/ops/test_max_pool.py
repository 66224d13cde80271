"""Max pooling in all ranks: against torch, ties and nans included; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import nnflip.runtime as runtime
from nnflip.runtime.ops.max_pool import max_pool2d

SMOOTH = """
F.max_pool1d(x237, 2)
F.max_pool1d(x237, 3, 2, 1)
F.max_pool1d(x237, 3, 2, 1, ceil_mode=True)
F.max_pool1d(x237, 2, 1, 0, 2)
F.max_pool1d(x237, 3, 2, 1, 1, False, True)
F.max_pool1d(x237, 2, None, 1, 2, True, True)
F.max_pool1d(x37, 2)
F.max_pool2d(x2376, 2)
F.max_pool2d(x2376, 3, 2, 1)
F.max_pool2d(x2376, 3, 2, 1, ceil_mode=True)
F.max_pool2d(x2376, 2, 1, 0, 2)
F.max_pool2d(x2376, 3, 2, 1, 1, False, True)
F.max_pool2d(x2376, 2, None, 1, 2, True, True)
F.max_pool2d(x376, 2)
F.max_pool3d(x23765, 2)
F.max_pool3d(x23765, 3, 2, 1)
F.max_pool3d(x23765, 3, 2, 1, ceil_mode=True)
F.max_pool3d(x23765, 2, 1, 0, 2)
F.max_pool3d(x23765, 3, 2, 1, 1, False, True)
F.max_pool3d(x23765, 2, None, 1, 2, True, True)
F.max_pool3d(x3765, 2)
F.max_pool2d(x2376, (3, 2), (2, 1), (1, 0))
F.max_pool2d(x2376, [2])
F.max_pool2d_with_indices(x2376, 2)
F.max_pool2d(x2399, 9)
""".strip().splitlines()

KINKED = """
F.max_pool1d(c239, 3, 1, 1)
F.max_pool2d(c2399, 3, 1, 1)
F.max_pool2d(c2399, 3, 2, 1, return_indices=True)
F.max_pool3d(c23555, 2)
F.max_pool2d(c2399 * inf, 3, 2, 1, return_indices=True)
F.max_pool2d(c155 / c155, 2, 1)
F.max_pool2d(t.full_like(x155, -inf), 3, 2, 1, return_indices=True)
F.max_pool2d(i2376, 2)
F.max_pool2d(x2376.transpose(2, 3), 2)
""".strip().splitlines()

ERRORS = """
F.max_pool2d(x1322, 3)
F.max_pool2d(x1388, 3, padding=2)
F.max_pool2d(x1388, 0)
F.max_pool2d(x1388, 2, stride=0)
F.max_pool2d(x88, 2)
F.max_pool2d(x11388, 2)
F.max_pool1d(x8, 2)
F.max_pool1d(x132, 3)
F.max_pool3d(x13222, 3)
F.max_pool3d(x222, 3)
F.max_pool2d(x1388, (2, 2, 2))
F.max_pool2d(x1388, 2, padding=-1)
F.max_pool2d(x1308, 2)
F.max_pool2d(b1388, 2)
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


def test_without_a_kernel_size_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'kernel_size'"):
        max_pool2d(runtime.zeros(1, 1, 4, 4))  # type: ignore[call-arg]


def test_the_output_may_be_changed_in_place() -> None:
    x = runtime.ones(1, 1, 4, 4, requires_grad=True)
    max_pool2d(x, 2).relu_().sum().backward()
    assert x.grad.array[0, 0].tolist() == [[1, 0, 1, 0], [0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (3, 1, 1)])
def test_agrees_with_plain_loops(kernel: int, stride: int, padding: int) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 7, 6))
    wide = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2), constant_values=-np.inf)
    y = max_pool2d(runtime.from_numpy(x), kernel, stride, padding).array
    for n, c, i, j in np.ndindex(*y.shape):
        place = wide[n, c, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
        assert y[n, c, i, j] == place.max()
