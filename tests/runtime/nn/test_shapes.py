"""Layers that only move elements: flatten, pad, pixel shuffles, fold; and distances and upsampling; against torch."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.Flatten()", (2, 3, 4)),
    ("nn.Flatten(0, 1)", (2, 3, 4)),
    ("nn.Unflatten(1, (2, 3))", (2, 6, 4)),
    ("nn.Unflatten(-1, [2, -1])", (2, 6)),
    ("nn.ConstantPad1d(1, 2.0)", (2, 3, 4)),
    ("nn.ConstantPad2d((1, 2, 3, -1), 0.5)", (2, 3, 4, 4)),
    ("nn.ConstantPad3d(1, 2)", (2, 3, 4, 4)),
    ("nn.ZeroPad1d((1, -1))", (2, 4)),
    ("nn.ZeroPad2d(2)", (2, 3, 4, 4)),
    ("nn.ZeroPad3d(1)", (1, 2, 3, 3, 3)),
    ("nn.ReflectionPad1d(2)", (2, 3, 4)),
    ("nn.ReflectionPad2d((1, 2, 2, 1))", (2, 3, 4, 4)),
    ("nn.ReflectionPad3d(1)", (1, 2, 3, 3, 3)),
    ("nn.ReplicationPad1d((1, 2))", (2, 4)),
    ("nn.ReplicationPad2d(2)", (2, 3, 4, 4)),
    ("nn.ReplicationPad3d(1)", (1, 2, 3, 3, 3)),
    ("nn.CircularPad1d(2)", (2, 3, 4)),
    ("nn.CircularPad2d(1)", (2, 3, 4, 4)),
    ("nn.CircularPad3d((1, 0, 0, 2, 1, 1))", (1, 2, 3, 3, 3)),
    ("nn.PixelShuffle(2)", (2, 8, 3, 3)),
    ("nn.PixelUnshuffle(2)", (2, 2, 4, 6)),
    ("nn.ChannelShuffle(2)", (2, 6, 3, 3)),
    ("nn.Fold((4, 5), 2)", (2, 12, 12)),
    ("nn.Fold((4, 5), (2, 3), padding=1, stride=2)", (12, 9)),
    ("nn.Unfold((2, 3), dilation=2, padding=1, stride=2)", (2, 3, 7, 8)),
    ("nn.Unfold(2)", (1, 2, 3, 3)),
    ("nn.Upsample(scale_factor=2)", (2, 3, 4)),
    ("nn.Upsample((6, 5))", (2, 3, 4, 4)),
    ("nn.Upsample(scale_factor=(2, 1.5), mode='bilinear', align_corners=True)", (2, 3, 4, 4)),
    ("nn.Upsample(scale_factor=1.7, mode='bilinear', recompute_scale_factor=True)", (2, 3, 4, 4)),
    ("nn.Upsample(scale_factor=2, mode='bicubic')", (1, 2, 4, 4)),
    ("nn.Upsample(scale_factor=2, mode='linear')", (1, 2, 4)),
    ("nn.Upsample(scale_factor=2, mode='trilinear')", (1, 2, 3, 2, 2)),
    ("nn.UpsamplingNearest2d(5)", (2, 3, 4, 4)),
    ("nn.UpsamplingBilinear2d(scale_factor=2)", (2, 3, 4, 4)),
    ("nn.CosineSimilarity()", (4, 3), (4, 3)),
    ("nn.CosineSimilarity(dim=0, eps=0.1)", (4, 3), (4, 3)),
    ("nn.PairwiseDistance()", (4, 3), (4, 3)),
    ("nn.PairwiseDistance(1.0, keepdim=True)", (4, 3), (4, 3)),
]

OUTCOMES = [
    "nn.Unflatten(1, 2)",
    "nn.Unflatten('a', (('b', 2), ('c', 3)))",
    "nn.Unflatten(1, ('a', 2))",
    "nn.Unflatten(1, torch.ones(2, 3).shape)",
    "nn.CircularPad2d(1)(torch.ones(2))",
    "nn.CircularPad1d(1)(torch.ones(2))",
    "nn.CircularPad3d(1)(torch.ones(2))",
    "nn.ReflectionPad1d(4)(torch.ones(1, 1, 3))",
    "nn.PixelShuffle(2)(torch.ones(1, 3, 2, 2))",
    "nn.Upsample()(torch.ones(1, 1, 2))",
    "nn.Upsample(2, 2)(torch.ones(1, 1, 2))",
    "nn.Unflatten(1, (2, 3))(torch.ones(2, 5))",
    "nn.Fold((4, 5), 2)(torch.ones(2, 12, 11))",
    "nn.modules.utils._pair(2), nn.modules.utils._triple((1, 2, 3)), nn.modules.utils._reverse_repeat_tuple((1, 2), 2)",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
