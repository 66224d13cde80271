"""Draws as operations on tensors: history, gradients, traces, out=."""

from __future__ import annotations

from typing import Any

import pytest

import nnflip.runtime as ours
from nnflip.runtime import record


@pytest.mark.parametrize("method", ["uniform_", "normal_", "exponential_", "bernoulli_", "random_", "cauchy_"])
def test_a_refilled_tensor_forgets_its_history(method: str) -> None:
    leaf = ours.ones(3, requires_grad=True)
    x = leaf * 2
    getattr(x, method)()
    assert x.grad_fn is not None
    x.sum().backward()
    assert leaf.grad.tolist() == [0, 0, 0]


def test_a_leaf_may_be_filled_without_recording() -> None:
    leaf = ours.ones(3, requires_grad=True)
    with ours.no_grad():
        assert leaf.uniform_(2, 3) is leaf
    assert leaf.is_leaf
    assert leaf.requires_grad
    assert all(2 <= value < 3 for value in leaf.tolist())


def test_a_refill_is_seen_by_backward() -> None:
    leaf = ours.ones(3, requires_grad=True)
    x = leaf * 2
    y = x * x
    x.normal_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_sampling_has_a_zero_gradient() -> None:
    p = ours.full((4,), 0.5, requires_grad=True)
    for drawn in (ours.bernoulli(p), ours.normal(p, 1.0), ours.normal(0.0, p), ours.normal(p, p), ours.poisson(p)):
        assert drawn.requires_grad
        p.grad = None
        drawn.sum().backward()
        assert p.grad.tolist() == [0, 0, 0, 0]
    assert not ours.multinomial(p, 2).requires_grad


def test_draws_are_told_to_listeners() -> None:
    seen: list[tuple[str, int, int]] = []

    def note(name: str, inputs: tuple[Any, ...], static: dict[str, Any], outputs: tuple[Any, ...]) -> None:
        seen.append((name, len(inputs), len(outputs)))

    x = ours.zeros(3)
    with record.recording(note):
        ours.rand(2)
        x.normal_()
        ours.rand_like(x)
        ours.bernoulli(x, 0.5)
        ours.randperm(3)
    assert seen == [("rand", 0, 1), ("normal_", 1, 1), ("rand_like", 1, 1), ("bernoulli", 1, 1), ("randperm", 0, 1)]


def test_parameters_are_told_too() -> None:
    seen: list[dict[str, Any]] = []
    with record.recording(lambda name, inputs, static, outputs: seen.append(static)):
        ours.randint(3, 9, (2,))
        ours.normal(1.0, 2.0, (2,))
        ours.zeros(2).uniform_(3, 4)
    named = [{key: value for key, value in static.items() if key not in ("generator", "dtype")} for static in seen[:2]]
    assert named == [{"low": 3, "high": 9}, {"mean": 1.0, "std": 2.0}]
    assert (seen[-1]["from"], seen[-1]["to"]) == (3, 4)


def test_out_is_filled_and_resized() -> None:
    out = ours.zeros(5)
    ours.manual_seed(2)
    assert ours.rand(2, 3, out=out) is out
    assert out.shape == (2, 3)
    ours.manual_seed(2)
    assert ours.rand(2, 3).tolist() == out.tolist()
    with pytest.raises(RuntimeError, match="dtype Double does not match dtype of out parameter"):
        ours.rand(2, out=out, dtype=ours.float64)


def test_requires_grad_makes_a_leaf() -> None:
    x = ours.randn(2, requires_grad=True)
    assert x.is_leaf
    assert x.requires_grad


def test_the_default_dtype_is_drawn() -> None:
    ours.set_default_dtype(ours.float64)
    try:
        assert ours.rand(2).dtype is ours.float64
    finally:
        ours.set_default_dtype(ours.float32)
