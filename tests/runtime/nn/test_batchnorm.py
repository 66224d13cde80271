"""Batch normalisation against torch: numbers, buffers over several steps, modes."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.BatchNorm1d(3)", (4, 3)),
    ("nn.BatchNorm1d(3, eps=0.1, momentum=0.3)", (4, 3, 5)),
    ("nn.BatchNorm2d(3)", (2, 3, 4, 4)),
    ("nn.BatchNorm2d(3, momentum=None)", (2, 3, 4, 4)),
    ("nn.BatchNorm2d(3, affine=False)", (2, 3, 4, 4)),
    ("nn.BatchNorm2d(3, track_running_stats=False)", (2, 3, 4, 4)),
    ("nn.BatchNorm2d(3, bias=False)", (2, 3, 4, 4)),
    ("nn.BatchNorm3d(2)", (2, 2, 3, 3, 3)),
    ("nn.SyncBatchNorm(3)", (4, 3)),
]

OUTCOMES = [
    "nn.BatchNorm2d(3)(torch.ones(2, 3))",
    "nn.BatchNorm1d(3)(torch.ones(2, 3, 4, 4))",
    "nn.BatchNorm3d(3)(torch.ones(2, 3, 4, 4))",
    "nn.BatchNorm1d(3)(torch.ones(1, 3))",
    "nn.BatchNorm1d(3)(torch.ones(4, 5))",
    "nn.BatchNorm2d(3, 0.8).eps",
    "nn.SyncBatchNorm(2)(torch.ones(3))",
    "nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.BatchNorm2d(2), nn.ReLU()))",
    "nn.modules.batchnorm._BatchNorm in nn.BatchNorm2d.__mro__",
    "nn.BatchNorm2d(2)._version",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case, steps=2)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
