"""A padding of which only the program knows whether it is a number or a tuple."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

NET = """class Net(nn.Module):
    def __init__(self, kernel_size=3, other=(1, 0, 2, 1)):
        super().__init__()
        padding = kernel_size // 2
        self.pad = nn.ReflectionPad2d(padding)
        self.more = nn.ZeroPad2d(other)

    def forward(self, x):
        return self.more(self.pad(x))
"""


def images() -> Any:
    import torch

    return [torch.randn(2, 4, 6, 6, generator=torch.Generator().manual_seed(3))]


def test_a_padding_is_spread_as_the_module_does(judge: Any) -> None:
    conversion = judge(NET, images, (), (5, 2))
    assert not conversion.all_kept
    assert "self.pad_padding = nn.modules.utils._quadruple(padding)" in conversion.text
