"""State maps of classes that stay because they derive from one of the file, while what they hold converts."""

from __future__ import annotations

import pytest

from nnflip.convert import Options, convert_source

TEXT = """\
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(4, 4))

    def forward(self, x):
        return F.linear(x, self.w)


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = {first}

    def forward(self, x):
        return self.first(x)


class Net(Base):
    def __init__(self):
        super().__init__()
        self.second = {second}

    def forward(self, x):
        return self.second(super().forward(x))
"""


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Block()", "Block()", {"first.w": "first.linear.weight", "second.w": "second.linear.weight"}),
        ("Block()", "nn.Tanh()", {"first.w": "first.linear.weight"}),
        ("nn.Tanh()", "Block()", {"second.w": "second.linear.weight"}),
    ],
    ids=["both", "the base's", "its own"],
)
def test_a_derived_class_has_a_map(first: str, second: str, expected: dict[str, str]) -> None:
    conversion = convert_source(TEXT.format(first=first, second=second), Options(to="module"))
    maps = {model.name: model.state_map for model in conversion.models}
    assert {key: move.key for key, move in maps["Net"].items()} == expected


def test_a_derived_class_whose_keys_stay_is_not_told_of() -> None:
    conversion = convert_source(TEXT.format(first="nn.Tanh()", second="nn.Tanh()"), Options(to="module"))
    assert [model.name for model in conversion.models] == ["Block", "Base"]
