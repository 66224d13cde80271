"""Helpers of one expression, `conv(x, params, "conv1")`: written out where that shows a layer, and only there."""

from __future__ import annotations

import pytest

from nnflip.convert import Options, convert_source

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"
LINEAR = "def lin(x, w, b=None):\n    return F.linear(x, w, b)\n\n\n"
NET = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(4, 4))

    def forward(self, x):
        return {}
"""


def converted(text: str) -> str:
    return convert_source(HEAD + text, Options("module")).text


@pytest.mark.parametrize(
    "call",
    ["lin(x, self.w)", "lin(w=self.w, x=x)", "lin(x, self.w, None)", "lin(torch.abs(x), self.w)", "-lin(x, self.w)"],
)
def test_a_call_with_an_own_parameter_is_a_layer(call: str) -> None:
    text = converted(LINEAR + NET.format(call))
    assert "self.linear = nn.Linear(4, 4, bias=False)" in text
    assert "lin(" not in text


@pytest.mark.parametrize(
    "call",
    [
        "lin(x, self.w * 2)",
        "lin(*[x, self.w])",
        "lin(x, self.w.t())",
        "lin(x, self.make())",
        "list(map(lin, x))",
    ],
    ids=["computed", "starred", "transposed", "made by a method", "as a value"],
)
def test_what_shows_no_layer_stays_a_call_of_the_helper(call: str) -> None:
    text = LINEAR + NET.format(call)
    assert converted(text) == HEAD + text


def test_a_helper_that_is_called_elsewhere_too_stays() -> None:
    text = LINEAR + NET.format("lin(x, self.w)") + "\n\ndef loss(x, w):\n    return lin(x, w).sum()\n"
    after = converted(text)
    assert LINEAR in after
    assert "return self.linear(x)" in after
    assert "return lin(x, w).sum()" in after


def test_an_argument_with_an_effect_is_not_evaluated_twice() -> None:
    helper = "def twice(x, w):\n    return F.linear(x, w) + x\n\n\n"
    text = helper + NET.format("twice(self.draw(), self.w)")
    assert converted(text) == HEAD + text


def test_a_name_that_means_something_else_at_the_call_stays() -> None:
    helper = "scale = 2\n\n\ndef scaled(x, w):\n    return F.linear(x, w) * scale\n\n\n"
    text = helper + NET.format("[scaled(x, self.w) for scale in (1, 2)]")
    assert converted(text) == HEAD + text


def test_keys_are_computed_and_other_strings_are_not() -> None:
    text = """def lin(x, p, base):
    return F.linear(x, p[base + ".weight"]), base


def make():
    return {"fc.weight": torch.randn(4, 4)}


def f(p, x):
    return lin(x, p, "fc")
"""
    assert 'return self.fc(x), "fc"' in converted(text)
