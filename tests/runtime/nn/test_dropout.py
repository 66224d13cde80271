"""Dropout layers: the same masks as torch from the same seed."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.Dropout(0.3)", (4, 50)),
    ("nn.Dropout(0.0)", (4, 5)),
    ("nn.Dropout(1.0)", (4, 5)),
    ("nn.Dropout1d()", (4, 5, 3)),
    ("nn.Dropout2d(0.2)", (4, 5, 3, 3)),
    ("nn.Dropout3d(0.2)", (2, 5, 3, 3, 2)),
    ("nn.AlphaDropout(0.3)", (4, 50)),
    ("nn.FeatureAlphaDropout(0.3)", (4, 5, 3, 3)),
    ("nn.Sequential(nn.Linear(5, 5), nn.Dropout(0.5, inplace=True))", (4, 5)),
]

OUTCOMES = [
    "nn.Dropout(1.5)",
    "nn.Dropout2d(-1)",
    "nn.Dropout2d()(torch.ones(2))",
    "nn.Dropout1d()(torch.ones(2, 2, 2, 2))",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
