"""Dictionaries of dictionaries of weights, and entries that are None: as one dictionary with dots, or left alone."""

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


def init(width=4):
    params = {
        "one": {"weight": torch.randn(width, 3, requires_grad=True), "bias": torch.ones(width, requires_grad=True)},
        "two": {"weight": torch.randn(2, width, requires_grad=True), "bias": None},
    }
    return params


def head(p, x):
    return F.linear(x, p["two"]["weight"], p["two"]["bias"])


def net(x, p):
    return head(p, torch.relu(F.linear(x, p["one"]["weight"], p["one"]["bias"])))


weights = init()
x = torch.linspace(-1, 1, 6).view(2, 3)
net(x, weights).sum().backward()
print(net(x, weights), weights["one"]["bias"].grad)
"""


def told_by(text: str) -> str:
    said, names = io.StringIO(), dict[str, Any]()
    with redirect_stdout(said):
        exec(compile(text, "<script>", "exec"), names)
    return said.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("    params = {", "    return {").replace("    return params\n", ""),
        TEXT.replace(
            '{"weight": torch.randn(2, width, requires_grad=True), "bias": None}', '{"weight": torch.randn(2, width)}'
        )
        .replace(', p["two"]["bias"]', "")
        .replace("randn(2, width)", "randn(2, width, requires_grad=True)"),
    ],
    ids=["a variable", "returned at once", "no None"],
)
def test_the_module_is_the_functions(text: str) -> None:
    done = convert_source(text, Options("module", init="exact"))
    assert "F.linear" not in done.text, [one.render("") for one in done.all_kept]
    assert set(done.models[0].state_map) == {"one.weight", "one.bias", "two.weight"}
    assert told_by(text) == told_by(done.text)


STAYS = {
    "a part is handed on": 'print(list(weights["one"]))\n',
    "a part is changed": 'weights["one"] = weights["one"]\n',
    "an entry is changed": 'weights["two"]["bias"] = torch.zeros(2)\n',
    "gone through": "print([one for one in weights])\n",
    "bound anew": "weights = init()\n",
    "something else is handed over": 'print(head({"two": {"weight": torch.eye(2), "bias": None}}, x[:, :2]))\n',
    "the function as a value": "print([head])\n",
    "a computed key": 'k = "one"\nprint(weights[k]["weight"])\n',
    "a key that is not there": 'print(weights.get("three"))\n',
}


@pytest.mark.parametrize("name", STAYS)
def test_other_uses_keep_it(name: str) -> None:
    done = convert_source(TEXT + STAYS[name], Options("module"))
    assert not done.changed
    assert any(one.what.startswith("F.linear") for one in done.all_kept)
