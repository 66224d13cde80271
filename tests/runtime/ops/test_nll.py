"""Cross entropy and nll: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.cross_entropy(x34, k3, reduction='mean')
F.cross_entropy(x34, k3, i4.abs().to(x34.dtype), None, 1, reduction='mean', label_smoothing=0.2)
F.nll_loss(x34, k3, i4.abs().to(x34.dtype), None, 2, reduction='mean')
F.cross_entropy(x34, p34, i4.abs().to(x34.dtype), reduction='mean', label_smoothing=0.1)
F.cross_entropy(x34, k3, reduction='sum')
F.cross_entropy(x34, k3, i4.abs().to(x34.dtype), None, 1, reduction='sum', label_smoothing=0.2)
F.nll_loss(x34, k3, i4.abs().to(x34.dtype), None, 2, reduction='sum')
F.cross_entropy(x34, p34, i4.abs().to(x34.dtype), reduction='sum', label_smoothing=0.1)
F.cross_entropy(x34, k3, reduction='none')
F.cross_entropy(x34, k3, i4.abs().to(x34.dtype), None, 1, reduction='none', label_smoothing=0.2)
F.nll_loss(x34, k3, i4.abs().to(x34.dtype), None, 2, reduction='none')
F.cross_entropy(x34, p34, i4.abs().to(x34.dtype), reduction='none', label_smoothing=0.1)
F.cross_entropy(x345, k35, reduction='mean')
F.cross_entropy(x345, k35, i4.abs().to(x345.dtype), None, 1, reduction='mean', label_smoothing=0.2)
F.nll_loss(x345, k35, i4.abs().to(x345.dtype), None, 2, reduction='mean')
F.cross_entropy(x345, p345, i4.abs().to(x345.dtype), reduction='mean', label_smoothing=0.1)
F.cross_entropy(x345, k35, reduction='sum')
F.cross_entropy(x345, k35, i4.abs().to(x345.dtype), None, 1, reduction='sum', label_smoothing=0.2)
F.nll_loss(x345, k35, i4.abs().to(x345.dtype), None, 2, reduction='sum')
F.cross_entropy(x345, p345, i4.abs().to(x345.dtype), reduction='sum', label_smoothing=0.1)
F.cross_entropy(x345, k35, reduction='none')
F.cross_entropy(x345, k35, i4.abs().to(x345.dtype), None, 1, reduction='none', label_smoothing=0.2)
F.nll_loss(x345, k35, i4.abs().to(x345.dtype), None, 2, reduction='none')
F.cross_entropy(x345, p345, i4.abs().to(x345.dtype), reduction='none', label_smoothing=0.1)
F.cross_entropy(x3452, k352, reduction='mean')
F.cross_entropy(x3452, k352, i4.abs().to(x3452.dtype), None, 1, reduction='mean', label_smoothing=0.2)
F.nll_loss(x3452, k352, i4.abs().to(x3452.dtype), None, 2, reduction='mean')
F.cross_entropy(x3452, p3452, i4.abs().to(x3452.dtype), reduction='mean', label_smoothing=0.1)
F.cross_entropy(x3452, k352, reduction='sum')
F.cross_entropy(x3452, k352, i4.abs().to(x3452.dtype), None, 1, reduction='sum', label_smoothing=0.2)
F.nll_loss(x3452, k352, i4.abs().to(x3452.dtype), None, 2, reduction='sum')
F.cross_entropy(x3452, p3452, i4.abs().to(x3452.dtype), reduction='sum', label_smoothing=0.1)
F.cross_entropy(x3452, k352, reduction='none')
F.cross_entropy(x3452, k352, i4.abs().to(x3452.dtype), None, 1, reduction='none', label_smoothing=0.2)
F.nll_loss(x3452, k352, i4.abs().to(x3452.dtype), None, 2, reduction='none')
F.cross_entropy(x3452, p3452, i4.abs().to(x3452.dtype), reduction='none', label_smoothing=0.1)
F.cross_entropy(x24223, k2223, reduction='mean')
F.cross_entropy(x24223, k2223, i4.abs().to(x24223.dtype), None, 1, reduction='mean', label_smoothing=0.2)
F.nll_loss(x24223, k2223, i4.abs().to(x24223.dtype), None, 2, reduction='mean')
F.cross_entropy(x24223, p24223, i4.abs().to(x24223.dtype), reduction='mean', label_smoothing=0.1)
F.cross_entropy(x24223, k2223, reduction='sum')
F.cross_entropy(x24223, k2223, i4.abs().to(x24223.dtype), None, 1, reduction='sum', label_smoothing=0.2)
F.nll_loss(x24223, k2223, i4.abs().to(x24223.dtype), None, 2, reduction='sum')
F.cross_entropy(x24223, p24223, i4.abs().to(x24223.dtype), reduction='sum', label_smoothing=0.1)
F.cross_entropy(x24223, k2223, reduction='none')
F.cross_entropy(x24223, k2223, i4.abs().to(x24223.dtype), None, 1, reduction='none', label_smoothing=0.2)
F.nll_loss(x24223, k2223, i4.abs().to(x24223.dtype), None, 2, reduction='none')
F.cross_entropy(x24223, p24223, i4.abs().to(x24223.dtype), reduction='none', label_smoothing=0.1)
F.cross_entropy(x4, k_, reduction='mean')
F.cross_entropy(x4, k_, i4.abs().to(x4.dtype), None, 1, reduction='mean', label_smoothing=0.2)
F.nll_loss(x4, k_, i4.abs().to(x4.dtype), None, 2, reduction='mean')
F.cross_entropy(x4, p4, i4.abs().to(x4.dtype), reduction='mean', label_smoothing=0.1)
F.cross_entropy(x4, k_, reduction='sum')
F.cross_entropy(x4, k_, i4.abs().to(x4.dtype), None, 1, reduction='sum', label_smoothing=0.2)
F.nll_loss(x4, k_, i4.abs().to(x4.dtype), None, 2, reduction='sum')
F.cross_entropy(x4, p4, i4.abs().to(x4.dtype), reduction='sum', label_smoothing=0.1)
F.cross_entropy(x4, k_, reduction='none')
F.cross_entropy(x4, k_, i4.abs().to(x4.dtype), None, 1, reduction='none', label_smoothing=0.2)
F.nll_loss(x4, k_, i4.abs().to(x4.dtype), None, 2, reduction='none')
F.cross_entropy(x4, p4, i4.abs().to(x4.dtype), reduction='none', label_smoothing=0.1)
F.linear_cross_entropy(x35, y45, k3)
F.linear_cross_entropy(x35, y425, k32, linear_bias=z42, reduction='sum')
""".strip().splitlines()

