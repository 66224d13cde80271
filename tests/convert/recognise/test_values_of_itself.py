"""An attribute that is made of itself, or of one that is made of it, tells nothing of its values, and ends."""

from __future__ import annotations

from nnflip.convert import Options, convert_source

TEXT = """import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(2, 3))
        self.v = nn.Parameter(torch.zeros(2, 3))

    def grow(self):
        self.w = nn.Parameter(torch.cat([self.w, self.v]))
        self.v = nn.Parameter(self.w[:2])

    def forward(self, x):
        return self.w.relu() + x
"""


def test_it_comes_to_an_end() -> None:
    assert "self.w" in convert_source(TEXT, Options("module")).text
