"""A walk over a container of torch's own layers meets nothing else, so that functions beside it may become modules."""

from __future__ import annotations

import pytest

from nnflip.convert import Conversion, Options, convert_source


def converted(inside: str, more: str = "", use: str = "self.convs[0](x)") -> Conversion:
    text = f"""import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import weight_norm
from utils import init_weights, get_padding


class Block(nn.Module):
    def __init__(self, convs):
        super().__init__()
        self.convs = {inside}
        self.convs.apply(init_weights)
        {more}

    def forward(self, x):
        return F.leaky_relu({use}, 0.1)
"""
    return convert_source(text, Options(to="module"))


@pytest.mark.parametrize(
    ("inside", "more"),
    [
        ("nn.ModuleList([weight_norm(nn.Conv1d(4, 4, 3, padding=get_padding(3))), nn.Conv1d(4, 4, 1)])", ""),
        ("nn.ModuleList()", "self.convs.append(nn.Conv1d(4, 4, 1))"),
        ("nn.ModuleList([nn.Conv1d(4, 4, k) for k in range(3)])", "self.n = len(self.convs)"),
        ("weight_norm(nn.Conv1d(4, 4, 1))", "nn.utils.remove_weight_norm(self.convs)"),
    ],
    ids=["literal", "appended", "comprehension", "wrapped"],
)
def test_a_closed_container_is_walked_alone(inside: str, more: str) -> None:
    use = "self.convs(x)" if inside.startswith("weight") else "self.convs[0](x)"
    assert "self.leaky_relu = nn.LeakyReLU(0.1)" in converted(inside, more, use).text


@pytest.mark.parametrize(
    ("inside", "more"),
    [
        ("nn.ModuleList([Block(None)])", ""),
        ("convs", ""),
        ("nn.ModuleList(convs)", ""),
        ("nn.ModuleList([nn.Conv1d(4, 4, 1), *convs])", ""),
        ("nn.ModuleList()", "self.convs.append(Block(None))"),
        ("nn.ModuleList()", "self.convs += [Block(None)]"),
        ("nn.ModuleList([nn.ReLU()])", "self.convs[0] = Block(None)"),
        ("nn.ModuleList()", "convs = self.convs"),
        ("nn.ModuleList()", "self.convs.insert(0, Block(None))"),
        ("nn.ModuleList([nn.ReLU()])", "self.convs[0].add_module('a', Block(None))"),
        ("nn.ModuleList([nn.Sequential()])", "for c in self.convs: c.append(Block(None))"),
        ("nn.ModuleList([nn.Sequential()])", "for i, c in enumerate(self.convs): c[0] = Block(None)"),
        ("nn.ModuleList([nn.ReLU()])", "setattr(self, 'convs', convs)"),
    ],
)
def test_any_other_may_hold_a_model(inside: str, more: str) -> None:
    conversion = converted(inside, more)
    assert not conversion.changed
    assert "NF212" in [kept.code for kept in conversion.all_kept]
