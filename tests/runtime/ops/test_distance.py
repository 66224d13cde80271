"""Distances and the losses made of them: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.pairwise_distance(x34, y34, 1)
F.pairwise_distance(x34, y4, 1, keepdim=True)
F.pdist(x43, 1)
F.normalize(x345, 1, 1)
F.triplet_margin_loss(x34, y34, z34, 0.7, 1)
F.triplet_margin_loss(x34, y34, z34, 0.7, 1, swap=True)
F.pairwise_distance(x34, y34, 2)
F.pairwise_distance(x34, y4, 2, keepdim=True)
F.pdist(x43, 2)
F.normalize(x345, 2, 1)
F.triplet_margin_loss(x34, y34, z34, 0.7, 2)
F.triplet_margin_loss(x34, y34, z34, 0.7, 2, swap=True)
F.pairwise_distance(x34, y34, 3)
F.pairwise_distance(x34, y4, 3, keepdim=True)
F.pdist(x43, 3)
F.normalize(x345, 3, 1)
F.triplet_margin_loss(x34, y34, z34, 0.7, 3)
F.triplet_margin_loss(x34, y34, z34, 0.7, 3, swap=True)
F.pairwise_distance(x34, y34, 1.5)
F.pairwise_distance(x34, y4, 1.5, keepdim=True)
F.pdist(x43, 1.5)
F.normalize(x345, 1.5, 1)
F.triplet_margin_loss(x34, y34, z34, 0.7, 1.5)
F.triplet_margin_loss(x34, y34, z34, 0.7, 1.5, swap=True)
F.pairwise_distance(x34, y34, inf)
F.pairwise_distance(x34, y4, inf, keepdim=True)
F.pdist(x43, inf)
F.normalize(x345, inf, 1)
F.triplet_margin_loss(x34, y34, z34, 0.7, inf)
F.triplet_margin_loss(x34, y34, z34, 0.7, inf, swap=True)
F.cosine_embedding_loss(x45, y45, t.tensor([1, -1, 1, -1]), -0.5, reduction='mean')
F.triplet_margin_with_distance_loss(x34, y34, z34, swap=True, reduction='mean')
F.triplet_margin_with_distance_loss(x34, y34, z34, distance_function=lambda a, b: (a - b).abs().sum(-1), reduction='mean')
F.cosine_embedding_loss(x45, y45, t.tensor([1, -1, 1, -1]), -0.5, reduction='sum')
F.triplet_margin_with_distance_loss(x34, y34, z34, swap=True, reduction='sum')
F.triplet_margin_with_distance_loss(x34, y34, z34, distance_function=lambda a, b: (a - b).abs().sum(-1), reduction='sum')
F.cosine_embedding_loss(x45, y45, t.tensor([1, -1, 1, -1]), -0.5, reduction='none')
F.triplet_margin_with_distance_loss(x34, y34, z34, swap=True, reduction='none')
F.triplet_margin_with_distance_loss(x34, y34, z34, distance_function=lambda a, b: (a - b).abs().sum(-1), reduction='none')
F.cosine_similarity(x34, y34)
F.cosine_similarity(x34, y4, -1)
F.cosine_similarity(x234, y214, 0)
F.cosine_embedding_loss(x5, y5, t.tensor(1))
F.normalize(x345, dim=-1)
""".strip().splitlines()  # noqa: E501

KINKED = """
F.pairwise_distance(x34, x34 * 1, 2, 0.0)
F.normalize(x34 * 0)
F.normalize(c34, inf, 0)
F.cosine_similarity(x34 * 0, y34)
F.pdist(c43 * 0 + 1)
""".strip().splitlines()

ERRORS = """
F.pdist(x3)
F.pdist(x34, -1)
F.cosine_embedding_loss(x234, y234, k23)
F.triplet_margin_loss(x23, y23, z3)
F.triplet_margin_loss(x23, y23, z23, -1)
F.normalize(x34, dim=2)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", [*SMOOTH, *KINKED])
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
