"""The table of methods: complete beside the functions, and what it hangs behaves like them."""

from __future__ import annotations

import pytest

import nnflip.runtime as runtime
from nnflip.runtime.methods import methods

NO_METHODS = {"layout", "solve", "lstsq"}  # a property; removed from torch, whose Tensor keeps the name only to say so


@pytest.mark.torch
def test_every_function_that_is_a_method_in_torch_is_one_here(torch):
    functions = {name for name in dir(torch.Tensor) if not name.startswith("_") and name in vars(runtime)}
    assert {name for name in functions - NO_METHODS if name not in vars(runtime.Tensor)} == set()


@pytest.mark.torch
def test_nothing_is_hung_that_torch_has_not(torch):
    hung = {name for name, _ in methods() if not name.startswith("__")}
    assert {name for name in hung if not hasattr(torch.Tensor, name)} == set()


@pytest.mark.torch
def test_operators_with_numbers_on_either_side(torch):
    def results(library):
        x, i = library.tensor([1.5, -2.0]), library.tensor([3, 5])
        floats = [2 + x, 2 - x, 2 * x, 2 / x, 7 // x, 7 % x, 2**x, x**2, -x, +x, abs(x), x // 2, x % 2]
        integers = [6 & i, 6 | i, 6 ^ i, ~i, i << 1, i >> 1, 2 / i, i / 2, i // 2, i % 2, 7 % i]
        truths = [x < 0, x <= 1.5, 0 > x, x >= 0, x == 1.5, x != 1.5]  # noqa: SIM300
        return [(one.tolist(), str(one.dtype)) for one in (*floats, *integers, *truths)]

    assert results(runtime) == results(torch)


@pytest.mark.torch
def test_in_place_operators_keep_the_object(torch):
    def results(library):
        x = y = library.tensor([1.5, -2.0])
        x += 2
        x -= 0.5
        x *= 3
        x /= 2
        x **= 2
        x //= 2
        x %= 5
        i = j = library.tensor([3, 5])
        i |= 8
        i &= 13
        i ^= 1
        i <<= 2
        i >>= 1
        return x is y, i is j, y.tolist(), j.tolist(), y._version, j._version

    assert results(runtime) == results(torch)


def test_a_cpu_says_what_a_cpu_build_of_torch_says():
    x = runtime.ones(1)
    assert (x.is_cuda, x.is_sparse, x.layout, x.get_device()) == (False, False, runtime.strided, -1)
    assert runtime.cuda.device_count() == 0
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        runtime.cuda.current_device()
    assert runtime.compile(runtime.relu) is runtime.relu
    assert runtime.jit.script(runtime.relu) is runtime.relu
    runtime.backends.cudnn.benchmark = True
    runtime.set_num_threads(2)
    assert runtime.get_num_threads() == 2
