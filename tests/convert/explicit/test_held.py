"""Objects that hold a layer's tensors, as --to functional writes them, become that layer again, or stay."""

from __future__ import annotations

from typing import Any

import pytest

from nnflip.convert import Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

from referee import names_of  # noqa: E402

NET = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, width=4, depth=3):
        super().__init__()
        self.fcs = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.heads = nn.ModuleDict({"a": nn.Linear(width, 2), "b": nn.Linear(width, 3, bias=False)})
        self.convs = nn.ModuleList()
        for i in range(2):
            self.convs.append(nn.Conv1d(1, i + 1, 3, padding=1))
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])

    def forward(self, x):
        for fc, norm in zip(self.fcs, self.norms):
            x = F.relu(norm(fc(x))) + torch.sum(fc.weight)
        x = x + self.fcs[-1](x)
        for i, conv in enumerate(self.convs):
            x = conv(x[:, None]).mean(1) * i
        return self.heads["a"](x), self.heads["b"](x)
"""


def run(text: str, state: Any = None) -> tuple[Any, Any, Any]:
    """Outputs, gradients and state of a model, of a seed."""
    torch.manual_seed(3)
    net = names_of(text, "net")["Net"]()
    if state is not None:
        net.load_state_dict(state)
    drawn = torch.rand(2)
    out = net(torch.linspace(-1, 1, 8).view(2, 4))
    sum(one.sum() for one in out).backward()
    grads = {name: p.grad for name, p in net.named_parameters()}
    return [*out, drawn], grads, net.state_dict()


@pytest.mark.parametrize("init", ["keep", "exact"])
def test_there_and_back_is_the_same(init: Any) -> None:
    functional = convert_source(NET, Options("functional")).text
    assert "nn.Linear" not in functional
    done = convert_source(functional, Options("recommended", init=init))
    assert done.text == NET
    assert {key: move.key for key, move in done.models[0].state_map.items()} == {
        f"{name}.*": f"{name}.*" for name in ("fcs", "heads", "convs", "norms")
    }
    (out, grads, state), (now, now_grads, now_state) = (
        run(functional),
        run(convert_source(functional, Options("module")).text),
    )
    assert list(state) == list(now_state)
    assert all(torch.equal(value, now_state[key]) for key, value in state.items())
    assert all(map(torch.equal, out, now))
    assert all(torch.equal(grad, now_grads[key]) for key, grad in grads.items() if grad is not None)


HELD = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.fcs = nn.ModuleList([self.make_fc(width, width), self.make_fc(width, 4)])

    def make_fc(self, i, o):
        layer = nn.Module()
        layer.weight = nn.Parameter(torch.randn(o, i))  # by rows
        layer.bias = nn.Parameter(torch.zeros(o))
        nn.init.orthogonal_(layer.weight)
        return layer

    def forward(self, x):
        for fc in self.fcs:
            x = F.linear(x, fc.weight, fc.bias)
        return (x,)
"""


def test_what_fills_it_stays_in_the_method() -> None:
    done = convert_source(HELD, Options("module", init="exact"))
    assert "layer = nn.utils.skip_init(nn.Linear, i, o)  # by rows" in done.text
    assert "nn.init.orthogonal_(layer.weight)" in done.text
    assert "x = fc(x)" in done.text
    (out, grads, state), (now, now_grads, now_state) = run(HELD), run(done.text)
    assert list(state) == list(now_state)
    assert all(torch.equal(value, now_state[key]) for key, value in state.items())
    assert all(map(torch.equal, out, now))
    assert all(torch.equal(grad, now_grads[key]) for key, grad in grads.items())
    assert convert_source(done.text, Options("module", init="exact")).text == done.text


STAYS = {
    "the bias is left out": ("fc.weight, fc.bias)", "fc.weight)"),
    "the bias comes first": ("layer.weight = nn.Parameter(torch.randn(o, i))  # by rows\n        ", ""),
    "something else holds one": ("make_fc(width, 4)])", "make_fc(width, 4)])\n        self.first = self.fcs[0]"),
    "one is made elsewhere": ("make_fc(width, 4)])", "make_fc(width, 4)])\n        self.one = self.make_fc(2, 2)"),
    "another module among them": ("make_fc(width, 4)])", "make_fc(width, 4), nn.Bilinear(4, 4, 4)])"),
    "given away": ("for fc in self.fcs:", "for fc in self.fcs:\n            print(fc)"),
    "two ways to call it": ("return (x,)", "return (x + F.embedding(torch.tensor(1), self.fcs[0].weight),)"),
    "a weight that is computed": ("fc.weight, fc.bias)", "fc.weight * 2, fc.bias)"),
    "an index with an effect": (
        "for fc in self.fcs:\n            x = F.linear(x, fc.weight, fc.bias)",
        "i = iter([0, 1])\n        x = F.linear(x, self.fcs[next(i)].weight, self.fcs[next(i)].bias)",
    ),
    "code that looks for linear layers": (
        "    def make_fc",
        "        for m in self.modules():\n            if isinstance(m, nn.Linear):\n"
        "                nn.init.zeros_(m.bias)\n\n    def make_fc",
    ),
    "a class that overrides the method": (
        "        return (x,)\n",
        "        return (x,)\n\n\nclass Other(Net):\n    def make_fc(self, i, o):\n        return nn.Module()\n",
    ),
}


@pytest.mark.parametrize("name", STAYS)
def test_other_objects_stay(name: str) -> None:
    old, new = STAYS[name]
    text = HELD.replace(old, new)
    if name == "the bias comes first":
        text = text.replace(
            "(torch.zeros(o))\n", "(torch.zeros(o))\n        layer.weight = nn.Parameter(torch.randn(o, i))\n"
        )
    assert text != HELD
    done = convert_source(text, Options("module"))
    assert "layer = nn.Module()" in done.text
    assert "F.linear(x, " in done.text
    assert any(one.what.startswith("F.linear") for one in done.all_kept)
