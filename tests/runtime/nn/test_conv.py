"""Convolutions and transposed convolutions against torch."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.Conv1d(2, 4, 3)", (2, 2, 8)),
    ("nn.Conv1d(2, 4, 3, padding='same')", (2, 2, 8)),
    ("nn.Conv1d(2, 4, 3, padding=1, padding_mode='reflect')", (2, 8)),
    ("nn.Conv2d(3, 4, 3)", (2, 3, 6, 7)),
    ("nn.Conv2d(3, 4, (3, 2), stride=2, padding=(1, 0), dilation=(1, 2), bias=False)", (2, 3, 7, 8)),
    ("nn.Conv2d(4, 6, 3, groups=2, padding=1)", (2, 4, 5, 5)),
    ("nn.Conv2d(4, 8, 3, groups=4)", (2, 4, 5, 5)),
    ("nn.Conv2d(3, 2, 1)", (3, 5, 5)),
    ("nn.Conv2d(2, 2, (3, 4), padding='same', padding_mode='circular', dilation=(2, 1))", (1, 2, 6, 6)),
    ("nn.Conv2d(2, 2, 3, padding=2, padding_mode='replicate')", (1, 2, 4, 4)),
    ("nn.Conv2d(2, 2, 3, padding='valid')", (1, 2, 4, 4)),
    ("nn.Conv3d(2, 3, 2, padding=1)", (1, 2, 3, 4, 3)),
    ("nn.Conv3d(2, 2, (1, 2, 3), groups=2)", (1, 2, 3, 4, 5)),
    ("nn.ConvTranspose1d(3, 2, 3, stride=2)", (2, 3, 4)),
    ("nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2)", (2, 4, 3, 3)),
    ("nn.ConvTranspose2d(2, 3, (2, 3), dilation=2, bias=False)", (2, 2, 3, 3)),
    ("nn.ConvTranspose3d(2, 2, 2, stride=2)", (1, 2, 2, 3, 2)),
    ("nn.ConvTranspose2d(2, 3, 3, stride=2)", (1, 2, 4, 4), lambda rng: [10, 10]),
]

OUTCOMES = [
    "nn.Conv2d(3, 4, 3, groups=2)",
    "nn.Conv2d(4, 3, 3, groups=2)",
    "nn.Conv2d(4, 4, 3, groups=0)",
    "nn.Conv2d(4, 4, 3, padding='same', stride=2)",
    "nn.ConvTranspose2d(4, 4, 3, padding_mode='reflect')",
    "nn.Conv2d(4, 4, 3)(torch.ones(2, 3))",
    "nn.Conv2d(4, 4, 3)(torch.ones(1, 3, 5, 5))",
    "nn.Conv2d(4, 4, 3)(torch.ones(1, 4, 2, 2))",
    "nn.ConvTranspose2d(4, 4, 3, stride=2)(torch.ones(1, 4, 5, 5), output_size=[20, 20])",
    "nn.ConvTranspose2d(4, 4, 3, stride=2)(torch.ones(1, 4, 5, 5), output_size=[12])",
    "nn.ConvTranspose1d(4, 4, 3)(torch.ones(1, 3, 5))",
    "nn.Conv2d(0, 4, 3).bias.shape",
    "nn.Conv2d(4, 4, 3, padding=1)._reversed_padding_repeated_twice",
    "nn.modules.conv._ConvNd.__constants__ is not None",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