KINKED = """
F.cross_entropy(x23, k2 * 0 - 100)
F.cross_entropy(x03, k0)
F.cross_entropy(x34, (k3 > 1) * -100)
F.nll_loss(x34, k3.to(t.uint8))
""".strip().splitlines()

ERRORS = """
F.cross_entropy(x23, y2)
F.cross_entropy(x23, k3)
F.cross_entropy(x23, k2 + 3)
F.cross_entropy(x23, k2 - 9)
F.cross_entropy(x23, k2, p2.detach())
F.cross_entropy(x23, k2, p3)
F.cross_entropy(x23, y23, p2)
F.cross_entropy(x23, k23)
F.cross_entropy(x23, y24)
F.cross_entropy(x23, k2, reduction='foo')
F.cross_entropy(x23, k2, label_smoothing=2.0)
F.cross_entropy(x234, k25)
F.cross_entropy(x2344, k245)
F.cross_entropy(x23, k2.int())
F.cross_entropy(x23, y23, ignore_index=1)
F.cross_entropy(i23, k2)
F.nll_loss(x23, k3)
F.nll_loss(x_, k_)
F.nll_loss(x23, k2, p2.detach())
F.nll_loss(x23, y2)
F.nll_loss(x23, k21)
F.linear_cross_entropy(x35, y46, k3)
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
