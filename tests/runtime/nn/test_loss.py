"""Losses against torch: values, gradients of input and target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch


def whole(high: int, *shape: int) -> Any:
    """Draws whole numbers below `high`."""
    return lambda rng: rng.integers(0, high, shape)


def odds(*shape: int) -> Any:
    """Draws numbers between 0.1 and 0.9."""
    return lambda rng: 0.1 + 0.8 * rng.random(shape)


def logs(*shape: int) -> Any:
    """Draws numbers that are no probabilities, but look like logarithms."""
    return lambda rng: np.log(0.05 + 0.9 * rng.random(shape))


def signs(*shape: int) -> Any:
    """Draws 1.0 and -1.0."""
    return lambda rng: rng.integers(0, 2, shape) * 2.0 - 1.0


LAYERS: list[tuple[Any, ...]] = [
    ("nn.L1Loss()", (4, 3), (4, 3)),
    ("nn.MSELoss(reduction='sum')", (4, 3), (4, 3)),
    ("nn.SmoothL1Loss(beta=0.5)", (4, 3), (4, 3)),
    ("nn.SmoothL1Loss(reduction='none', beta=0)", (4, 3), (4, 3)),
    ("nn.HuberLoss(delta=0.7)", (4, 3), (4, 3)),
    ("nn.NLLLoss()", logs(4, 3), whole(3, 4)),
    ("nn.NLLLoss(torch.tensor([1.0, 2.0, 3.0]), ignore_index=1)", logs(4, 3), whole(3, 4)),
    ("nn.NLLLoss(reduction='none')", logs(2, 3, 4, 4), whole(3, 2, 4, 4)),
    ("nn.CrossEntropyLoss()", (4, 3), whole(3, 4)),
    ("nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 3.0]), label_smoothing=0.1)", (4, 3), whole(3, 4)),
    ("nn.CrossEntropyLoss(reduction='sum', ignore_index=0)", (4, 3, 5), whole(3, 4, 5)),
    ("nn.CrossEntropyLoss()", (4, 3), odds(4, 3)),
    ("nn.CrossEntropyLoss()", (3,), lambda rng: np.array(1)),
    ("nn.BCELoss()", odds(4, 3), odds(4, 3)),
    ("nn.BCELoss(torch.tensor([1.0, 2.0, 3.0]), reduction='none')", odds(4, 3), odds(4, 3)),
    ("nn.BCEWithLogitsLoss()", (4, 3), odds(4, 3)),
    (
        "nn.BCEWithLogitsLoss(torch.tensor([1.0, 2.0, 3.0]), pos_weight=torch.tensor([3.0, 1.0, 2.0]))",
        (4, 3),
        odds(4, 3),
    ),
    ("nn.KLDivLoss(reduction='batchmean')", logs(4, 3), odds(4, 3)),
    ("nn.KLDivLoss(reduction='sum', log_target=True)", logs(4, 3), logs(4, 3)),
    ("nn.PoissonNLLLoss()", (4, 3), odds(4, 3)),
    ("nn.PoissonNLLLoss(log_input=False, full=True)", odds(4, 3), lambda rng: rng.random((4, 3)) * 4),
    ("nn.GaussianNLLLoss()", (4, 3), (4, 3), odds(4, 3)),
    ("nn.GaussianNLLLoss(full=True, reduction='sum')", (4, 3), (4, 3), odds(4, 1)),
    ("nn.CTCLoss()", logs(8, 2, 5), lambda rng: rng.integers(1, 5, (2, 3)), lambda rng: (8, 7), lambda rng: (3, 2)),
    (
        "nn.CTCLoss(blank=2, reduction='sum', zero_infinity=True)",
        logs(8, 2, 5),
        lambda rng: np.array([0, 1, 3, 4, 0]),
        lambda rng: (8, 8),
        lambda rng: (3, 2),
    ),
    ("nn.MarginRankingLoss(0.5)", (6,), (6,), signs(6)),
    ("nn.HingeEmbeddingLoss()", (6,), signs(6)),
    ("nn.CosineEmbeddingLoss(0.1)", (4, 3), (4, 3), signs(4)),
    ("nn.MultiLabelMarginLoss()", (2, 4), lambda rng: np.array([[3, 0, -1, 1], [1, -1, 0, 0]])),
    ("nn.MultiLabelSoftMarginLoss()", (4, 3), odds(4, 3)),
    ("nn.MultiLabelSoftMarginLoss(torch.tensor([1.0, 2.0, 3.0]), reduction='none')", (4, 3), odds(4, 3)),
    ("nn.MultiMarginLoss()", (4, 3), whole(3, 4)),
    ("nn.MultiMarginLoss(2, 0.5, torch.tensor([1.0, 2.0, 3.0]))", (4, 3), whole(3, 4)),
    ("nn.TripletMarginLoss()", (4, 3), (4, 3), (4, 3)),
    ("nn.TripletMarginLoss(2.0, p=1, swap=True)", (4, 3), (4, 3), (4, 3)),
    ("nn.TripletMarginWithDistanceLoss(swap=True)", (4, 3), (4, 3), (4, 3)),
]

OUTCOMES = [
    "nn.MultiMarginLoss(3)",
    "nn.MultiMarginLoss(weight=torch.ones(2, 2))",
    "nn.TripletMarginLoss(margin=0)",
    "nn.TripletMarginWithDistanceLoss(margin=-1.0)",
    "nn.L1Loss(size_average=False)",
    "nn.L1Loss(reduce=False).reduction",
    "nn.L1Loss(size_average=True).reduction",
    "nn.NLLLoss2d()",
    "nn.L1Loss()(torch.ones(2), torch.ones(3, 1))",
    "nn.MSELoss(reduction='foo')(torch.ones(2), torch.ones(2))",
    "nn.CrossEntropyLoss()(torch.ones(2, 3), torch.tensor([0, 5]))",
    "nn.BCELoss()(torch.ones(2) * 2, torch.ones(2))",
    "nn.NLLLoss()(torch.ones(2, 3), torch.tensor([0]))",
    "nn.CrossEntropyLoss(torch.ones(3)).state_dict()",
    "nn.HuberLoss('mean', 0.0)(torch.ones(2), torch.ones(2))",
    "nn.KLDivLoss()(torch.zeros(2, 2), torch.ones(2, 2))",
    "nn.BCELoss()(torch.ones(2), torch.ones(3))",
    "nn.GaussianNLLLoss()(torch.ones(2), torch.ones(2), -torch.ones(2))",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)


def test_soft_margin_loss_wants_targets_without_gradient(torch: Any, runtime: Any) -> None:
    expected, actual = (_soft_margin(library) for library in (torch, runtime))
    assert actual == pytest.approx(expected)


def _soft_margin(library: Any) -> list[float]:
    x = library.tensor([0.5, -2.0, 3.0], requires_grad=True)
    loss = library.nn.SoftMarginLoss()(x, library.tensor([1.0, -1.0, -1.0]))
    loss.backward()
    return [loss.item(), *x.grad.tolist()]
