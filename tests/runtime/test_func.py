"""functional_call: a module with other tensors, and its own ones back afterwards."""

from __future__ import annotations

from typing import Any

import pytest

import nnflip.runtime as runtime


def tied(library: Any) -> Any:
    library.manual_seed(0)
    net = library.nn.Sequential(library.nn.Linear(3, 3), library.nn.BatchNorm1d(3), library.nn.Linear(3, 3))
    net[2].weight = net[0].weight
    return net


CALLS = [
    "f(net, {'0.weight': w}, (x,))",
    "f(net, {'0.weight': w}, x, tie_weights=False)",
    "f(net, ({'0.weight': w}, {'1.running_mean': w[0].detach().clone()}), x)",
    "f(net, {'0.bias': w[0]}, args=(), kwargs={'input': x})",
    "f(net, ({'0.weight': w}, {'0.weight': w}), x)",
    "f(net, {'nothing': w}, x)",
    "f(net, {'0.weight': w}, x, strict=True)",
]


@pytest.mark.torch
@pytest.mark.parametrize("text", CALLS)
def test_calls_are_torchs(torch: Any, text: str) -> None:
    import torch.func as theirs

    from nnflip.runtime import func as ours

    found = []
    for library, module in ((torch, theirs), (runtime, ours)):
        net = tied(library)
        before = {name: value.tolist() for name, value in net.named_parameters()}
        w = (library.arange(9.0) / 9).reshape(3, 3).requires_grad_()
        scope = {"f": module.functional_call, "net": net, "w": w, "x": library.ones(2, 3) * library.arange(3.0)}
        try:
            eval(text, scope).square().sum().backward()
            outcome = [None if w.grad is None else w.grad.numpy().round(4).tolist()]
        except Exception as error:
            outcome = [type(error)]
        assert {name: value.tolist() for name, value in net.named_parameters()} == before
        assert net[2].weight is net[0].weight
        found.append(outcome)
    assert found[0] == found[1]
