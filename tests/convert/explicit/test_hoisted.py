"""Builders that give back a function and its weights become a class, or stay; real torch cannot tell the difference."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import Any

import pytest

from nnflip.convert import Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

TEXT = """import torch
import torch.nn.functional as F

torch.manual_seed(1)


def build(width, n=2):
    params = {
        "one.weight": torch.randn(width, 3, requires_grad=True),
        "two.weight": torch.randn(n, width, requires_grad=True),
    }

    def hidden(x, p):
        return torch.relu(F.linear(x, p["one.weight"]))

    def net(x, p):
        return F.linear(hidden(x, p), p["two.weight"])

    return net, params


net, weights = build(4)
x = torch.linspace(-1, 1, 6).view(2, 3)
opt = torch.optim.SGD(list(weights.values()), lr=0.1)
for _ in range(2):
    opt.zero_grad()
    net(x, weights).sum().backward()
    opt.step()
print(net(x, weights), weights["two.weight"].grad)
"""
CLOSED = TEXT.replace("net(x, p)", "net(x)").replace("hidden(x, p)", "hidden(x, params)")
CLOSED = CLOSED.replace("def hidden(x, params)", "def hidden(x, p)").replace('p["two', 'params["two')
CLOSED = CLOSED.replace("net(x, weights)", "net(x)")
INSIDE = TEXT.replace("net, weights = build(4)", "def main():\n    net, weights = build(4)").replace(
    "\nx = ", "\n    x = "
)
INSIDE = (
    INSIDE.replace("\nopt", "\n    opt").replace("\nfor", "\n    for").replace("\n    opt.zero", "\n        opt.zero")
)
INSIDE = INSIDE.replace("\n    net(x", "\n        net(x").replace("\n    opt.step", "\n        opt.step")
INSIDE = INSIDE.replace("\nprint", "\n    print") + "\n\nmain()\n"
TWICE = TEXT + "net, weights = build(5, n=3)\nprint(net(x, weights))\n"
CASES = {"handed over": TEXT, "closed over": CLOSED, "called in a function": INSIDE, "built twice": TWICE}


def told_by(text: str) -> str:
    said, names = io.StringIO(), dict[str, Any]()
    with redirect_stdout(said):
        exec(compile(text, "<script>", "exec"), names)
    return said.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_the_class_is_the_functions(name: str) -> None:
    done = convert_source(CASES[name], Options("module", init="exact"))
    if name == "built twice":
        assert not done.changed  # one variable for two models: nobody says which weights are meant
        return
    assert "class " in done.text, [one.render("") for one in done.all_kept]
    assert "F.linear" not in done.text
    assert told_by(CASES[name]) == told_by(done.text)


STAYS = {
    "a setting that the function reads": TEXT.replace("return torch.relu(F", "return width * torch.relu(F"),
    "a name that is taken": TEXT.replace("x = torch.lin", "hidden = 1\nx = torch.lin"),
    "an argument of that name": TEXT.replace(
        "x = torch.lin", "def other(hidden):\n    return hidden\n\n\nx = torch.lin"
    ),
    "used before it is given back": TEXT.replace("    return net, params", "    net.calls = 0\n    return net, params"),
    "more than two things": TEXT.replace("return net, params", "return net, params, n").replace(
        "= build", ", _ = build"
    ),
    "closed over, and used as a value": CLOSED + "print(list(map(net, [x])))\n",
    "closed over, and read where the weights are not": CLOSED + "def late(weights):\n    return net(weights)\n",
    "not unpacked": TEXT.replace("net, weights = build(4)", "both = build(4)\nnet, weights = both"),
}


@pytest.mark.parametrize("name", STAYS)
def test_other_builders_stay(name: str) -> None:
    done = convert_source(STAYS[name], Options("module"))
    assert not done.changed
    assert any(one.what.startswith("F.linear") for one in done.all_kept)
