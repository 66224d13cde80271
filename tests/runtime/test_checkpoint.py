"""Checkpoints change no number: values, gradients and the random stream are those of a plain call."""

from __future__ import annotations

from typing import Any

import pytest

import nnflip.runtime as runtime
from nnflip.runtime import checkpoint


def network() -> Any:
    runtime.manual_seed(0)
    nn = runtime.nn
    return nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.ReLU(), nn.Linear(8, 2))


def step(call: Any) -> list[Any]:
    """Output, all gradients and the next random number."""
    net = network()
    x = runtime.randn(3, 4, requires_grad=True)
    y = call(net, x)
    y.sum().backward()
    return [y.tolist(), x.grad.tolist(), [p.grad.tolist() for p in net.parameters()], runtime.rand(1).item()]


@pytest.mark.parametrize("use_reentrant", [True, False])
def test_a_checkpoint_changes_nothing(use_reentrant: bool) -> None:
    plain = step(lambda net, x: net(x))
    assert step(lambda net, x: checkpoint.checkpoint(net, x, use_reentrant=use_reentrant)) == plain


@pytest.mark.parametrize("segments", [1, 2, 4])
def test_segments_change_nothing(segments: int) -> None:
    plain = step(lambda net, x: net(x))
    assert step(lambda net, x: checkpoint.checkpoint_sequential(net, segments, x, use_reentrant=True)) == plain


def test_the_reentrant_form_refuses_what_torch_refuses() -> None:
    x = runtime.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="Unexpected keyword arguments: a"):
        checkpoint.checkpoint(lambda x, a: x, x, use_reentrant=True, a=1)
    y = checkpoint.checkpoint(lambda x: x.detach() * 2, x, use_reentrant=True)
    with pytest.raises(RuntimeError, match="none of output has requires_grad"):
        y.sum().backward()
