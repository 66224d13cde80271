"""Layer, group, RMS and local response normalisation against torch."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.LayerNorm(4)", (2, 3, 4)),
    ("nn.LayerNorm((3, 4), eps=0.1)", (2, 3, 4)),
    ("nn.LayerNorm([4], bias=False)", (2, 4)),
    ("nn.LayerNorm(4, elementwise_affine=False)", (2, 4)),
    ("nn.GroupNorm(2, 4)", (2, 4, 3, 3)),
    ("nn.GroupNorm(4, 4, affine=False)", (2, 4, 3)),
    ("nn.GroupNorm(1, 4, bias=False)", (2, 4)),
    ("nn.RMSNorm(4)", (2, 3, 4)),
    ("nn.RMSNorm((3, 4), eps=0.1, elementwise_affine=False)", (2, 3, 4)),
    ("nn.LocalResponseNorm(2)", (2, 5, 4)),
    ("nn.LocalResponseNorm(3, alpha=0.1, beta=0.5, k=2)", (2, 5, 3, 3)),
    ("nn.CrossMapLRN2d(3, 0.1, 0.5, 2)", (2, 5, 3, 3)),
]

OUTCOMES = [
    "nn.GroupNorm(3, 4)",
    "nn.LayerNorm(4)(torch.ones(2, 3))",
    "nn.GroupNorm(2, 4)(torch.ones(2, 3, 3))",
    "nn.RMSNorm(4)(torch.ones(2, 3))",
    "nn.LocalResponseNorm(2)(torch.ones(2, 3))",
    "nn.LayerNorm(torch.ones(2, 3).shape)",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
