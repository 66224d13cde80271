"""AdaptiveLogSoftmaxWithLoss and DataParallel against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10])", (6, 16), lambda rng: np.array([0, 4, 5, 9, 10, 19])),
    ("nn.AdaptiveLogSoftmaxWithLoss(16, 9, [3], 2.0, head_bias=True)", (16,), lambda rng: np.array(7)),
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
    "nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5]).predict(torch.ones(2, 16))",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
