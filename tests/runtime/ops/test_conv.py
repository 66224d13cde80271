"""Convolutions in all ranks: against torch, against naive loops, against central differences; torch's errors."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

import nnflip.runtime as runtime
from nnflip.runtime.ops.conv import conv2d

CASES = """
F.conv1d(x238, y433)
F.conv1d(x238, y433, z4, stride=2, padding=1, dilation=2)
F.conv1d(x248, y623, z6, groups=2, padding='same')
F.conv1d(x248, y413, z4, groups=4, stride=2)
F.conv1d(x38, y433)
F.conv2d(x2378, y4332, z4)
F.conv2d(x2378, y4332, z4, 2, 1)
F.conv2d(x2378, y4332, None, (2, 1), (1, 0), (1, 2))
F.conv2d(x2378, y4332, z4, padding='valid', dilation=2)
F.conv2d(x2378, y4335, z4, padding='same', dilation=(1, 2))
F.conv2d(x2478, y6232, z6, groups=2, padding=1)
F.conv2d(x2478, y4133, z4, groups=4, padding=1)
F.conv2d(x2478, y4133, z4, groups=4, padding=1, stride=2)
F.conv2d(x2478, y4132, None, groups=4, padding=2, stride=3, dilation=2)
F.conv2d(x2478, y8133, z8, groups=4)
F.conv2d(x2378, y4311, z4)
F.conv2d(x2378, y4311, z4, stride=2)
F.conv2d(x2378, y4311, z4, padding=1)
F.conv2d(x378, y4332, z4, 2, 1)
t.conv2d(x2378, y4332, z4, [2], [1])
F.conv3d(x23456, y43223, z4, 1, 1)
F.conv3d(x24456, y42223, z4, 2, 1, 1, 2)
F.conv3d(x24456, y41222, z4, groups=4)
F.conv3d(x3456, y43223)
F.conv2d(x2378.transpose(2, 3), y4332)
F.conv_tbc(x723, y334, z4, 1)
""".strip().splitlines()

ERRORS = """
F.conv2d(x2388, y4233)
F.conv2d(x388, y4233)
F.conv2d(x2388, y4333, z3)
F.conv2d(x2322, y4333)
F.conv2d(x88, y4333)
F.conv1d(x2388, y433)
F.conv3d(x238, y43333)
F.conv2d(x2388, y433)
F.conv2d(x2388, y4333, stride=0)
F.conv2d(x2388, y4333, padding=-1)
F.conv2d(x2388, y4333, dilation=0)
F.conv2d(x2388, y4333, groups=0)
F.conv2d(x2388, y4333, groups=2)
F.conv2d(x2488, y3233, groups=2)
F.conv2d(x2388, y4333, stride=(1, 1, 1))
F.conv2d(x2388, y4333, padding=(1, 1, 1))
F.conv2d(x2388, y4333, padding='foo')
F.conv2d(x2388, y4333, padding='same', stride=2)
F.conv2d(x2388, y4333.double())
F.conv2d(x2388, y4333, z4.double())
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", CASES)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", CASES)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)


def naive(x: np.ndarray, w: np.ndarray, stride: int, padding: int, dilation: int, groups: int) -> np.ndarray:
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    reach = [dilation * (k - 1) + 1 for k in w.shape[2:]]
    size = [(n - r) // stride + 1 for n, r in zip(x.shape[2:], reach, strict=True)]
    y = np.zeros((x.shape[0], w.shape[0], *size))
    inside, each = w.shape[1], w.shape[0] // groups
    for n, o, i, j in np.ndindex(*y.shape):
        first = o // each * inside
        for c, a, b in np.ndindex(*w.shape[1:]):
            y[n, o, i, j] += x[n, first + c, i * stride + a * dilation, j * stride + b * dilation] * w[o, c, a, b]
    return y


@pytest.mark.parametrize(
    ("stride", "padding", "dilation", "groups"), list(itertools.product((1, 2), (0, 2), (1, 2), (1, 2, 4)))
)
def test_agrees_with_plain_loops(stride: int, padding: int, dilation: int, groups: int) -> None:
    draw = np.random.default_rng(0)
    x, w = draw.standard_normal((2, 4, 6, 5)), draw.standard_normal((4, 4 // groups, 3, 2))
    y = conv2d(runtime.from_numpy(x), runtime.from_numpy(w), None, stride, padding, dilation, groups)
    np.testing.assert_allclose(y.array, naive(x, w, stride, padding, dilation, groups), 1e-12, 1e-12)


def test_many_blocks_give_the_same_as_one_image_at_a_time() -> None:
    draw = np.random.default_rng(0)
    x = draw.standard_normal((3, 64, 60, 60), np.float32)
    w = runtime.from_numpy(draw.standard_normal((4, 64, 3, 3), np.float32))
    whole = conv2d(runtime.from_numpy(x), w, padding=1).array
    for image, one in zip(x, whole, strict=True):
        np.testing.assert_allclose(one, conv2d(runtime.from_numpy(image), w, padding=1).array, 1e-4, 1e-4)


def test_an_empty_batch_gives_an_empty_batch() -> None:
    y = conv2d(runtime.zeros(0, 3, 8, 8), runtime.zeros(4, 3, 3, 3))
    assert tuple(y.shape) == (0, 4, 6, 6)


def test_float32_stays_float32_forwards_and_backwards() -> None:
    x, w = runtime.zeros(1, 2, 4, 4, requires_grad=True), runtime.zeros(2, 2, 3, 3, requires_grad=True)
    y = conv2d(x, w)
    y.sum().backward()
    assert {str(one.dtype) for one in (y, x.grad, w.grad)} == {"torch.float32"}


def test_one_call_is_one_named_op() -> None:
    seen = []
    with runtime.record.recording(lambda name, inputs, static, outputs: seen.append((name, static))):
        conv2d(runtime.zeros(1, 2, 4, 4), runtime.zeros(2, 2, 3, 3), stride=2, padding="valid")
    assert seen == [("conv2d", {"stride": (2, 2), "padding": ((0, 0), (0, 0)), "dilation": (1, 1), "groups": 1})]
