"""Batch and instance norm: against torch and central differences, running statistics too; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import nnflip.runtime as runtime
from nnflip.runtime.ops.norm import batch_norm

SMOOTH = """
F.batch_norm(x43, None, None, y3, z3, True)
F.batch_norm(x43, t.zeros(3, dtype=x43.dtype), t.ones(3, dtype=x43.dtype), y3, z3, False, 0.1, 1e-3)
F.batch_norm(x435, None, None, y3, z3, True)
F.batch_norm(x435, t.zeros(3, dtype=x435.dtype), t.ones(3, dtype=x435.dtype), y3, z3, False, 0.1, 1e-3)
F.batch_norm(x2345, None, None, y3, z3, True)
F.batch_norm(x2345, t.zeros(3, dtype=x2345.dtype), t.ones(3, dtype=x2345.dtype), y3, z3, False, 0.1, 1e-3)
F.batch_norm(x23452, None, None, y3, z3, True)
F.batch_norm(x23452, t.zeros(3, dtype=x23452.dtype), t.ones(3, dtype=x23452.dtype), y3, z3, False, 0.1, 1e-3)
F.instance_norm(x435, None, None, y3, z3)
F.instance_norm(x435, t.zeros(3, dtype=x435.dtype), t.ones(3, dtype=x435.dtype), None, None, False)
F.instance_norm(x2345, None, None, y3, z3)
F.instance_norm(x2345, t.zeros(3, dtype=x2345.dtype), t.ones(3, dtype=x2345.dtype), None, None, False)
F.instance_norm(x23452, None, None, y3, z3)
F.instance_norm(x23452, t.zeros(3, dtype=x23452.dtype), t.ones(3, dtype=x23452.dtype), None, None, False)
F.batch_norm(x2345, None, None, None, None, True)
F.batch_norm(x2345, None, None, y3, None, True)
F.batch_norm(x2345, None, None, None, z3, True)
F.instance_norm(x2345)
""".strip().splitlines()

KINKED = """
(lambda m, v: (F.batch_norm(x2345, m, v, y3, z3, True, 0.3), m, v))(t.ones(3, dtype=x2345.dtype), t.ones(3, dtype=x2345.dtype))
(lambda m, v: (F.instance_norm(x2345, m, v, y3, z3, True, 0.3), m, v))(t.ones(3, dtype=x2345.dtype), t.ones(3, dtype=x2345.dtype))
F.batch_norm(x03, t.zeros(3, dtype=x03.dtype), t.ones(3, dtype=x03.dtype), training=True)
F.batch_norm(x2345 * 0.5 + 3, None, None, y3, z3, True)
""".strip().splitlines()  # noqa: E501

ERRORS = """
F.batch_norm(x13, t.zeros(3), t.ones(3), training=True)
F.batch_norm(x1311, t.zeros(3), t.ones(3), training=True)
F.batch_norm(x23, t.zeros(4), t.ones(3))
F.batch_norm(x23, t.zeros(3), t.ones(4))
F.batch_norm(x23, t.zeros(3), t.ones(3), y4)
F.batch_norm(x23, t.zeros(3), t.ones(3), None, y4)
F.batch_norm(x23, None, None)
F.batch_norm(x23, t.zeros(3), None)
F.batch_norm(x23, t.zeros(3), t.ones(3), momentum=None, training=True)
F.batch_norm(i23, t.zeros(3), t.ones(3))
F.instance_norm(x231)
F.instance_norm(x234, use_input_stats=False)
F.instance_norm(x234, weight=y4)
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


def test_batch_norm_agrees_with_its_formula() -> None:
    x = np.random.default_rng(0).standard_normal((4, 3, 5, 2))
    mean, var = runtime.zeros(3, dtype=runtime.float64), runtime.ones(3, dtype=runtime.float64)
    y = batch_norm(runtime.from_numpy(x), mean, var, training=True, momentum=0.2)
    for c in range(3):
        channel = x[:, c]
        np.testing.assert_allclose(y.array[:, c], (channel - channel.mean()) / np.sqrt(channel.var() + 1e-5), 1e-12)
        assert mean.array[c] == pytest.approx(0.2 * channel.mean(), 1e-12)
        assert var.array[c] == pytest.approx(0.8 + 0.2 * channel.var(ddof=1), 1e-12)
