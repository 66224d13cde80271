"""Several tensors of a layer under one condition: the flag that decides about all of them, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from referee import Referee

from nnflip.convert import Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

HEAD = "import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def __init__(self, some=True, other=True):\n"
TAIL = "\n    def forward(self, x):\n        return self.layer({call})\n"


@pytest.mark.parametrize(
    ("layer", "call"),
    [
        ("nn.LayerNorm(8, elementwise_affine=some)", "x"),
        ("nn.GroupNorm(2, 4, affine=some)", "x.transpose(1, 2).transpose(1, 2)"),
        ("nn.MultiheadAttention(8, 2, bias=some)", "x, x, x"),
        ("nn.MultiheadAttention(8, 2, bias=other, add_bias_kv=some)", "x, x, x"),
    ],
)
def test_one_condition_for_several_tensors_is_the_flag(layer: str, call: str) -> None:
    text = f"{HEAD}        super().__init__()\n        self.layer = {layer}\n{TAIL.format(call=call)}"
    there = convert_source(text, Options(to="functional"))
    back = convert_source(there.text, Options(to="module", init="exact"))
    assert back.text == text
    for arguments in ((True, True), (True, False), (False, True), (False, False)):
        for conversion in (there, back):
            Referee(conversion, inputs, same_start=True, arguments=arguments).check()


def inputs() -> list[Any]:
    return [torch.ones(5, 4, 8).cumsum(0)]


@pytest.mark.parametrize(
    "change", [("torch.zeros(8)) if some", "torch.zeros(8)) if other"), ("zeros(8)) if some else None", "zeros(8))")]
)
def test_conditions_that_differ_stay(change: tuple[str, str]) -> None:
    text = f"{HEAD}        super().__init__()\n        self.layer = nn.LayerNorm(8, elementwise_affine=some)\n"
    written = convert_source(text + TAIL.format(call="x"), Options(to="functional")).text.replace(*change, 1)
    there = convert_source(written, Options(to="module"))
    assert there.text == written
    assert [found.code for found in there.all_kept] == ["NF203"]
