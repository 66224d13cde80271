"""Optimizers take torch's steps, keep torch's state, and say what torch says."""

from __future__ import annotations

import copy
import io
import pickle
import re
from typing import Any

import numpy as np
import pytest

CASES = [
    "SGD(p, lr=0.1)",
    "SGD(p, 0.05, momentum=0.9, dampening=0.1, weight_decay=0.01)",
    "SGD(p, 0.05, momentum=0.9, nesterov=True)",
    "SGD(p, 0.001, momentum=0.5, maximize=True)",
    "Adam(p, lr=0.1)",
    "Adam(p, 0.1, amsgrad=True, weight_decay=0.1)",
    "Adam(p, 0.01, maximize=True)",
    "Adam(p, 0.1, weight_decay=0.1, decoupled_weight_decay=True)",
    "AdamW(p, lr=0.1)",
    "AdamW(p, 0.1, betas=(0.8, 0.95), amsgrad=True, maximize=True)",
    "RMSprop(p)",
    "RMSprop(p, 0.05, centered=True, momentum=0.9, weight_decay=0.1)",
    "RMSprop(p, 0.05, maximize=True, alpha=0.9)",
    "Adagrad(p, 0.1)",
    "Adagrad(p, 0.1, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5)",
    "Adadelta(p, weight_decay=0.1)",
    "Adamax(p, 0.1, weight_decay=0.1)",
    "NAdam(p, 0.1)",
    "NAdam(p, 0.1, weight_decay=0.1, decoupled_weight_decay=True)",
    "RAdam(p, 0.1)",
    "RAdam(p, 0.1, weight_decay=0.1, decoupled_weight_decay=True)",
    "ASGD(p, 0.05, t0=5, weight_decay=0.1)",
    "Rprop(p, 0.05)",
    "SGD([{'params': p[:1], 'lr': 0.2}, {'params': p[1:]}], lr=0.1, momentum=0.9)",
    "Adam([('a', p[0]), ('b', p[1])], lr=0.1)",
]


def build(text: str) -> Any:
    return lambda library, p: eval(f"optim.{text}", {"optim": library.optim, "p": p})


def plain(value: Any) -> Any:
    """State in plain values, tensors as lists."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return (str(value.dtype), value.tolist()) if hasattr(value, "tolist") else value


@pytest.mark.torch
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("float64", 1e-12)])
@pytest.mark.parametrize("text", CASES)
def test_twenty_steps_are_torchs(
    torch: Any, runtime: Any, trained: Any, text: str, dtype: str, tolerance: float
) -> None:
    (expected, theirs), (actual, ours) = (trained(library, dtype, build(text)) for library in (torch, runtime))
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)
        assert one.dtype == other.dtype
    assert repr(ours) == repr(theirs)
    mine, other = ours.state_dict(), theirs.state_dict()
    assert mine["param_groups"] == other["param_groups"]
    assert list(mine["state"]) == list(other["state"])
    for key, state in mine["state"].items():
        assert list(state) == list(other["state"][key])
        for name, value in state.items():
            if value is not None:
                assert str(value.dtype) == str(other["state"][key][name].dtype)
                np.testing.assert_allclose(value, other["state"][key][name], rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.torch
@pytest.mark.parametrize(
    "text",
    [
        "SGD([], 0.1)",
        "SGD(p[0], 0.1)",
        "SGD([1.0], 0.1)",
        "SGD([p[0] * 2], 0.1)",
        "SGD([p[0], p[0]], 0.1)",
        "SGD([{'params': p[:1]}, {'params': p[:1]}], 0.1)",
        "SGD(p, -1.0)",
        "SGD(p, 0.1, momentum=-1)",
        "SGD(p, 0.1, nesterov=True)",
        "SGD([{'params': set(p)}], 0.1)",
        "Adam(p, betas=(1.0, 0.9))",
        "Adam(p, eps=-1)",
        "RMSprop(p, alpha=-1)",
        "Adagrad(p, lr_decay=-1)",
        "Rprop(p, etas=(1.5, 2))",
        "Optimizer(p, {}).step()",
        "SGD(p, 0.1).add_param_group([p])",
        "SGD(p, 0.1).load_state_dict({'state': {}, 'param_groups': []})",
        "SGD(p, 0.1).load_state_dict({'state': {}, 'param_groups': [{'params': [0]}]})",
    ],
)
def test_what_torch_refuses_is_refused(torch: Any, runtime: Any, text: str) -> None:
    outcomes = []
    for library in (torch, runtime):
        params = [library.nn.Parameter(library.ones(2)) for _ in range(3)]
        try:
            build(text)(library, params)
        except Exception as error:
            outcomes.append((type(error), re.sub(r"nnflip\.runtime\.\w+|torch", "torch", str(error))))
        else:
            outcomes.append(None)
    assert outcomes[0] == outcomes[1]


def test_a_closure_runs_with_gradients_and_gives_its_value(runtime: Any) -> None:
    p = runtime.nn.Parameter(runtime.ones(2))
    optimizer = runtime.optim.SGD([p], 0.5)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = (p * p).sum()
        loss.backward()
        return loss

    with runtime.no_grad():
        assert optimizer.step(closure).item() == 2.0
    assert p.tolist() == [0.0, 0.0]


def test_a_step_counts_as_a_change_of_the_parameter(runtime: Any) -> None:
    p = runtime.nn.Parameter(runtime.ones(2))
    loss = (p * p).sum()
    loss.backward(retain_graph=True)
    runtime.optim.SGD([p], 0.5).step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


@pytest.mark.parametrize(
    "through", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))], ids=["deepcopy", "pickle"]
)
def test_state_goes_on_where_it_stopped(runtime: Any, trained: Any, through: Any) -> None:
    whole, _ = trained(runtime, "float64", build("Adam(p, 0.1, amsgrad=True)"))
    half, first = trained(runtime, "float64", build("Adam(p, 0.1, amsgrad=True)"), steps=10)
    saved = through(first.state_dict())
    params = [runtime.nn.Parameter(runtime.tensor(array)) for array in half[-3:]]
    second = runtime.optim.Adam(params, 0.3)
    second.load_state_dict(saved)
    assert second.param_groups[0]["lr"] == 0.1
    assert second.state[params[0]]["step"].item() == 10
    assert whole[29].shape == half[-1].shape
    assert second.state[params[0]]["exp_avg"] is not first.state_dict()["state"][0]["exp_avg"]


def test_hooks_run_around_a_step_until_removed(runtime: Any) -> None:
    optimizer = runtime.optim.SGD([runtime.nn.Parameter(runtime.ones(2))], 0.5)
    seen: list[str] = []
    before = optimizer.register_step_pre_hook(lambda *_: seen.append("before"))
    optimizer.register_step_post_hook(lambda *_: seen.append("after"))
    optimizer.step()
    before.remove()
    optimizer.step()
    assert seen == ["before", "after", "after"]


def test_gradients_are_forgotten_or_zeroed(runtime: Any) -> None:
    p = runtime.nn.Parameter(runtime.ones(2))
    optimizer = runtime.optim.SGD([p], 0.5)
    p.sum().backward()
    optimizer.zero_grad(set_to_none=False)
    assert p.grad.tolist() == [0.0, 0.0]
    optimizer.zero_grad()
    assert p.grad is None


def test_an_optimizer_can_be_pickled(runtime: Any) -> None:
    optimizer = runtime.optim.SGD([runtime.nn.Parameter(runtime.ones(2))], 0.5)
    again = pickle.load(io.BytesIO(pickle.dumps(optimizer)))
    assert repr(again) == repr(optimizer)
