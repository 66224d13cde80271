"""rrelu draws torch's slopes bit for bit, for the elements that are not positive and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import nnflip.runtime as ours
from nnflip.runtime.gradcheck import gradcheck


def numbers(t: Any, dtype: str = "float32") -> Any:
    values = (np.random.RandomState(3).rand(6, 7) * 4 - 2).round(1)
    values[0, :3] = 0
    return t.tensor(values.tolist(), dtype=getattr(t, dtype))


def case(t: Any) -> Iterator[Any]:
    t.manual_seed(50)
    for dtype in ("float32", "float64"):
        x = numbers(t, dtype)
        yield t.nn.functional.rrelu(x, training=True)
        yield t.nn.functional.rrelu(x, 0.3, 0.31, True, True)
        yield t.nn.functional.rrelu(numbers(t, dtype).t(), training=True)
        yield t.nn.functional.rrelu(numbers(t, dtype)[:, ::2], training=True)
        yield t.rrelu(numbers(t, dtype), 0.2, 0.4, True, t.Generator().manual_seed(3))
        yield t.rrelu_(numbers(t, dtype), 0.2, 0.4, True)
        yield t.nn.functional.rrelu(numbers(t, dtype))
    yield t.get_rng_state()


def test_slopes_have_the_recorded_bits(recorded: Any) -> None:
    recorded.same("rrelu", case, ours)


@pytest.mark.torch
def test_slopes_are_those_of_torch(torch: Any) -> None:
    for theirs, mine in zip(case(torch), case(ours), strict=True):
        assert mine.numpy().tobytes() == theirs.numpy().tobytes()


@pytest.mark.torch
@pytest.mark.parametrize("training", [True, False])
def test_gradients_are_those_of_torch(training: bool, torch: Any) -> None:
    def gradient(t: Any) -> Any:
        t.manual_seed(51)
        leaf = numbers(t).requires_grad_()
        t.nn.functional.rrelu(leaf, 0.1, 0.4, training).sum().backward()
        return leaf.grad.numpy()

    assert np.array_equal(gradient(ours), gradient(torch))


def test_gradients_agree_with_differences() -> None:
    def again(x: Any) -> Any:
        ours.manual_seed(52)
        return ours.nn.functional.rrelu(x, training=True)

    gradcheck(again, np.random.RandomState(4).rand(5, 6) * 4 - 2.001)


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ((1.0, 0.5), "Lower bound should be less than or equal to the upper bound"),
        ((float("nan"), 0.5), "rrelu: lower bound must be finite, got nan"),
        ((0.5, float("inf")), "rrelu: upper bound must be finite, got inf"),
    ],
    ids=["upside down", "not a number", "infinite"],
)
def test_wrong_bounds_are_refused(bounds: tuple[float, float], message: str) -> None:
    with pytest.raises(RuntimeError, match=re.escape(message)):
        ours.nn.functional.rrelu(ours.ones(3), *bounds, True)


@pytest.mark.parametrize("dtype", ["int64", "float16"])
def test_other_dtypes_have_no_kernel(dtype: str) -> None:
    with pytest.raises(NotImplementedError, match='"rrelu_with_noise_out_cpu" not implemented'):
        ours.nn.functional.rrelu(ours.ones(3, dtype=getattr(ours, dtype)), training=True)
