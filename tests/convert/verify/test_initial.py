"""What two models start from: the same numbers, the same distributions, or other ones."""

from __future__ import annotations

import random

import pytest

from nnflip.convert.verify.initial import distance, same_distribution

LINEAR = """\
import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(x)
"""
AGAIN = LINEAR.replace("(8, 8)\n", "(8, 8)\n        self.fc.reset_parameters()\n")
ZEROS = LINEAR.replace("(8, 8)\n", "(8, 8)\n        nn.init.zeros_(self.fc.bias)\n")
WIDE = LINEAR.replace("(8, 8)\n", "(8, 8)\n        nn.init.normal_(self.fc.weight)\n")


@pytest.mark.parametrize(
    ("b", "said"),
    [(LINEAR, "identical"), (AGAIN, "same distribution"), (ZEROS, "different"), (WIDE, "different")],
    ids=["same draws", "drawn twice", "zeros", "another law"],
)
def test_initial_state(verified_on_numpy, b, said):
    model = verified_on_numpy(LINEAR, b, seeds=(0,)).models[0]
    assert (model.initial_state, model.verdict) == (said, "proven")


def test_samples_of_one_law_agree_and_others_do_not():
    draw = random.Random(0)
    a, b = (sorted(draw.uniform(-1, 1) for _ in range(200)) for _ in range(2))
    other = sorted(draw.gauss(0.5, 1) for _ in range(200))
    assert (same_distribution(a, b), same_distribution(a, other), same_distribution([1.0], [1.0])) == (
        True,
        False,
        True,
    )
    assert distance([0.0, 1.0], [2.0, 3.0]) == 1.0
