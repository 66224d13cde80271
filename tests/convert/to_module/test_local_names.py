"""Weights that a method reads under local names."""

from __future__ import annotations

import pytest

from nnflip.convert import Conversion, Options, convert_source

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def net(body: str) -> str:
    return f"""import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc_weight = nn.Parameter(torch.randn(4, 8))
        self.fc_bias = nn.Parameter(torch.zeros(4))

    def forward(self, x, w=None):
        {body}
"""


def converted(body: str) -> Conversion:
    return convert_source(net(body), Options(to="module"))


@pytest.mark.parametrize(
    "body",
    [
        "weight, bias = self.fc_weight, self.fc_bias\n        return F.linear(x, weight, bias)",
        "weight = self.fc_weight\n        for _ in range(2):\n            y = F.linear(x, weight, self.fc_bias)\n"
        "        return y + weight.sum()",
    ],
    ids=["two at once", "in a loop, and read"],
)
def test_a_local_that_is_bound_once_is_the_parameter(body: str) -> None:
    pytest.importorskip("torch", reason="torch is the referee here")
    import torch
    from referee import Referee

    conversion = converted(body)
    assert not conversion.all_kept
    assert "self.fc(x)" in conversion.text
    Referee(conversion, lambda: [torch.ones(2, 8)], same_start=False).check()


@pytest.mark.parametrize(
    "body",
    [
        "v = self.fc_weight\n        v = v * 2\n        return F.linear(x, v, self.fc_bias)",
        "if w is None:\n            v = self.fc_weight\n        return F.linear(x, v, self.fc_bias)",
        "w = self.fc_weight\n        return F.linear(x, w, self.fc_bias)",
        "v, *b = self.fc_weight, self.fc_bias\n        return F.linear(x, v, self.fc_bias)",
        "v = self.fc_weight\n        return (lambda v: F.linear(x, v, self.fc_bias))(w)",
        "v = self.fc_weight\n        y = F.linear(x, v, self.fc_bias)\n        return y + F.linear(x, v)",
        "v = self.fc_weight\n        with torch.no_grad() as v:\n            return F.linear(x, v, self.fc_bias)",
    ],
    ids=["bound twice", "under a condition", "an argument", "starred", "another scope", "shared", "bound by with"],
)
def test_any_other_local_stays(body: str) -> None:
    conversion = converted(body)
    assert not conversion.changed
    assert {kept.code for kept in conversion.all_kept} & {"NF204", "NF203"}
