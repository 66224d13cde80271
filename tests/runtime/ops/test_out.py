"""`out=`, and who may be a Python number: as in torch, the errors included."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest

import nnflip.runtime as runtime

WRITTEN = """
t.cumsum(i34, 0, out=t.empty(3, 4, dtype=t.int64))
t.gather(i34, 0, k34, out=t.empty(3, 4, dtype=t.int64))
t.max(i34, 1, out=(t.empty(3, dtype=t.int64), t.empty(3, dtype=t.int64)))
t.sort(i34, 1, out=(t.empty(3, 4, dtype=t.int64), t.empty(3, 4, dtype=t.int64)))[0]
t.all(b34, 1, out=t.empty(3, dtype=t.bool))
t.cumsum(i34, 0, out=t.empty(3, 4))
t.masked_select(i34, b34, out=t.empty(0, dtype=t.int64))
t.cat([i34, j34], out=t.empty(0))
""".strip().splitlines()

WRONG = """
t.gather(i34, 0, k34, out=t.empty(3, 4))
t.amax(i34, 0, out=t.empty(4))
t.cumsum(x34, 0, out=t.empty(3, 4, dtype=t.int64))
t.take(i34, k3, out=i34)
t.add(i34, 1, out=t.empty(1, 4, dtype=t.int64).expand(3, 4))
t.cumsum(x34, 0, out=t.empty(3, 4))
t.maximum(x34, 1)
t.atan2(1, x34)
t.scatter(x34, 0, k3, x34)
t.scatter(x34, 0, k34, x3)
t.scatter(x23, 0, k34, x34)
t.index_add(x34, 0, k2, x2)
x34.masked_fill(b34, 1e39)
t.full((2,), 300, dtype=t.uint8)
t.zeros(2, dtype=t.float16).fill_(1e9)
t.empty(2, -1)
t.movedim(x34, (0, -2), (0, 1))
t.narrow(x34, 0, 5, 1)
F.max_pool1d(x234, 2, 0)
F.max_pool2d(x234, 2, 1, -1)
F.conv1d(x234, x22)
F.conv1d(x234, x233, dilation=-1)
F.batch_norm(x23, None, None, training=True, eps=0.0)
t.nn.LSTM(2, 3, bias=1)
t.nn.GRU(0, 3)
t.nn.HuberLoss(delta='a')
F.nll_loss(x23, k2, p3.double())
t.linspace(x2, 1, 3)
t.cov(x34, fweights=x4)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRITTEN)
def test_results_are_written_into_what_is_given(agrees: Callable[..., None], expression: str) -> None:
    agrees(expression, "float32")


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRONG)
def test_errors_are_those_of_torch(same_error: Callable[[str], None], expression: str) -> None:
    same_error(expression)


def test_the_given_tensor_is_returned() -> None:
    x, out = runtime.ones(2, 3), runtime.empty(3)
    assert runtime.mean(x, 0, out=out) is out
    assert out.tolist() == [1, 1, 1]


def test_a_given_tensor_of_another_shape_is_resized_with_a_warning() -> None:
    out = runtime.empty(5)
    with pytest.warns(UserWarning, match="An output with one or more elements was resized"):
        runtime.cumsum(runtime.ones(2), 0, out=out)
    assert out.shape == (2,)


def test_an_empty_tensor_is_resized_without_one() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert runtime.cumsum(runtime.ones(2), 0, out=runtime.empty(0)).tolist() == [1, 2]
