"""Losses by distance: against torch and central differences; torch's errors and warnings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.mse_loss(x34, y34, reduction='mean')
F.mse_loss(x34, y34, reduction='mean', weight=p34)
F.l1_loss(x34, y34, reduction='mean')
F.l1_loss(x34, y34, reduction='mean', weight=p34)
F.smooth_l1_loss(x34, y34, reduction='mean', beta=0.4)
F.huber_loss(x34, y34, 'mean', 0.4)
F.huber_loss(x34, y34, 'mean', 0.4, p34)
F.mse_loss(x34, y34, reduction='sum')
F.mse_loss(x34, y34, reduction='sum', weight=p34)
F.l1_loss(x34, y34, reduction='sum')
F.l1_loss(x34, y34, reduction='sum', weight=p34)
F.smooth_l1_loss(x34, y34, reduction='sum', beta=0.4)
F.huber_loss(x34, y34, 'sum', 0.4)
F.huber_loss(x34, y34, 'sum', 0.4, p34)
F.mse_loss(x34, y34, reduction='none')
F.mse_loss(x34, y34, reduction='none', weight=p34)
F.l1_loss(x34, y34, reduction='none')
F.l1_loss(x34, y34, reduction='none', weight=p34)
F.smooth_l1_loss(x34, y34, reduction='none', beta=0.4)
F.huber_loss(x34, y34, 'none', 0.4)
F.huber_loss(x34, y34, 'none', 0.4, p34)
F.mse_loss(x_, y_)
F.smooth_l1_loss(x34, y34, beta=0)
""".strip().splitlines()

KINKED = """
F.mse_loss(x34, y34.double())
F.l1_loss(c34, y34 * 0)
F.smooth_l1_loss(c34, y34 * 0)
F.huber_loss(c34, y34 * 0)
""".strip().splitlines()

ERRORS = """
F.mse_loss(x23, y23, reduction='foo')
F.mse_loss(i23, j23)
F.l1_loss(i23, j23)
F.mse_loss(x23, y23, weight=z23[:1])
F.smooth_l1_loss(x23, y23, beta=-1)
F.huber_loss(x23, y23, delta=0)
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


@pytest.mark.torch
@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"])
def test_unlike_sizes_are_warned_of_and_broadcast(name: str, agrees: Callable[..., None]) -> None:
    with pytest.warns(UserWarning, match="Using a target size"):
        agrees(f"F.{name}(x34, y4)")


@pytest.mark.torch
@pytest.mark.parametrize("old", ["size_average=False", "reduce=False", "size_average=True, reduce=True"])
def test_the_old_reductions_still_work_with_a_warning(old: str, agrees: Callable[..., None]) -> None:
    with pytest.warns(UserWarning, match="size_average and reduce args will be deprecated"):
        agrees(f"F.mse_loss(x34, y34, {old})")
