"""Tensors as Python objects: conversions, copies, memory, legacy constructors, devices."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import nnflip.runtime as runtime


def test_one_element_is_a_python_number():
    x = runtime.tensor([2.5])
    assert (x.item(), float(x), int(x), bool(x), f"{x[0]:.2f}") == (2.5, 2.5, 2, True, "2.50")
    assert list(range(runtime.tensor(3))) == [0, 1, 2]


@pytest.mark.parametrize(
    ("convert", "error", "message"),
    [
        (lambda x: x.item(), RuntimeError, "a Tensor with 2 elements cannot be converted to Scalar"),
        (float, ValueError, "only one element tensors can be converted to Python scalars"),
        (bool, RuntimeError, "Boolean value of Tensor with more than one value is ambiguous"),
        (range, TypeError, "only integer tensors of a single element can be converted to an index"),
        (lambda x: len(x[0]), TypeError, r"len\(\) of a 0-d tensor"),
        (lambda x: list(x[0]), TypeError, "iteration over a 0-d tensor"),
        (lambda x: x.requires_grad_().numpy(), RuntimeError, "Can't call numpy\\(\\) on Tensor that requires grad"),
        (lambda x: "a" in x, RuntimeError, "only supports Tensor or scalar"),
    ],
    ids=["item", "float", "bool", "index", "len", "iter", "numpy", "contains"],
)
def test_refusals(convert, error, message):
    with pytest.raises(error, match=message):
        convert(runtime.ones(2))


def test_numpy_shares_memory_both_ways():
    x = runtime.zeros(3)
    x.numpy()[0] = 5
    assert x.tolist() == [5, 0, 0]
    assert np.asarray(x).base is x.array or np.asarray(x) is x.array
    assert (np.ones(3) * x).tolist() == [5, 0, 0]


def test_views_share_memory_version_and_base():
    x = runtime.zeros(2, 3)
    row = x[1]
    row += 1
    assert x.tolist() == [[0, 0, 0], [1, 1, 1]]
    assert row._base is x
    assert x.t()[0]._base is x
    assert (x._version, row._version, x.detach()._version, x.data._version) == (1, 1, 1, 0)


def test_view_needs_strides_that_fit():
    x = runtime.zeros(2, 3)
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        x.t().view(-1)
    assert x.t().reshape(-1).shape == (6,)
    assert (x.stride(), x.t().stride(), x.is_contiguous(), x.t().is_contiguous()) == ((3, 1), (1, 3), True, False)
    assert x.t().contiguous().view(-1).shape == (6,)


def test_results_of_products_are_contiguous_and_elementwise_ones_keep_their_layout():
    x = runtime.zeros(2, 3)
    assert (x.t() @ x).is_contiguous()
    assert (x.t() + 1).stride() == (1, 3)
    assert runtime.nn.functional.conv2d(runtime.zeros(2, 1, 4, 4), runtime.zeros(3, 1, 2, 2)).is_contiguous()


def test_deepcopy_and_pickle():
    x = runtime.tensor([1.0, 2.0], requires_grad=True)
    x.note = "kept"
    x.sum().backward()
    for twin in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert (twin.tolist(), twin.requires_grad, twin.note) == ([1, 2], True, "kept")
        assert twin.array is not x.array
    assert copy.deepcopy(x).grad.tolist() == [1, 1]
    assert copy.copy(x).array is x.array
    with pytest.raises(RuntimeError, match="Only Tensors created explicitly by the user"):
        copy.deepcopy(x * 2)


def test_identity_is_what_hashes():
    x = runtime.ones(2)
    assert len({x, x, runtime.ones(2)}) == 2


def test_to_in_all_its_forms():
    x = runtime.ones(2, dtype=runtime.int64)
    assert x.to(runtime.float64).dtype is x.to("cpu", runtime.float64).dtype is runtime.float64
    assert x.to(runtime.ones(1)).dtype is x.float().dtype is x.type(runtime.FloatTensor).dtype is runtime.float32
    assert x.to("cpu") is x
    assert x.to(runtime.int64, copy=True) is not x
    assert x.type() == "torch.LongTensor"
    assert x.to(device="cpu", dtype=runtime.half, non_blocking=True).dtype is runtime.float16
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        x.to("cuda")
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        x.cuda()
    with pytest.raises(RuntimeError, match="Expected one of cpu, cuda"):
        x.to("gpu")


def test_devices_are_names():
    assert repr(runtime.device("cuda", 1)) == "device(type='cuda', index=1)"
    assert runtime.device("cuda:1") == runtime.device(1)
    assert str(runtime.ones(1).device) == "cpu"
    assert not runtime.cuda.is_available()


def test_other_operands_are_asked_too():
    class Other:
        def __radd__(self, tensor):
            return "other"

    assert runtime.ones(2) + Other() == "other"
    with pytest.raises(TypeError):
        runtime.ones(2) + "a"
    assert (runtime.ones(2) == None) is False  # noqa: E711
    assert (runtime.ones(2) == "a") is False


def test_subclasses_keep_their_class_and_share_memory():
    class Mine(runtime.Tensor):
        pass

    x = runtime.ones(2)
    mine = runtime.Tensor._make_subclass(Mine, x, True)
    assert (type(mine), mine.array is x.array, mine.requires_grad, mine.is_leaf) == (Mine, True, True, True)
    assert isinstance(mine, runtime.autograd.Variable)


def test_in_place_changes_of_shape_keep_the_gradient():
    x = runtime.ones(2, 3, requires_grad=True)
    y = x * 2
    y.t_().unsqueeze_(0)
    assert y.shape == (1, 3, 2)
    (y * runtime.arange(6.0).reshape(1, 3, 2)).sum().backward()
    assert x.grad.tolist() == [[0, 4, 8], [2, 6, 10]]
