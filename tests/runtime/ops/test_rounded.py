"""Tables of positions come out as torch's own, nearly always to the bit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nnflip import runtime
from nnflip.runtime.ops.rounded import LARGE, rounded

NAMES = ("exp", "log", "log1p", "expm1", "sin", "cos", "tan", "atan", "sinh", "cosh", "log2", "log10")


@pytest.mark.parametrize("name", NAMES)
def test_nearly_every_value_is_torchs_to_the_bit(name) -> None:
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).uniform(0.01, 8, 5000).astype(np.float32)
    mine = getattr(runtime, name)(runtime.tensor(x)).numpy()
    assert np.mean(mine == getattr(torch, name)(torch.tensor(x)).numpy()) > 0.93


@pytest.mark.parametrize("layout", [lambda x: x, lambda x: x.T, lambda x: x[:, ::2], lambda x: x[:0]])
def test_every_layout_is_rounded_once(layout) -> None:
    x = layout(np.linspace(0.1, 30, 40 * 50, dtype=np.float32).reshape(40, 50))
    value = rounded(np.sin, x)
    assert value.dtype == np.float32
    assert np.array_equal(value, np.sin(x.astype(np.float64)).astype(np.float32))


def test_other_dtypes_and_large_arrays_are_left_to_numpy() -> None:
    x = np.linspace(0, 1, 10)
    assert rounded(np.exp, x).tobytes() == np.exp(x).tobytes()
    large = np.zeros(LARGE + 1, np.float32)
    assert rounded(np.exp, large).dtype == np.float32


def test_powers_of_a_number() -> None:
    torch = pytest.importorskip("torch")
    steps = np.arange(0, 64, 2, dtype=np.float32) / 64
    mine = (10000 ** runtime.tensor(steps)).numpy()
    assert np.mean(mine == (10000 ** torch.tensor(steps)).numpy()) > 0.9


@pytest.mark.parametrize("exponent", [-0.5, -2, -1, 0.5])
def test_small_fixed_powers_are_torchs_to_the_bit(exponent) -> None:
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).uniform(0.01, 8, 3000).astype(np.float32)
    values = []
    for library in (runtime, torch):
        one = library.tensor(x, requires_grad=True)
        (one**exponent).sum().backward()
        values.append(((one**exponent).detach().numpy(), one.grad.numpy()))
    (mine, slope), (value, expected) = values
    assert np.mean(mine == value) > 0.98
    assert np.allclose(slope, expected, rtol=1e-6)


def test_the_table_of_sinusoids_that_models_build() -> None:
    torch = pytest.importorskip("torch")
    tables = []
    for library in (runtime, torch):
        position = library.arange(512).float().unsqueeze(1)
        rate = (library.arange(0, 32, 2).float() * -(math.log(10000.0) / 32)).exp()
        tables.append(library.sin(position * rate).numpy())
    assert np.abs(tables[0] - tables[1]).max() < 1e-7
