"""Loops over constants that make or read weights by computed keys are written out turn by turn; others are not."""

from __future__ import annotations

from typing import Any

import pytest

from nnflip.convert import Options, convert_source

HEAD = "import torch\nimport torch.nn.functional as F\n\n\n"
MAKE = """def make():
    return {"fc0.weight": torch.randn(4, 4), "fc1.weight": torch.randn(4, 4)}


"""
READ = """def f(p, x):
    for i in range(2):
        x = F.linear(x, p[f"fc{i}.weight"])
    return x
"""
MADE = """def make():
    p = {}
    for i in LOOP:
        p["fc%d.weight" % i] = torch.randn(4, 4)
    return p


"""
PLAIN = """def f(p, x):
    return F.linear(F.linear(x, p["fc0.weight"]), p["fc1.weight"])
"""


def converted(text: str) -> Any:
    return convert_source(HEAD + text, Options("module"))


def test_each_turn_is_a_layer() -> None:
    assert "        x = self.fc0(x)\n        x = self.fc1(x)\n        return x\n" in converted(MAKE + READ).text


@pytest.mark.parametrize("loop", ["range(2)", "range(0, 2)", "(0, 1)", "[0, 1]", "range(len([0, 1]) - 0)"])
def test_weights_are_made_turn_by_turn(loop: str) -> None:
    if "len" in loop:
        loop = "range(len(SIZES) - 1)"
    text = "SIZES = [4, 4, 4]\n\n\n" + MADE.replace("LOOP", loop) + PLAIN
    after = converted(text).text
    assert "self.fc0 = nn.Linear(4, 4, bias=False)" in after
    assert "self.fc1 = nn.Linear(4, 4, bias=False)" in after


@pytest.mark.parametrize(
    "change",
    [
        ("range(2)", "range(int(x.shape[0]))"),
        ("range(2)", "range(100)"),
        ("    return x", "    return x * i"),
        ('fc{i}.weight"])', 'fc{i}.weight"])\n        if i:\n            break'),
        ('fc{i}.weight"])', 'fc{i}.weight"] * 2)'),
    ],
    ids=["known at run time", "too many turns", "read afterwards", "left early", "computed weight"],
)
def test_other_loops_stay(change: tuple[str, str]) -> None:
    text = MAKE + READ.replace(*change)
    assert converted(text).text == HEAD + text


def test_a_loop_that_has_nothing_to_do_with_weights_stays() -> None:
    loop = """

params = make()
for step in range(3):
    print(f"step {step}", f(params, torch.ones(1, 4)).sum())
"""
    after = converted(MAKE + PLAIN + loop).text
    assert 'for step in range(3):\n    print(f"step {step}", net(torch.ones(1, 4)).sum())\n' in after
