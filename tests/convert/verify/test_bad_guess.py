"""A constructor argument that was guessed and that the original refuses says nothing about the conversion."""

from __future__ import annotations

ORIGINAL = """
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        if width != 1234567:
            raise ValueError("the width must be 1234567")
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(x)
"""


def test_is_inconclusive_and_asks_for_the_argument(verified_on_numpy):
    model = verified_on_numpy(
        ORIGINAL, ORIGINAL.replace("        if width != 1234567:\n", "        if False:\n")
    ).models[0]
    assert (model.verdict, model.code) == ("inconclusive", "NF412")
    assert "the width must be 1234567" in model.reason


def test_with_the_argument_given_one_side_alone_is_a_difference(verified_on_numpy):
    other = ORIGINAL.replace("        if width != 1234567:\n", "        if False:\n")
    model = verified_on_numpy(ORIGINAL, other, init_args={"width": 8}).models[0]
    assert (model.verdict, model.code) == ("different", "NF403")
