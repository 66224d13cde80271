"""AdaptiveLogSoftmaxWithLoss, LinearCrossEntropyLoss and DataParallel against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10])", (6, 16), lambda rng: np.array([0, 4, 5, 9, 10, 19])),
    ("nn.AdaptiveLogSoftmaxWithLoss(16, 9, [3], 2.0, head_bias=True)", (16,), lambda rng: np.array(7)),
    ("nn.LinearCrossEntropyLoss(4, 3)", (2, 4), lambda rng: np.array([0, 2])),
    (
        "nn.LinearCrossEntropyLoss(4, 3, out_features=(2,), bias=True, label_smoothing=0.1, ignore_index=1)",
        (5, 4),
        lambda rng: rng.integers(0, 3, (5, 2)),
    ),
    ("nn.LinearCrossEntropyLoss(4, 3, weight=torch.ones(3), reduction='sum')", (2, 4), lambda rng: np.array([0, 2])),
    ("nn.DataParallel(nn.Linear(3, 4))", (2, 3)),
]

OUTCOMES = [
    "nn.AdaptiveLogSoftmaxWithLoss(16, 20, [])",
    "nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 3])",
    "nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 20])",
    "nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5])(torch.ones(2, 16), torch.tensor([1, 20]))",
    "nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5])(torch.ones(2, 16), torch.tensor([1]))",
    "nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5])(torch.ones(2, 16), torch.tensor(1))",
    "nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5])(torch.ones(2, 16), torch.tensor([[1], [2]]))",
    "nn.LinearCrossEntropyOptions()",
    "nn.LinearCrossEntropyLoss(4, 3)(torch.ones(2, 5), torch.tensor([0, 1]))",
    "nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5]).predict(torch.ones(2, 16))",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
