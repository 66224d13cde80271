"""Activations against torch; those that draw draw the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch

LAYERS: list[tuple[Any, ...]] = [
    ("nn.CELU()", (4, 6)),
    ("nn.CELU(0.5)", (4, 6)),
    ("nn.ELU(2.0)", (4, 6)),
    ("nn.GELU()", (4, 6)),
    ("nn.GELU('tanh')", (4, 6)),
    ("nn.GLU()", (4, 6)),
    ("nn.GLU(0)", (4, 6)),
    ("nn.Hardshrink()", (4, 6)),
    ("nn.Hardsigmoid()", (4, 6)),
    ("nn.Hardswish()", (4, 6)),
    ("nn.Hardtanh()", (4, 6)),
    ("nn.Hardtanh(-2, 0.5)", (4, 6)),
    ("nn.LeakyReLU()", (4, 6)),
    ("nn.LeakyReLU(0.3)", (4, 6)),
    ("nn.LogSigmoid()", (4, 6)),
    ("nn.LogSoftmax(1)", (4, 6)),
    ("nn.Mish()", (4, 6)),
    ("nn.PReLU()", (4, 6)),
    ("nn.PReLU(6, 0.1)", (4, 6)),
    ("nn.RReLU()", (4, 6)),
    ("nn.RReLU(0.2, 0.4)", (4, 6)),
    ("nn.ReLU()", (4, 6)),
    ("nn.ReLU6()", (4, 6)),
    ("nn.SELU()", (4, 6)),
    ("nn.SiLU()", (4, 6)),
    ("nn.Sigmoid()", (4, 6)),
    ("nn.Softmax(dim=-1)", (4, 6)),
    ("nn.Softmin(dim=1)", (4, 6)),
    ("nn.Softplus()", (4, 6)),
    ("nn.Softplus(2, 1)", (4, 6)),
    ("nn.Softshrink(0.3)", (4, 6)),
    ("nn.Softsign()", (4, 6)),
    ("nn.Tanh()", (4, 6)),
    ("nn.Tanhshrink()", (4, 6)),
    ("nn.Threshold(0.1, 20)", (4, 6)),
    ("nn.Softmax2d()", (2, 3, 4, 4)),
    ("nn.PReLU(3)", (2, 3, 4, 4)),
    ("nn.ReLU()", lambda rng: np.zeros((2, 3))),
    ("nn.Sequential(nn.Linear(6, 6), nn.ReLU(inplace=True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.ELU(inplace=True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.LeakyReLU(0.1, True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.SiLU(True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.Hardswish(True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.Hardtanh(inplace=True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.RReLU(inplace=True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.Threshold(0.1, 2, True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.CELU(inplace=True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.SELU(True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.Mish(True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.Hardsigmoid(True))", (4, 6)),
    ("nn.Sequential(nn.Linear(6, 6), nn.ReLU6(True))", (4, 6)),
]

OUTCOMES = [
    "nn.Hardtanh(1, 0)",
    "nn.Hardtanh(min_value=-3, max_value=4)",
    "nn.Sigmoid(3)",
    "nn.Softmax2d()(torch.ones(2))",
    "nn.Softmax()(torch.ones(2, 3))",
    "nn.LogSoftmax()(torch.ones(2, 3, 1))",
    "nn.PReLU(2)(torch.ones(2, 3))",
    "nn.GELU('foo')(torch.ones(1))",
    "nn.GLU()(torch.ones(3))",
    "nn.ReLU(inplace=True)(torch.ones(1, requires_grad=True))",
    "nn.Softplus()(torch.tensor([100.0]))",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
