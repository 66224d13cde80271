"""Linear, Bilinear, Identity against torch."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.Linear(3, 4)", (2, 3)),
    ("nn.Linear(3, 4, bias=False)", (2, 5, 3)),
    ("nn.Linear(3, 1)", (3,)),
    ("nn.Linear(7, 5, dtype=torch.float64)", (2, 7)),
    ("nn.Bilinear(3, 4, 2)", (5, 3), (5, 4)),
    ("nn.Bilinear(3, 4, 2, bias=False)", (2, 5, 3), (2, 5, 4)),
    ("nn.Identity(1, a=2)", (2, 3)),
    ("nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))", (2, 3)),
]

OUTCOMES = [
    "nn.Linear(3, 4)(torch.ones(2, 4))",
    "nn.Bilinear(0, 1, 1)",
    "nn.Linear(3, 4)(torch.ones(2, 3, dtype=torch.float64))",
    "nn.Linear(0, 4).bias",
    "nn.Linear(2, 0).weight",
    "nn.modules.linear.NonDynamicallyQuantizableLinear(1, 1)",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
