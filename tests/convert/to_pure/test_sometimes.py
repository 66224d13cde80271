"""Modules that a constructor makes under a condition only; torch is the referee."""

from __future__ import annotations

from typing import Any

import pytest
from pure_text import pure

from nnflip.convert import Options, convert_source

SCALE = """class Scale(nn.Module):
    def __init__(self, size, by=0.5):
        super().__init__()
        self.s = nn.Parameter(torch.ones(size) * 0.5)
        self.register_buffer("seen", torch.zeros(1))
        self.by = by

    def forward(self, x):
        return x * self.s * self.by + self.seen


class Net(nn.Module):
    def __init__(self, size=4, scale=None, wide=False):
        super().__init__()
        {init}
        self.fc = nn.Linear(size, 2)

    def forward(self, x):
        {forward}
        return self.fc(x)
"""

FORMS = {
    "or the identity": ("self.ls = Scale(size) if wide else nn.Identity()", "x = self.ls(x)"),
    "or nothing": (
        "if scale or wide:\n            self.ls = Scale(size, scale or 2.0)\n        else:\n            self.ls = None",
        "if self.ls is not None: x = self.ls(x)\n        x = x * 2 if self.ls is None and x.dim() else x",
    ),
    "nothing, or": (
        "if not wide:\n            self.ls = None\n        else:\n            self.ls = Scale(size)",
        "x = x if self.ls is None else self.ls(x)",
    ),
    "or not at all": (
        "self.wide = wide\n        if wide:\n            self.ls = Scale(size)",
        "if self.wide: x = self.ls(x)",
    ),
}


@pytest.mark.torch
@pytest.mark.parametrize("arguments", [{}, {"wide": True, "scale": 3.0}], ids=["without", "with"])
@pytest.mark.parametrize(("init", "forward"), FORMS.values(), ids=FORMS)
def test_modules_that_are_there_sometimes(init: str, forward: str, arguments: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from pure_referee import PureReferee

    there = pure(SCALE.format(init=init, forward=forward))
    assert there.all_kept == ()
    assert convert_source(there.text, Options(to="pure")).text == there.text
    PureReferee(there, lambda: [torch.randn(5, 4)], arguments=arguments).check()


REFUSED = {
    "by two conditions": (
        "self.ls = None\n        if wide:\n            self.ls = Scale(size)",
        "x = x if self.ls is None else self.ls(x)",
        "by more than one condition",
    ),
    "of two modules": (
        "if wide:\n            self.ls = Scale(size)\n        else:\n            self.ls = Scale(size, 3.0)",
        "x = self.ls(x)",
        "is called, and may be a module",
    ),
    "by chance": (
        "if torch.rand(1) > 0.5:\n            self.ls = Scale(size)\n        else:\n            self.ls = None",
        "x = x if self.ls is None else self.ls(x)",
        "a test of its __init__",
    ),
    "by what changes": (
        "if wide:\n            self.ls = Scale(size)\n        else:\n            self.ls = None\n        wide = 3",
        "x = x if self.ls is None else self.ls(x)",
        "wide gets another value",
    ),
    "taken away later": (
        "if wide:\n            self.ls = Scale(size)\n        else:\n            self.ls = None",
        "x = self.ls(x)\n        self.ls = None",
        "",
    ),
    "asked otherwise": (
        "if wide:\n            self.ls = Scale(size)\n        else:\n            self.ls = None",
        "x = self.ls(x) if self.ls else x",
        "is used as a value",
    ),
}


@pytest.mark.parametrize(("init", "forward", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_class_stays_whose_module_is_there_otherwise(init: str, forward: str, reason: str) -> None:
    there = pure(SCALE.format(init=init, forward=forward))
    assert not there.changed
    assert any(reason in one.message for one in there.all_kept), there.all_kept
