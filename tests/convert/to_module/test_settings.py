"""Arguments that are the same at every call: what __init__ puts on self, and what Python's own functions make of it."""

from __future__ import annotations

import pytest

from nnflip.convert import Options, convert_source

HEAD = """import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, p, sizes):
        super().__init__()
        self.p = float(p)
        self.sizes = sizes

"""


def forward(*lines: str) -> str:
    return HEAD + "    def forward(self, x):\n" + "".join(f"        {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("line", "constructor"),
    [
        ("return F.dropout(x, self.p, self.training)", "nn.Dropout(self.p)"),
        ("return F.avg_pool2d(x, int(self.p / 2))", "nn.AvgPool2d(int(self.p / 2))"),
        ("return F.max_pool2d(x, max(self.sizes))", "nn.MaxPool2d(max(self.sizes))"),
    ],
)
def test_flips(line: str, constructor: str) -> None:
    assert f" = {constructor}\n" in convert_source(forward(line), Options("module")).text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(forward("return F.avg_pool2d(x, int(x.size(2) / 2))"), id="a size of the input"),
        pytest.param(
            forward("self.sizes.append(1)", "return F.max_pool2d(x, max(self.sizes))"), id="a list that grows"
        ),
        pytest.param("int = round\n" + forward("return F.avg_pool2d(x, int(self.p / 2))"), id="another int"),
        pytest.param(forward("self.p = 2", "return F.avg_pool2d(x, int(self.p))"), id="set again"),
    ],
)
def test_noop(text: str) -> None:
    done = convert_source(text, Options("module"))
    assert not done.changed
    assert {kept.code for kept in done.all_kept} <= {"NF201", "NF233"}
