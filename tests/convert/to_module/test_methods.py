"""Methods of tensors become modules where their receiver is a tensor for certain, and stay elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from nnflip.convert import Conversion, Options, convert_source

HEAD = """
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.pool = nn.MaxPool2d(2)
        self.pairs = nn.MaxPool2d(2, return_indices=True)
        self.one = nn.Linear(1, 2)
        self.many = nn.Linear(4, 2)
        self.fc = nn.Sequential(nn.Dropout(0.0), nn.Linear(3 ** 2 * 9, 2))
        self.drop = nn.Dropout(0.0)

    def forward(self, x, y):
"""


def converted(*lines: str) -> Conversion:
    return convert_source(HEAD + "".join(f"        {line}\n" for line in lines), Options("module", init="exact"))


def last(conversion: Conversion) -> str:
    return conversion.text.splitlines()[-1].strip()


STAY = [
    pytest.param(["return x.relu()"], id="an argument that nothing of torch takes stays"),
    pytest.param(["if y:", "    x = F.relu(x)", "return y.relu()"], id="a condition is no witness"),
    pytest.param(["a, b = self.pairs(x)", "return a.relu()"], id="one of several results stays"),
    pytest.param(["return self.pairs(x).flatten(1)"], id="a pair of tensors stays"),
    pytest.param(["F.relu(y)", "y = y.parts", "return y.relu()"], id="an argument bound anew stays"),
    pytest.param(
        ["for y in x:", "    F.gelu(x)", "    y = y.relu()", "    z = y.tanh()"], id="a loop's own name stays"
    ),
    pytest.param(["x = F.linear(x, y)", "return x.view(x.size(0), -1)"], id="a view of one dimension perhaps stays"),
    pytest.param(["x = self.conv(x)", "return x.view(y.size(0), -1)"], id="a view by another's batch is no site"),
    pytest.param(["x = self.conv(x)", "return x.view(-1, 16)"], id="a view of fixed size is no site"),
    pytest.param(["x = x.view(x.size(0), -1)", "return self.one(x)"], id="one feature fits one axis"),
    pytest.param(["x = x.view(x.size(0), -1)", "return self.many(x) if y else x"], id="a layer that may not run"),
    pytest.param(["z = x.view(x.size(0), -1)", "if y:", "    return z", "return self.fc(z)"], id="a way around"),
    pytest.param(["z = x.view(x.size(0), -1)", "z = y", "return self.fc(z)"], id="bound anew in between"),
    pytest.param(["z = x.softmax(-1)", "return self.unknown(z)"], id="what a layer of somebody takes"),
    pytest.param(["z = x.flatten()", "return z @ y"], id="arrays flatten too"),
]


@pytest.mark.parametrize("lines", STAY)
def test_noop(lines: list[str]) -> None:
    assert last(converted(*lines)) == lines[-1].strip() or not converted(*lines).changed


FLIP = [
    pytest.param(["x = self.conv(x)", "return x.relu()"], "return self.relu(x)", id="a layer's result"),
    pytest.param(["return self.drop(x.softmax(-1))"], "return self.drop(self.softmax(x))", id="what goes into a layer"),
    pytest.param(["F.relu(x)", "return x.sigmoid()"], "return self.sigmoid(x)", id="an argument that torch takes"),
    pytest.param(["return (self.conv(x) + 1).softmax(-1)"], "return self.softmax(self.conv(x) + 1)", id="arithmetic"),
    pytest.param(["return F.relu(x).flatten(1).tanh()"], "return self.tanh(self.flatten(self.relu(x)))", id="a chain"),
    pytest.param(
        ["x = self.pool(self.conv(x))", "return x.view(x.size(0), -1)"],
        "return self.flatten(x)",
        id="view of a pooling",
    ),
    pytest.param(
        ["x = F.relu(self.conv(x))", "return x.reshape(x.shape[0], -1)"], "return self.flatten(x)", id="reshape"
    ),
    pytest.param(["x = self.conv(x)", "return x.view(len(x), -1)"], "return self.flatten(x)", id="view by the length"),
    pytest.param(
        ["x = self.conv(x)", "return x.reshape((x.size(0), -1))"], "return self.flatten(x)", id="sizes as a tuple"
    ),
]


@pytest.mark.parametrize(("lines", "expected"), FLIP)
def test_flips(lines: list[str], expected: str) -> None:
    assert last(converted(*lines)) == expected


@pytest.mark.torch
@pytest.mark.parametrize("lines", [pytest.param(case.values[0], id=str(case.id)) for case in FLIP])
@pytest.mark.parametrize("shape", [(2, 3, 9, 9), (3, 9, 9)], ids=["batch", "no batch"])
def test_nothing_changes_under_torch(torch: Any, lines: list[str], shape: tuple[int, ...]) -> None:
    from referee import Referee

    Referee(converted(*lines), lambda: (torch.rand(shape), torch.rand(2)), same_start=True).check()


def test_what_only_looks_like_relu_stays_with_its_reason() -> None:
    for call in ("x.clamp(min=0)", "torch.clamp(x, 0)", "x.clamp_min(0.0)", "x.clip(0)", "torch.clip_(x, min=0.)"):
        (kept,) = (one for one in converted(f"return {call}").all_kept if one.code == "NF215")
        assert "gradient at exactly 0" in kept.message
    assert not [one for one in converted("return x.clamp(0, 1)").all_kept if one.code == "NF215"]
    assert [one.message for one in converted("return x.tanh_()").all_kept if "in place" in one.message]


def test_a_layer_of_many_features_tells_that_there_were_several_axes() -> None:
    done = converted("return self.fc(x.view(x.size(0), -1))")
    assert last(done) == "return self.fc(self.flatten(x))"
    assert last(converted("z = x.view(x.size(0), -1)", "z = F.relu(z)", "return self.many(z)")).endswith("self.many(z)")
    assert "x.view" not in converted("z = x.view(x.size(0), -1)", "z = F.relu(z)", "return self.many(z)").text
