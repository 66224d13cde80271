"""Strings put together at run time: which layers they may name in a state_dict."""

from __future__ import annotations

import pytest

from nnflip.convert import Options, convert_source

NET = """
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(self.conv1(x).mean((2, 3)))


def other(weights, i, name):
"""
NONE: set[str] = set()
CONV = {"conv1"}
BOTH = {"conv1", "fc"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('weights[f"conv{i}.0.weight"]', CONV),
        ('weights["conv%d.weight" % i]', CONV),
        ('weights["conv{}.weight".format(i)]', CONV),
        ('weights["conv" + str(i) + ".weight"]', CONV),
        ('weights[f"{name}.weight"]', BOTH),
        ('weights[name + ".bias"]', BOTH),
        ('weights["%s.running_mean" % name]', BOTH),
        ('weights[f"{name}.png"]', NONE),
        ('print(f"Step {i}. Loss {name}")', NONE),
        ('weights[f"deconv{i}.weight"]', NONE),
        ('f"{i:.3f}"', NONE),
        ("name + name", NONE),
        ('weights[f"epoch{i}.pt"]', NONE),
    ],
)
def test_a_built_key_is_still_a_key_afterwards(text: str, named: set[str]) -> None:
    (model,) = convert_source(NET + f"    {text}\n", Options(to="functional")).models
    same = {key.partition(".")[0] for key, move in model.state_map.items() if move.key == key}
    assert same == named
