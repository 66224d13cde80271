"""Embedding and EmbeddingBag against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch


def whole(high: int, *shape: int) -> Any:
    """Draws whole numbers below `high`."""
    return lambda rng: rng.integers(0, high, shape)


LAYERS: list[tuple[Any, ...]] = [
    ("nn.Embedding(5, 3)", whole(5, 2, 4)),
    ("nn.Embedding(5, 3, padding_idx=-1)", whole(5, 2, 4)),
    ("nn.Embedding(5, 3, max_norm=1.0)", whole(5, 6)),
    ("nn.Embedding(5, 3, max_norm=1.0, norm_type=1.0, padding_idx=1)", whole(5, 6)),
    ("nn.Embedding(5, 3, scale_grad_by_freq=True)", whole(5, 9)),
    ("nn.Embedding(5, 3, _weight=torch.ones(5, 3))", whole(5, 2)),
    ("nn.Embedding.from_pretrained(torch.ones(5, 3), freeze=False, padding_idx=2)", whole(5, 6)),
    ("nn.EmbeddingBag(5, 3)", whole(5, 2, 4)),
    ("nn.EmbeddingBag(5, 3, mode='sum')", whole(5, 6), lambda rng: np.array([0, 2, 2])),
    ("nn.EmbeddingBag(5, 3, mode='max')", whole(5, 2, 4)),
    ("nn.EmbeddingBag(5, 3, padding_idx=1)", whole(5, 2, 4)),
    ("nn.EmbeddingBag(5, 3, include_last_offset=True)", whole(5, 6), lambda rng: np.array([0, 2, 6])),
    ("nn.EmbeddingBag(5, 3, mode='sum')", whole(5, 6), lambda rng: np.array([0, 2]), (6,)),
]

OUTCOMES = [
    "nn.Embedding(3, 4, padding_idx=5)",
    "nn.Embedding(3, 4, padding_idx=-5)",
    "nn.Embedding(3, 4, _weight=torch.ones(2, 2))",
    "nn.Embedding.from_pretrained(torch.ones(3))",
    "nn.EmbeddingBag(3, 4, padding_idx=7)",
    "nn.Embedding(3, 4)(torch.tensor([3]))",
    "nn.Embedding(3, 4)(torch.tensor([1.0]))",
    "nn.Embedding(3, 4, _freeze=True).weight.requires_grad",
    "nn.Embedding.from_pretrained(torch.ones(2, 3)).weight.requires_grad",
    "nn.EmbeddingBag(3, 4, mode='foo')",
    "nn.EmbeddingBag(3, 4)(torch.tensor([1, 2]))",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
