"""Instance normalisation against torch."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.InstanceNorm1d(3)", (2, 3, 5)),
    ("nn.InstanceNorm1d(3, affine=True)", (3, 5)),
    ("nn.InstanceNorm2d(3, track_running_stats=True)", (2, 3, 4, 4)),
    ("nn.InstanceNorm2d(3, affine=True, bias=False)", (2, 3, 4, 4)),
    ("nn.InstanceNorm3d(2, affine=True, track_running_stats=True, momentum=0.5)", (2, 2, 3, 3, 3)),
    ("nn.InstanceNorm2d(3, affine=True, track_running_stats=True)", (3, 4, 4)),
]

OUTCOMES = [
    "nn.InstanceNorm2d(3)(torch.ones(2, 2))",
    "nn.InstanceNorm2d(3, affine=True)(torch.ones(2, 2, 4, 4))",
    "nn.InstanceNorm2d(3)(torch.ones(2, 2, 4, 4)).shape",
    "nn.InstanceNorm1d(3)(torch.ones(3))",
    "nn.InstanceNorm3d(3)(torch.ones(3))",
    "nn.InstanceNorm2d(3).load_state_dict({'running_mean': torch.ones(3), 'running_var': torch.ones(3)})",
    "nn.InstanceNorm2d(3)(torch.ones(1, 3, 1, 1))",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case, steps=2)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
