"""Norms over the last dimensions, of a size that only __init__ knows."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

NET = """class Net(nn.Module):
    def __init__(self, dim=6, affine=False):
        super().__init__()
        self.a = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-3)
        self.b = nn.LayerNorm(dim, elementwise_affine=affine)
        self.c = nn.RMSNorm(dim, elementwise_affine=False)

    def forward(self, x):
        return self.c(self.b(self.a(x)))
"""


def test_a_size_without_a_weight_is_spread_as_torch_does(judge: Any) -> None:
    import torch

    rows = torch.randn(2, 3, 6, generator=torch.Generator().manual_seed(3))
    conversion = judge(NET, lambda: [rows], (6,), ([3, 6], True), ((6,), False), (torch.Size([3, 6]),))
    assert "self.a_normalized_shape = nn.modules.utils._single(dim)" in conversion.text
    assert not conversion.all_kept
