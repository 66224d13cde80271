"""Tensors print as torch prints them."""

from __future__ import annotations

import numpy as np
import pytest

import nnflip.runtime as runtime
from nnflip.runtime.tensor import wrap

DRAW = np.random.default_rng(0)
VALUES = {
    "number": np.float32(1.5),
    "whole floats": np.array([1, 2], np.float32),
    "mixed": np.array([1, 2.5], np.float32),
    "wide range": np.array([1e-5, 1], np.float32),
    "large": np.array([1e10, 1], np.float32),
    "negative and large": np.array([-1, 1e5], np.float32),
    "one large": np.float32(12345678),
    "small": np.float32(1e-7),
    "nan and inf": np.array([1, np.nan, np.inf], np.float32),
    "only nan": np.array([np.nan], np.float32),
    "integers": np.array([1, -20]),
    "many integers": np.arange(2000),
    "other integers": np.arange(3, dtype=np.int32),
    "bools": np.array([True, False]),
    "empty": np.zeros(0, np.float32),
    "empty matrix": np.zeros((2, 0), np.float32),
    "empty integers": np.zeros(0, np.int64),
    "double": np.zeros((3, 3)),
    "half": np.array([0.5], np.float16),
    "cube": np.arange(12).reshape(2, 2, 3),
    "wrapped": np.linspace(0, 1, 50, dtype=np.float32),
    "summary": np.zeros((100, 100), np.float32),
    "summary of a cube": DRAW.standard_normal((30, 40, 50)).astype(np.float32),
    "summary of few rows": np.arange(1500, dtype=np.float32).reshape(3, 500),
    "complex": DRAW.standard_normal(5).astype(np.complex64) * (1 + 2j),
    "random": DRAW.standard_normal((3, 7)).astype(np.float32),
}


@pytest.mark.torch
@pytest.mark.parametrize("name", VALUES)
def test_values_print_as_in_torch(torch, name):
    values = np.asarray(VALUES[name])
    assert repr(wrap(values)) == repr(torch.from_numpy(values.reshape(values.shape)))


def test_what_follows_the_numbers():
    x = runtime.ones(2, requires_grad=True)
    assert repr(x) == "tensor([1., 1.], requires_grad=True)"
    assert repr(x * 2) == "tensor([2., 2.], grad_fn=<MulBackward0>)"
    assert repr(runtime.ones(1, dtype=runtime.float64)) == "tensor([1.], dtype=torch.float64)"
    assert f"{runtime.tensor(1.5):.3f} {runtime.tensor([1.5])}" == "1.500 tensor([1.5000])"


def test_options():
    runtime.set_printoptions(precision=2)
    try:
        assert repr(runtime.tensor([1.234])) == "tensor([1.23])"
    finally:
        runtime.set_printoptions(profile="default")
    assert repr(runtime.tensor([1.234])) == "tensor([1.2340])"
