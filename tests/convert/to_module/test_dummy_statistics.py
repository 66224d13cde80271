"""`F.batch_norm` with statistics that nobody keeps is a BatchNorm that tracks none."""

from __future__ import annotations

import pytest

from nnflip.convert import Options, convert_source

NET = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.bn_weight = nn.Parameter(torch.rand(4))
        self.bn_bias = nn.Parameter(torch.rand(4))

    def forward(self, x):
        x = self.conv(x)
{}
"""
LAYER = "self.bn = nn.BatchNorm2d(4, track_running_stats=False)"


def converted(body: str) -> str:
    return convert_source(NET.format("\n".join("        " + line for line in body.split("\n"))), Options("module")).text


@pytest.mark.parametrize(
    "body",
    [
        "m = torch.zeros(4)\nv = torch.ones(4)\n"
        "return F.batch_norm(x, m, v, self.bn_weight, self.bn_bias, training=True, momentum=1)",
        "return F.batch_norm(x, torch.zeros(4), torch.ones(4).to(x.device), self.bn_weight, self.bn_bias, True)",
    ],
    ids=["locals", "in the call"],
)
def test_dummies_are_left_out(body: str) -> None:
    text = converted(body)
    assert LAYER in text
    assert text.endswith("        x = self.conv(x)\n        return self.bn(x)\n")


@pytest.mark.parametrize(
    "body",
    [
        "m = torch.zeros(4)\nx = F.batch_norm(x, m, m, self.bn_weight, self.bn_bias, training=True)\nreturn x",
        "m = torch.zeros(4)\nv = torch.ones(4)\n"
        "x = F.batch_norm(x, m, v, self.bn_weight, self.bn_bias, training=True)\nreturn x, m",
        "return F.batch_norm(x, torch.zeros(4), torch.ones(4), self.bn_weight, self.bn_bias)",
        "return F.batch_norm(x, torch.zeros(4), torch.ones(4), self.bn_weight, self.bn_bias, self.training)",
    ],
    ids=["one tensor for both", "read afterwards", "not training", "in training only"],
)
def test_statistics_that_count_stay(body: str) -> None:
    assert "F.batch_norm" in converted(body)


@pytest.mark.torch
def test_torch_sees_no_difference() -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from referee import Referee

    body = (
        "m = torch.zeros(4)\nv = torch.ones(4)\n"
        "return F.batch_norm(x, m, v, self.bn_weight, self.bn_bias, training=True, momentum=1)"
    )
    text = NET.format("\n".join("        " + line for line in body.split("\n")))
    done = convert_source(text, Options("module"))
    Referee(done, lambda: [torch.randn(2, 3, 8, 8)], same_start=False).check()
