"""nn.InstanceNorm takes input without a batch, its function does not: a method adds the axis, and reads back."""

from __future__ import annotations

from typing import Any

import pytest

from nnflip.convert import Conversion, Options, convert_source

HEAD = """
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, kind="in"):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
"""

LAYERS = {
    "weights": ("self.norm = nn.InstanceNorm2d(4, affine=True)", "return self.norm(self.conv(x))"),
    "no weights": ("self.norm = nn.InstanceNorm2d(4, eps=0.1)", "return self.norm(self.conv(x))"),
    "no bias": ("self.norm = nn.InstanceNorm2d(4, affine=True, bias=False)", "return self.norm(self.conv(x))"),
    "statistics": (
        "self.norm = nn.InstanceNorm2d(4, momentum=0.3, affine=True, track_running_stats=True)",
        "return self.norm(self.conv(x))",
    ),
    "statistics that stay": (
        "self.norm = nn.InstanceNorm2d(4, track_running_stats=True, momentum=None)",
        "return self.norm(self.conv(x))",
    ),
    "two calls": ("self.norm = nn.InstanceNorm2d(4, affine=True)", "return self.norm(self.norm(self.conv(x)))"),
    "a row of layers": (
        "self.norm = nn.Sequential(nn.InstanceNorm2d(4, affine=True), nn.ReLU(), nn.InstanceNorm2d(4))",
        "return self.norm(self.conv(x))",
    ),
    "one or another": (
        "self.norm = nn.InstanceNorm2d(4, affine=True) if kind == 'in' else nn.GroupNorm(2, 4)",
        "return self.norm(self.conv(x))",
    ),
    "one axis": ("self.norm = nn.InstanceNorm1d(4, affine=True)", "return self.norm(self.conv(x).flatten(-2))"),
    "weights that are read": (
        "self.norm = nn.InstanceNorm2d(4, affine=True)",
        "return self.norm(self.conv(x)) * self.norm.weight.sum()",
    ),
}


def converted(layer: str, line: str, to: Any = "functional") -> Conversion:
    text = f"{HEAD}        {layer}\n\n    def forward(self, x):\n        {line}\n"
    return convert_source(text, Options(to))


@pytest.mark.torch
@pytest.mark.parametrize("case", LAYERS)
@pytest.mark.parametrize("shape", [(2, 3, 5, 5), (3, 5, 5)], ids=["batch", "no batch"])
def test_nothing_changes_under_torch(torch: Any, case: str, shape: tuple[int, ...]) -> None:
    from referee import Referee

    there = converted(*LAYERS[case])
    assert "InstanceNorm" not in there.text.replace("'InstanceNorm2d'", "")
    Referee(there, lambda: (torch.rand(shape),), same_start=True).check()


@pytest.mark.parametrize("case", ["weights", "no bias", "statistics", "one axis"])
def test_the_method_reads_back(case: str) -> None:
    there = converted(*LAYERS[case])
    assert "unbatched = x.dim() == " in there.text
    back = convert_source(there.text, Options("module", init="exact"))
    assert back.text.splitlines()[-4:] == converted(*LAYERS[case], to="module").text.splitlines()[-4:]
    assert LAYERS[case][0] in back.text
    assert "unbatched" not in back.text
    assert convert_source(there.text, Options("functional")).text == there.text


CHANGES = [
    pytest.param("x.dim() == 3", "x.dim() == 2", id="another rank"),
    pytest.param("return x.squeeze(0) if", "return x.squeeze() if", id="every axis of one"),
    pytest.param("return x.squeeze(0)", "print(x)\n        return x.squeeze(0)", id="something else besides"),
    pytest.param("def norm(self, x):", "def norm(self, x, y=0):", id="another argument"),
    pytest.param("def norm(self, x):", "@torch.no_grad()\n    def norm(self, x):", id="a decorator"),
    pytest.param("return self.norm(", "f = self.norm\n        return f(", id="a method that is handed on"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_noop_for_what_only_looks_like_it(old: str, new: str) -> None:
    there = converted(*LAYERS["weights"]).text
    assert old in there
    changed = there.replace(old, new)
    back = convert_source(changed, Options("module"))
    assert "def norm(self" in back.text


def test_the_short_form_where_a_batch_is_certain() -> None:
    there = converted("self.norm = nn.InstanceNorm2d(4)", "n, c, h, w = x.shape; return self.norm(x)")
    assert "return F.instance_norm(x)" in there.text


def test_one_of_several_that_a_key_names_asks_too() -> None:
    there = converted("self.norms = nn.ModuleDict({'a': nn.InstanceNorm2d(4)})", "return self.norms['a'](x)")
    assert "unbatched = x.dim() == 3" in there.text
