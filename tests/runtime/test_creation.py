"""New tensors: values, dtypes, refusals as torch has them; what shares memory and what does not."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

import nnflip.runtime as runtime

MADE = """
t.tensor([1, 2.5])
t.tensor([True, 2])
t.tensor([])
t.tensor([[], []])
t.tensor(np.float64(1.5))
t.tensor(np.array([1.0, 2.0]))
t.tensor([np.float64(1.5)])
t.tensor([np.float32(1.5)])
t.tensor([np.int32(1)])
t.tensor([t.tensor(1.5, dtype=t.float64), t.tensor(2)])
t.tensor([t.tensor([1.0]), t.tensor([2.0])])
t.tensor((1, 2), dtype=t.bool)
t.tensor([1.5], dtype=t.int64)
t.tensor(-1, dtype=t.uint8)
t.tensor(range(3))
t.tensor(3)
t.tensor([[1, 2], [3, 4]], dtype=t.float64)
t.tensor([1.0], requires_grad=True)
t.as_tensor([1, 2])
t.as_tensor(np.arange(3))
t.arange(3.0)
t.arange(1, 4, 0.5)
t.arange(t.tensor(3))
t.arange(0, 1, 0.1, dtype=t.float64)
t.arange(5, 0, -2)
t.arange(end=3)
t.arange(1, 10, step=3)
t.arange(5, dtype=t.float32)
t.linspace(0, 1, 5)
t.linspace(-3, 10, 17)
t.linspace(0, 10, 4, dtype=t.int64)
t.linspace(3, 3, 1)
t.linspace(0, 1, 0)
t.logspace(0, 2, 3)
t.full((2,), 1)
t.full((2, 3), 1.5)
t.full((), 1.0)
t.full((2,), True)
t.full([2], 3, dtype=t.float64)
t.eye(3)
t.eye(2, 3, dtype=t.int64)
t.zeros(2, 3)
t.zeros((2, 3), dtype=t.int64)
t.zeros([2])
t.zeros(())
t.zeros(size=(2,))
t.ones(2, 3, requires_grad=True)
t.ones(t.Size([2, 2]))
t.zeros_like(t.ones(2), dtype=t.int64)
t.ones_like(t.zeros(2, 3, dtype=t.float64))
t.full_like(t.ones(2), 3)
t.ones(2, dtype=t.float64).new_tensor([1, 2])
t.ones(2, dtype=t.float64).new_zeros(2, 3)
t.ones(2).new_zeros((2, 3), dtype=t.int64)
t.ones(2).new_full((2,), 3)
t.ones(2).new_ones(2)
t.ones(2).new([1, 2])
t.tril_indices(3, 3)
t.triu_indices(2, 3, 1)
t.scalar_tensor(3)
t.Tensor([1, 2])
t.Tensor([[1.5, 2]])
t.LongTensor([1, 2.7])
t.FloatTensor([[1, 2]])
t.BoolTensor([1, 0])
t.DoubleTensor(np.array([1, 2]))
t.zeros(2, dtype=float)
t.zeros(2, 3, out=t.ones(1))
""".strip().splitlines()

REFUSED = """
t.tensor([None])
t.tensor({1, 2})
t.tensor([1, [2]])
t.tensor([[1], 2])
t.tensor([[1, 2], [3]])
t.tensor(["a"])
t.tensor("a")
t.tensor(300, dtype=t.uint8)
t.tensor(2**63)
t.tensor([1], requires_grad=True)
t.tensor([t.tensor([1.0, 2.0])])
t.arange(0, 5, -1)
t.arange(0, 5, 0)
t.linspace(0, 1, -1)
t.full(2, 1.0)
t.zeros(2, dtype="float32")
t.zeros(2.0)
t.zeros(-1)
t.zeros()
t.eye(-1)
t.zeros(2, dtype=t.int64, requires_grad=True)
t.from_numpy([1])
t.from_numpy(np.array([1.0])[::-1])
t.from_numpy(np.array(["a"]))
t.zeros(2, device="cuda")
""".strip().splitlines()


def made(library: Any, expression: str) -> Any:
    return eval(expression, {"t": library, "np": np})


@pytest.mark.torch
@pytest.mark.parametrize("expression", MADE)
def test_makes_what_torch_makes(expression: str, torch: ModuleType) -> None:
    expected, actual = made(torch, expression), made(runtime, expression)
    assert (str(actual.dtype), tuple(actual.shape), actual.requires_grad) == (
        str(expected.dtype),
        tuple(expected.shape),
        expected.requires_grad,
    )
    np.testing.assert_allclose(actual.detach().numpy(), expected.detach().numpy(), 1e-7)


@pytest.mark.torch
@pytest.mark.parametrize("expression", REFUSED)
def test_refuses_what_torch_refuses(expression: str, torch: ModuleType) -> None:
    with pytest.raises(Exception) as expected:  # noqa: PT011 - which one is what is asked
        made(torch, expression)
    with pytest.raises(type(expected.value)) as actual:
        made(runtime, expression)
    assert str(actual.value).partition("\n")[0] == str(expected.value).partition("\n")[0]


def test_tensor_copies_and_from_numpy_shares() -> None:
    array = np.zeros(2)
    copied, shared = runtime.tensor(array), runtime.from_numpy(array)
    array[0] = 1
    assert copied.tolist() == [0, 0]
    assert shared.tolist() == [1, 0]
    assert runtime.as_tensor(shared) is shared


def test_a_tensor_made_of_a_tensor_warns() -> None:
    with pytest.warns(UserWarning, match="sourceTensor"):
        runtime.tensor(runtime.ones(2))


def test_legacy_types_are_known_by_dtype() -> None:
    assert isinstance(runtime.zeros(2), runtime.FloatTensor)
    assert not isinstance(runtime.zeros(2), runtime.LongTensor)
    assert runtime.FloatTensor(2, 3).shape == (2, 3)
    assert runtime.Tensor(2, 3).shape == (2, 3)


def test_empty_like_keeps_the_order_of_the_memory() -> None:
    assert runtime.empty_like(runtime.zeros(2, 3).t()).stride() == (1, 3)
