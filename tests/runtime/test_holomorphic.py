"""Gradients with respect to complex numbers are torch's: g times the conjugate of the derivative."""

from __future__ import annotations

import numpy as np
import pytest

import nnflip.runtime as runtime
from nnflip.runtime.missing import MissingUse

DRAWN = np.random.RandomState(0)
Z, W = DRAWN.randn(3, 4) + 1j * DRAWN.randn(3, 4), DRAWN.randn(4, 3) + 1j * DRAWN.randn(4, 3)

CASES = {
    "exp and log": lambda L, z, w: z.exp() * z.log(),
    "trigonometry": lambda L, z, w: z.sin() * z.tanh() + z.sqrt(),
    "products and quotients": lambda L, z, w: z * w.t() / (z + 2) - z**3,
    "matrices": lambda L, z, w: z @ w,
    "einsum": lambda L, z, w: L.einsum("ij,jk->ik", z, w),
    "linear": lambda L, z, w: L.nn.functional.linear(z, w.t()),
    "conv1d": lambda L, z, w: L.nn.functional.conv1d(z.t()[None], w.t()[:, :, None]),
    "sizes and angles": lambda L, z, w: z.abs() * z.angle() + z.real * w.t().imag,
    "norm": lambda L, z, w: L.linalg.vector_norm(z, dim=1) + w.conj().sum(0).abs(),
    "polar": lambda L, z, w: L.polar(z.real.abs(), w.t().imag),
    "a spectrum, filtered": lambda L, z, w: L.fft.irfft(L.fft.rfft(z.real) * z[:, :3]),
    "prod": lambda L, z, w: z.prod(1) + w.cumprod(1).sum(0),
    "solve": lambda L, z, w: L.linalg.solve(z[:, :3] + 3 * L.eye(3, dtype=z.dtype), w[:3]),
}


def gradients(library, function, twice):
    z, w = library.tensor(Z, requires_grad=True), library.tensor(W, requires_grad=True)
    made = function(library, z, w)
    weights = library.tensor(np.linspace(0.5, 1.5, made.numel()).reshape(tuple(made.shape))).to(made.dtype)
    first = library.autograd.grad(made, (z, w), weights * (1 + 0.5), allow_unused=True, create_graph=twice)
    if twice:
        total = sum(one.abs().pow(2).sum() for one in first if one is not None)
        first = library.autograd.grad(total, (z, w), allow_unused=True)
    return [np.zeros(1) if one is None else one.detach().resolve_conj().numpy() for one in first]


@pytest.mark.torch
@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_torch(torch, name, twice):
    for ours, theirs in zip(*(gradients(one, CASES[name], twice) for one in (runtime, torch)), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.torch
def test_vdot_conjugates_the_first(torch):
    ours, theirs = (library.vdot(library.tensor(Z[0]), library.tensor(W[:, 0])).item() for library in (runtime, torch))
    assert ours == pytest.approx(theirs)


@pytest.mark.parametrize("function", ["std", "logsumexp", "softsign"])
def test_what_is_not_right_for_complex_numbers_is_refused(function):
    z = runtime.tensor(Z)
    with pytest.raises(MissingUse, match=f"torch.{function} of complex numbers"):
        runtime.nn.functional.softsign(z) if function == "softsign" else getattr(runtime, function)(z, 1)
