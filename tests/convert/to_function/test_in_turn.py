"""Sequentials put together by several statements, indexed and iterated, and lists of layers that run in turn."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def rows() -> Any:
    import torch

    return [torch.randn(4, 8, generator=torch.Generator().manual_seed(3))]


def codes(conversion: Any) -> list[str]:
    return [kept.code for kept in conversion.all_kept]


def net(init: str, forward: str, arguments: str = "dim=8, wide=False") -> str:
    def body(text: str) -> str:
        return "\n".join(f"        {line}" if line else "" for line in text.strip("\n").split("\n"))

    return f"""from collections import OrderedDict
from types import SimpleNamespace


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.fc = nn.Linear(dim, dim)

    def forward(self, x):
        return self.fc(x) * 2


class Net(nn.Module):
    def __init__(self, {arguments}):
        super().__init__()
{body(init)}

    def forward(self, x):
{body(forward)}
"""


LISTS = net(
    """
layers = []  # from here
layers.append(nn.Linear(dim, 6))  # narrow
layers += [nn.BatchNorm1d(6), nn.ReLU()]
half = dim // 2
layers.extend([Block(6), nn.Linear(6, dim)])
self.a = nn.Sequential(*layers)
layers = [nn.Linear(dim, half)]
layers.append(nn.Linear(half, dim))
self.b = nn.Sequential(*layers, nn.Tanh())
self.c = nn.Sequential(*[nn.Linear(dim, 4), nn.GELU(), nn.Linear(4, dim)])
""",
    "return self.c(self.b(self.a(x)))",
)


def test_a_list_that_is_filled_statement_by_statement(judge: Any) -> None:
    conversion = judge(LISTS, rows)
    assert not conversion.all_kept
    assert "x = self.a_3(x)" in conversion.text
    assert "layers" not in conversion.text
    assert all(conversion.text.count(comment) == 1 for comment in ("# from here", "# narrow"))
    assert conversion.models[-1].state_map["b.1.weight"].key == "b_1_weight"


NAMED = net(
    """
self.a = nn.Sequential()
self.a.add_module('fc', nn.Linear(dim, dim))
self.a.add_module('act', nn.ReLU())
self.a.append(nn.Linear(dim, dim))
pairs = [('x', nn.Linear(dim, dim)), ('y', nn.ReLU())]
pairs.append(('z', nn.Linear(dim, dim)))
self.b = nn.Sequential(OrderedDict(pairs))
made = OrderedDict()
made['one'] = nn.Linear(dim, dim)
made['two'] = nn.Sequential(nn.Linear(dim, 4), nn.Linear(4, dim))
self.c = nn.Sequential(made)
nn.init.zeros_(self.a.fc.bias)
nn.init.zeros_(self.c[1][0].weight)
""",
    """
for layer in self.a:
    x = layer(x)
x = self.b(x) + self.b[-1].weight.sum()
return self.c.two[1](self.c[1][0](self.c[0](x)))
""",
)


def test_names_and_indices_mean_one_layer(judge: Any) -> None:
    conversion = judge(NAMED, rows)
    assert not conversion.all_kept
    assert "x = self.a(x)\n" in conversion.text
    assert "nn.init.zeros_(self.c_two_0_weight)" in conversion.text
    assert "def c(" not in conversion.text


TURNS = net(
    """
self.layers = nn.ModuleList([nn.Linear(dim, dim), nn.ReLU(), Block(dim), nn.LayerNorm(dim)])
blocks = [nn.Linear(dim, dim)]
blocks.append(nn.Sigmoid())
self.blocks = nn.ModuleList(blocks)
self.blocks.append(nn.BatchNorm1d(dim))
""",
    """
for layer in self.layers:
    x = layer(x)
# then
for layer in self.blocks:  # and so on
    x = layer(x)
return x + self.layers[0](x)
""",
)


def test_lists_of_several_kinds_run_in_turn(judge: Any) -> None:
    conversion = judge(TURNS, rows)
    assert not conversion.all_kept
    assert "x = self.blocks(x)" in conversion.text
    assert "# and so on" in conversion.text
    assert "return x + F.linear(x, self.layers_0_weight, self.layers_0_bias)" in conversion.text


@pytest.mark.parametrize(
    "init",
    [
        pytest.param(
            "layers = []\nfor _ in range(2):\n    layers.append(nn.Linear(8, 8))\nself.a = nn.Sequential(*layers)",
            id="filled in a loop",
        ),
        pytest.param(
            "layers = [nn.Linear(8, 8)]\nif wide:\n    layers.append(nn.Linear(8, 8))\nself.a = nn.Sequential(*layers)",
            id="filled under a condition",
        ),
        pytest.param(
            "layers = [nn.Linear(8, 8)]\nother = Block(8)\nself.a = nn.Sequential(*layers)",
            id="something else draws in between",
        ),
        pytest.param(
            "layers = [nn.Linear(8, dim)]\ndim = 4\nself.a = nn.Sequential(*layers)",
            id="a size has changed meanwhile",
        ),
        pytest.param(
            "layers = [nn.Linear(8, 8)]\nself.a = nn.Sequential(*layers)\nself.b = nn.Sequential(*layers)",
            id="the same layers twice",
        ),
        pytest.param(
            "layers = [nn.Linear(8, 8)]\nself.a = nn.Sequential(Block(8), *layers)",
            id="made in another order than run",
        ),
        pytest.param(
            "layers = [nn.Linear(8, cfg.n)]\nother = cfg\nother.n = 4\nself.a = nn.Sequential(*layers)",
            id="a size may have changed meanwhile",
        ),
        pytest.param(
            "self.a = nn.Sequential()\nif wide:\n    self.a.add_module('fc', nn.Linear(8, 8))",
            id="named under a condition",
        ),
        pytest.param("self.a = nn.Sequential(nn.ReLU(), nn.Linear(8, 8) if wide else Block(8))", id="a choice inside"),
    ],
)
def test_what_no_row_of_statements_makes_becomes_a_list(judge: Any, init: str) -> None:
    """Then every layer is made where it stands."""
    conversion = judge(net(init, "return self.a(x)", "dim=8, wide=True, cfg=SimpleNamespace(n=8)"), rows)
    assert not conversion.all_kept
    assert "self.a = nn.Module" in conversion.text


@pytest.mark.parametrize(
    ("init", "code"),
    [
        pytest.param(
            "layers = [nn.Linear(8, 8)]\nself.take(layers)\nself.a = nn.Sequential(*layers)", "NF222", id="handed on"
        ),
        pytest.param(
            "self.a = nn.Sequential(nn.Linear(8, 8))\nself.a.add_module('x' + str(dim), nn.ReLU())",
            "NF214",
            id="a computed name",
        ),
        pytest.param("self.a = nn.Sequential(nn.Linear(8, 8))\nself.b = self.a[:1]", "NF214", id="a slice"),
        pytest.param("self.a = nn.Sequential(nn.Linear(8, 8))\nself.b = self.a[dim]", "NF214", id="a computed index"),
        pytest.param("self.a = nn.Sequential(nn.Linear(8, 8))\nself.b = self.a[0].in_features", "NF229", id="a size"),
    ],
)
def test_stays(to_function: Any, init: str, code: str) -> None:
    conversion = to_function(net(init, "return self.a(x)"))
    assert code in codes(conversion)
    assert "self.a = nn.Sequential(" in conversion.text
