"""Conversions that a search under real torch found wrong: exact now, or kept with their reason."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest
from pure_referee import PureReferee
from referee import Referee

from nnflip.convert import Conversion, Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

IMPORTS = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"


def checked(body: str, shape: tuple[int, ...] = (2, 4), **options: Any) -> Conversion:
    """The conversion of a file, compared under torch."""
    there = convert_source(IMPORTS + dedent(body), Options(**{"init": "exact", **options}))
    Referee(there, lambda: [torch.linspace(-1, 1, 2).outer(torch.ones(4)).reshape(shape)], same_start=True).check()
    return there


def kept(conversion: Conversion) -> set[str]:
    """The codes of what was kept."""
    return {found.code for found in conversion.all_kept}


def test_lines_after_a_block_are_not_lost_with_its_last_line() -> None:
    there = checked(
        """
        import math


        class Net(nn.Module):
            def __init__(self, wide=True):
                super().__init__()
                if wide:
                    self.fc_weight = nn.Parameter(torch.empty(4, 4))
                    self.fc_bias = nn.Parameter(torch.empty(4))
                    nn.init.kaiming_uniform_(self.fc_weight, a=math.sqrt(5))
                    fan_in = nn.init._calculate_fan_in_and_fan_out(self.fc_weight)[0]
                    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
                    nn.init.uniform_(self.fc_bias, -bound, bound)

            def forward(self, x):
                return F.relu(F.linear(x, self.fc_weight, self.fc_bias))
        """,
        to="module",
    )
    assert "            self.fc = nn.Linear(4, 4)\n        self.relu = nn.ReLU()\n" in there.text


def test_a_class_that_names_its_children_itself_gets_no_new_ones() -> None:
    body = """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)

            def __setattr__(self, name, value):
                super().__setattr__("my_" + name if isinstance(value, nn.Module) else name, value)

            def forward(self, x):
                return F.relu(self.my_fc(x))
        """
    there = convert_source(IMPORTS + dedent(body), Options(to="module"))
    assert not there.changed
    assert kept(there) == {"NF220"}


@pytest.mark.parametrize("text", ['"self.fc1(x)"', '"self.fc%d" % 1 + "(x)"', 'f"self.fc{1}(x)"'])
def test_code_in_a_text_may_speak_of_any_layer(text: str) -> None:
    there = checked(
        f"""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(4, 4)

            def forward(self, x):
                return eval({text})
        """,
        to="functional",
    )
    assert kept(there) == {"NF211"}


def test_classes_of_one_name_are_told_that_they_load_no_old_checkpoints() -> None:
    there = checked(
        """
        import sys

        if sys.maxsize:
            class Block(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.fc = nn.Linear(4, 4)

                def forward(self, x):
                    return self.fc(x)
        else:
            class Block(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.fc = nn.Linear(4, 4)

                def forward(self, x):
                    return self.fc(x)


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.block = Block()

            def forward(self, x):
                return self.block(x)
        """,
        to="functional",
        compat=True,
    )
    notes = [note for model in there.models for note in model.notes]
    assert notes == ["not made compatible with old checkpoints: the file has several classes of this name"] * 2


@pytest.mark.parametrize(
    "statement",
    [
        "self.a.weight.data = self.b.weight.data.clone()",
        "self.a.weight.data[0] = 1",
        "self.a.weight.data, kept = torch.eye(4), 3",
    ],
)
def test_what_a_constructor_stores_into_a_weight_stays_in_init_params(statement: str) -> None:
    there = convert_source(
        IMPORTS
        + dedent(f"""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(4, 4)
                self.b = nn.Linear(4, 4)
                {statement}

            def forward(self, x):
                return self.b(self.a(x))
        """),
        Options(to="pure"),
    )
    PureReferee(there, lambda: [torch.ones(2, 4)]).check()


def test_a_buffer_that_weighs_two_kinds_of_losses_stays() -> None:
    body = """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.register_buffer("w", torch.ones(4))

            def forward(self, x, t):
                picked = F.one_hot(t, 4).float()
                return F.cross_entropy(x, t, self.w) + F.binary_cross_entropy_with_logits(x, picked, pos_weight=self.w)
        """
    there = convert_source(IMPORTS + dedent(body), Options(to="module"))
    assert not there.changed
    assert "NF203" in kept(there)
