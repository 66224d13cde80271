"""Losses by margin: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.soft_margin_loss(x34, (y34 > 0) * 2.0 - 1, reduction='mean')
F.hinge_embedding_loss(x34, (y34 > 0) * 2.0 - 1, 0.7, reduction='mean')
F.margin_ranking_loss(x34, z34, (y34 > 0) * 2.0 - 1, 0.2, reduction='mean')
F.multilabel_soft_margin_loss(x34, u34, reduction='mean')
F.multilabel_soft_margin_loss(x34, u34, p4, reduction='mean')
F.multi_margin_loss(x34, k3, reduction='mean')
F.multi_margin_loss(x34, k3, 2, 0.7, i4.abs().to(x34.dtype), reduction='mean')
F.multi_margin_loss(x4, k_, reduction='mean')
F.multilabel_margin_loss(x34, t.tensor([[0, 2, -1, 1], [3, -1, -1, -1], [-1, 0, 0, 0]]), reduction='mean')
F.multilabel_margin_loss(x4, t.tensor([0, 2, -1, 1]), reduction='mean')
F.soft_margin_loss(x34, (y34 > 0) * 2.0 - 1, reduction='sum')
F.hinge_embedding_loss(x34, (y34 > 0) * 2.0 - 1, 0.7, reduction='sum')
F.margin_ranking_loss(x34, z34, (y34 > 0) * 2.0 - 1, 0.2, reduction='sum')
F.multilabel_soft_margin_loss(x34, u34, reduction='sum')
F.multilabel_soft_margin_loss(x34, u34, p4, reduction='sum')
F.multi_margin_loss(x34, k3, reduction='sum')
F.multi_margin_loss(x34, k3, 2, 0.7, i4.abs().to(x34.dtype), reduction='sum')
F.multi_margin_loss(x4, k_, reduction='sum')
F.multilabel_margin_loss(x34, t.tensor([[0, 2, -1, 1], [3, -1, -1, -1], [-1, 0, 0, 0]]), reduction='sum')
F.multilabel_margin_loss(x4, t.tensor([0, 2, -1, 1]), reduction='sum')
F.soft_margin_loss(x34, (y34 > 0) * 2.0 - 1, reduction='none')
F.hinge_embedding_loss(x34, (y34 > 0) * 2.0 - 1, 0.7, reduction='none')
F.margin_ranking_loss(x34, z34, (y34 > 0) * 2.0 - 1, 0.2, reduction='none')
F.multilabel_soft_margin_loss(x34, u34, reduction='none')
F.multilabel_soft_margin_loss(x34, u34, p4, reduction='none')
F.multi_margin_loss(x34, k3, reduction='none')
F.multi_margin_loss(x34, k3, 2, 0.7, i4.abs().to(x34.dtype), reduction='none')
F.multi_margin_loss(x4, k_, reduction='none')
F.multilabel_margin_loss(x34, t.tensor([[0, 2, -1, 1], [3, -1, -1, -1], [-1, 0, 0, 0]]), reduction='none')
F.multilabel_margin_loss(x4, t.tensor([0, 2, -1, 1]), reduction='none')
""".strip().splitlines()

KINKED = """
F.margin_ranking_loss(c34, c34 * 1, c34 * 1)
F.hinge_embedding_loss(c34, c34.detach())
""".strip().splitlines()

ERRORS = """
F.soft_margin_loss(x23, y23)
F.margin_ranking_loss(x23, y23, z2)
F.hinge_embedding_loss(x23, y23, reduction='foo')
F.multi_margin_loss(x23, k2, p=3)
F.multi_margin_loss(x23, k3)
F.multi_margin_loss(x23, k2 + 5)
F.multi_margin_loss(x23, k2, weight=p2.detach())
F.multi_margin_loss(x23, y2)
F.multilabel_margin_loss(x23, k2)
F.multilabel_margin_loss(x23, k23 + 5)
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
