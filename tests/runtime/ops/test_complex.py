"""Complex tensors against torch: values, and gradients of the real parameters behind them."""

from __future__ import annotations

import numpy as np
import pytest

import nnflip.runtime as runtime


def rotary(library, start):
    """Rotary position embedding as models write it."""
    x = library.tensor(start, requires_grad=True)
    angles = library.tensor([0.3, 0.7], dtype=library.float64, requires_grad=True)
    turns = library.polar(library.ones_like(angles), angles)
    turned = library.view_as_real(library.view_as_complex(x.reshape(3, 2, 2)) * turns).flatten(1)
    (turned * turned.detach().sin()).sum().backward()
    return turned.tolist(), x.grad.tolist(), angles.grad.tolist()


def parts(library, start):
    """Parts, angles and conjugates of numbers put together from two tensors."""
    x = library.tensor(start, requires_grad=True)
    z = library.complex(x, x * 2 + 1)
    out = z.real * 3 + z.imag * z.conj().imag + z.angle() + (z * z.conj()).real + z.abs()
    out.sum().backward()
    return out.tolist(), x.grad.tolist(), [z.mH.shape, z.is_complex()]


@pytest.mark.torch
@pytest.mark.parametrize("program", [rotary, parts])
def test_values_and_gradients_are_torchs(torch, program):
    start = np.random.default_rng(0).standard_normal((3, 4))
    for ours, theirs in zip(program(runtime, start), program(torch, start), strict=True):
        if isinstance(theirs[-1], bool):
            assert ours == [tuple(theirs[0]), theirs[1]]
        else:
            np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_refusals():
    with pytest.raises(RuntimeError, match="imag is not implemented for tensors with non-complex dtypes"):
        _ = runtime.ones(2).imag
    with pytest.raises(RuntimeError, match="Tensor must have a last dimension of size 2"):
        runtime.view_as_complex(runtime.ones(3))
    with pytest.raises(RuntimeError, match="view_as_real is only supported for complex tensors"):
        runtime.view_as_real(runtime.ones(3))
