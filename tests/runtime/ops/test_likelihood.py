"""Losses by likelihood: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.binary_cross_entropy(u34, F.sigmoid(y34), reduction='mean')
F.binary_cross_entropy(u34, F.sigmoid(y34), i4.abs().to(u34.dtype), reduction='mean')
F.binary_cross_entropy_with_logits(x34, u34, reduction='mean')
F.binary_cross_entropy_with_logits(x34, u34, i4.abs().to(u34.dtype), reduction='mean', pos_weight=j4.abs().to(u34.dtype))
F.poisson_nll_loss(p34, p34 * 2, True, False, reduction='mean')
F.poisson_nll_loss(p34, y34, False, False, reduction='mean')
F.gaussian_nll_loss(x34, y34, p34, reduction='mean')
F.gaussian_nll_loss(x34, y34, p3, True, reduction='mean')
F.gaussian_nll_loss(x34, y34, 0.5, reduction='mean')
F.binary_cross_entropy(u34, F.sigmoid(y34), reduction='sum')
F.binary_cross_entropy(u34, F.sigmoid(y34), i4.abs().to(u34.dtype), reduction='sum')
F.binary_cross_entropy_with_logits(x34, u34, reduction='sum')
F.binary_cross_entropy_with_logits(x34, u34, i4.abs().to(u34.dtype), reduction='sum', pos_weight=j4.abs().to(u34.dtype))
F.poisson_nll_loss(p34, p34 * 2, True, False, reduction='sum')
F.poisson_nll_loss(p34, y34, False, False, reduction='sum')
F.gaussian_nll_loss(x34, y34, p34, reduction='sum')
F.gaussian_nll_loss(x34, y34, p3, True, reduction='sum')
F.gaussian_nll_loss(x34, y34, 0.5, reduction='sum')
F.kl_div(x34, u34, reduction='sum')
F.kl_div(x34, y34, reduction='sum', log_target=True)
F.binary_cross_entropy(u34, F.sigmoid(y34), reduction='none')
F.binary_cross_entropy(u34, F.sigmoid(y34), i4.abs().to(u34.dtype), reduction='none')
F.binary_cross_entropy_with_logits(x34, u34, reduction='none')
F.binary_cross_entropy_with_logits(x34, u34, i4.abs().to(u34.dtype), reduction='none', pos_weight=j4.abs().to(u34.dtype))
F.poisson_nll_loss(p34, p34 * 2, True, False, reduction='none')
F.poisson_nll_loss(p34, y34, False, False, reduction='none')
F.gaussian_nll_loss(x34, y34, p34, reduction='none')
F.gaussian_nll_loss(x34, y34, p3, True, reduction='none')
F.gaussian_nll_loss(x34, y34, 0.5, reduction='none')
F.kl_div(x34, u34, reduction='none')
F.kl_div(x34, y34, reduction='none', log_target=True)
F.kl_div(x34, u34, reduction='batchmean')
""".strip().splitlines()  # noqa: E501

KINKED = """
F.binary_cross_entropy(c34 * c34, u34)
F.poisson_nll_loss(p34, p34 * 2, full=True)
F.gaussian_nll_loss(x34, y34, p34 * 0)
F.binary_cross_entropy_with_logits(x34 * 1000, u34)
""".strip().splitlines()

ERRORS = """
F.binary_cross_entropy(u23, u2)
F.binary_cross_entropy(u23 + 1, u23)
F.binary_cross_entropy(u23, u23 + 1)
F.binary_cross_entropy(u23, k23)
F.binary_cross_entropy(u23, u23.detach(), u2.detach())
F.binary_cross_entropy(u23, u23.detach(), p23)
F.binary_cross_entropy_with_logits(x23, u2)
F.binary_cross_entropy_with_logits(x23, k23)
F.binary_cross_entropy_with_logits(x23, u23, pos_weight=p3)
F.poisson_nll_loss(x23, y23, reduction='foo')
F.gaussian_nll_loss(x23, y23, p5)
F.gaussian_nll_loss(x23, y23, -p23)
F.gaussian_nll_loss(x23, y23, p23, reduction='foo')
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
def test_the_mean_of_kl_div_is_warned_of(agrees: Callable[..., None]) -> None:
    with pytest.warns(UserWarning, match="batchmean"):
        agrees("F.kl_div(x34, u34)")
