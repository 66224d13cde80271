"""Attributes that hold a layer of torch or a module of the user's: the module stays beside the method."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def rows() -> Any:
    import torch

    return [torch.randn(4, 8, generator=torch.Generator().manual_seed(3))]


def net(init: str, forward: str, arguments: str) -> str:
    lines = "\n".join(f"        {line}" for line in init.strip().split("\n"))
    return f"""class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.factor = factor

    def forward(self, x):
        return self.fc(x) * self.factor


class Net(nn.Module):
    def __init__(self, {arguments}):
        super().__init__()
{lines}

    def forward(self, x):
        {forward}
"""


CHOICES = net(
    """
self.first = nn.Linear(8, 8)
self.path = Scale(p) if p > 0 else nn.Identity()
self.mid = nn.Linear(8, 8)
self.act = act if act is not None else nn.ReLU()
if kind == "two":
    self.k = Scale(2)
elif kind == "three":
    self.k = Scale(3)
else:
    self.k = nn.GELU()
self.down = None
if kind:
    self.down = nn.Sequential(nn.Linear(8, 8), Scale(0.5), nn.ReLU())
self.last = nn.Linear(8, 8)
""",
    "x = self.act(self.path(self.mid(self.first(x))))\n"
    "        if self.down is not None:\n            x = self.down(x)\n"
    "        return self.last(self.k(x))",
    'p=0.0, act=None, kind=""',
)


def test_modules_stay_beside_the_layers_that_they_take_turns_with(judge: Any) -> None:
    import torch

    arguments = [(p, act, kind) for p in (0.0, 0.5) for act in (None, torch.nn.Tanh()) for kind in ("", "two", "three")]
    conversion = judge(CHOICES, rows, *arguments)
    assert not conversion.all_kept
    assert "        if self.path is None:\n            return x\n        return self.path(x)" in conversion.text
    assert "if self.k_kind in ('Scale', 'Scale_1'):" in conversion.text
    assert "x = self.down_1(x)" in conversion.text


def test_keys_that_are_read_stay(judge: Any) -> None:
    text = net(
        """
self.path = Scale(p) if p > 0 else nn.Identity()
self.norm = nn.BatchNorm1d(8) if norm else nn.Identity()
self.k = nn.LayerNorm(8) if norm else Scale(2)
self.head = nn.Linear(8, n) if n > 0 else nn.Identity()
for name, parameter in self.named_parameters():
    if name == "head.weight":
        nn.init.zeros_(parameter)
""",
        "return self.head(self.norm(self.path(x)) + self.k(x))",
        "p=0.0, n=4, norm=True",
    )
    conversion = judge(text, rows, (), (0.5, 0), (0.5, 2, False))
    assert not conversion.all_kept
    assert "return self.apply_head(self.apply_norm(self.apply_path(x)) + self.apply_k(x))" in conversion.text
    assert all(old == move.key for old, move in conversion.models[-1].state_map.items())


def test_a_module_among_layers_that_draw_is_drawn_in_its_place(judge: Any) -> None:
    text = net(
        "self.a = nn.Linear(8, 8)\nself.b = nn.Sequential(nn.ReLU(), Scale(2))\nself.c = nn.Linear(8, 8)",
        "return self.c(self.b(self.a(x)))",
        "p=0",
    )
    judge(text, rows)


def test_a_layer_that_is_there_is_not_none(judge: Any) -> None:
    text = net(
        "self.norm = nn.LayerNorm(8) if norm else nn.Identity()",
        "return self.norm(x) if self.norm is not None else x * 2",
        "norm=True",
    )
    assert "self.norm_kind = 'Identity'" in judge(text, rows, (True,), (False,)).text


@pytest.mark.parametrize(
    ("init", "forward", "code"),
    [
        pytest.param(
            "self.k = nn.Sequential(nn.LayerNorm(8)) if p else Scale(2)",
            "return self.k(x)",
            "NF222",
            id="one key twice",
        ),
        pytest.param("self.k = nn.ReLU() if p else Scale(2)", "return self.k(x) * self.k.factor", "NF214", id="read"),
        pytest.param("self.k = Scale(2)\nif p:\n    self.k = nn.ReLU()", "return self.k(x)", "NF208", id="replaced"),
        pytest.param(
            "self.k = nn.ReLU() if p else Scale(2)",
            "return self.k(x) if self.k is not None else x",
            "NF214",
            id="asked whether it is None",
        ),
    ],
)
def test_stays(to_function: Any, init: str, forward: str, code: str) -> None:
    conversion = to_function(net(init, forward, "p=0"))
    assert code in [kept.code for kept in conversion.all_kept]
    assert "self.k = " in conversion.text
