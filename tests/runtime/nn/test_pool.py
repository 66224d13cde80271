"""Pooling layers against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.MaxPool1d(2)", (2, 3, 8)),
    ("nn.MaxPool1d(3, stride=2, padding=1, return_indices=True)", (2, 3, 8)),
    ("nn.MaxPool2d(2)", (2, 3, 6, 6)),
    ("nn.MaxPool2d((2, 3), stride=1, padding=1, dilation=2, ceil_mode=True, return_indices=True)", (2, 3, 8, 8)),
    ("nn.MaxPool2d(3, 2, ceil_mode=True)", (3, 6, 6)),
    ("nn.MaxPool3d(2)", (1, 2, 4, 4, 4)),
    ("nn.AvgPool1d(2)", (2, 3, 8)),
    ("nn.AvgPool2d((2, 3), 1, 1, True, False)", (2, 3, 6, 6)),
    ("nn.AvgPool2d(2, divisor_override=3)", (2, 3, 6, 6)),
    ("nn.AvgPool2d(3, 2, 1, ceil_mode=True)", (2, 3, 6, 6)),
    ("nn.AvgPool3d(2)", (1, 2, 4, 4, 4)),
    ("nn.LPPool1d(2, 3)", (2, 3, 8)),
    ("nn.LPPool2d(2, (2, 3), stride=2)", (2, 3, 6, 6)),
    ("nn.LPPool3d(3, 2, ceil_mode=True)", lambda rng: rng.random((1, 2, 5, 5, 5))),
    ("nn.FractionalMaxPool2d(2, output_size=3)", (2, 3, 6, 6)),
    ("nn.FractionalMaxPool2d((2, 3), output_ratio=0.5, return_indices=True)", (2, 3, 8, 8)),
    ("nn.FractionalMaxPool3d(2, output_ratio=(0.5, 0.6, 0.7))", (1, 2, 6, 6, 6)),
    ("nn.MaxUnpool1d(2)", (1, 1, 3), lambda rng: np.array([[[1, 2, 5]]])),
    ("nn.MaxUnpool2d(2)", (1, 1, 2, 2), lambda rng: np.array([[[[1, 3], [8, 15]]]])),
    (
        "nn.MaxUnpool2d((2, 2), stride=2, padding=0)",
        (1, 1, 2, 2),
        lambda rng: np.array([[[[1, 3], [8, 15]]]]),
        lambda rng: (5, 5),
    ),
    ("nn.MaxUnpool3d(2)", (1, 1, 1, 1, 2), lambda rng: np.array([[[[[1, 7]]]]])),
    ("nn.AdaptiveAvgPool1d(3)", (2, 3, 7)),
    ("nn.AdaptiveAvgPool2d((3, None))", (2, 3, 7, 5)),
    ("nn.AdaptiveAvgPool2d(1)", (3, 7, 5)),
    ("nn.AdaptiveAvgPool3d(2)", (1, 2, 3, 5, 4)),
    ("nn.AdaptiveMaxPool1d(3, return_indices=True)", (2, 3, 7)),
    ("nn.AdaptiveMaxPool2d((3, 2))", (2, 3, 7, 5)),
    ("nn.AdaptiveMaxPool3d(2, return_indices=True)", (1, 2, 3, 5, 4)),
]

OUTCOMES = [
    "nn.FractionalMaxPool2d(2)",
    "nn.FractionalMaxPool2d(2, output_size=2, output_ratio=0.5)",
    "nn.FractionalMaxPool2d(2, output_ratio=1.5)",
    "nn.FractionalMaxPool3d(2)",
    "nn.MaxPool2d(2)(torch.ones(2, 3))",
    "nn.MaxPool2d(2, padding=2)(torch.ones(1, 1, 4, 4))",
    "nn.AvgPool2d(2, padding=2)(torch.ones(1, 1, 4, 4))",
    "nn.MaxPool2d(5)(torch.ones(1, 1, 2, 2))",
    "nn.AdaptiveAvgPool2d((1, 2, 3))(torch.ones(1, 1, 4, 4))",
    "nn.MaxUnpool2d(2)(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 3, dtype=torch.int64))",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
