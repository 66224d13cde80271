"""Resizing in all modes: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.interpolate(x236, size=7, mode='nearest')
F.interpolate(x236, size=3, mode='nearest')
F.interpolate(x236, scale_factor=1.7, mode='nearest')
F.interpolate(x236, size=7, mode='nearest-exact')
F.interpolate(x236, size=3, mode='nearest-exact')
F.interpolate(x236, scale_factor=1.7, mode='nearest-exact')
F.interpolate(x236, size=7, mode='area')
F.interpolate(x236, size=3, mode='area')
F.interpolate(x236, scale_factor=1.7, mode='area')
F.interpolate(x236, size=7, mode='linear')
F.interpolate(x236, size=7, mode='linear', align_corners=True)
F.interpolate(x236, size=3, mode='linear')
F.interpolate(x236, size=3, mode='linear', align_corners=True)
F.interpolate(x236, scale_factor=1.7, mode='linear')
F.interpolate(x236, scale_factor=1.7, mode='linear', align_corners=True)
F.interpolate(x2365, size=7, mode='nearest')
F.interpolate(x2365, size=3, mode='nearest')
F.interpolate(x2365, scale_factor=1.7, mode='nearest')
F.interpolate(x2365, size=7, mode='nearest-exact')
F.interpolate(x2365, size=3, mode='nearest-exact')
F.interpolate(x2365, scale_factor=1.7, mode='nearest-exact')
F.interpolate(x2365, size=7, mode='area')
F.interpolate(x2365, size=3, mode='area')
F.interpolate(x2365, scale_factor=1.7, mode='area')
F.interpolate(x2365, size=7, mode='bilinear')
F.interpolate(x2365, size=7, mode='bilinear', align_corners=True)
F.interpolate(x2365, size=3, mode='bilinear')
F.interpolate(x2365, size=3, mode='bilinear', align_corners=True)
F.interpolate(x2365, scale_factor=1.7, mode='bilinear')
F.interpolate(x2365, scale_factor=1.7, mode='bilinear', align_corners=True)
F.interpolate(x2365, size=7, mode='bicubic')
F.interpolate(x2365, size=7, mode='bicubic', align_corners=True)
F.interpolate(x2365, size=3, mode='bicubic')
F.interpolate(x2365, size=3, mode='bicubic', align_corners=True)
F.interpolate(x2365, scale_factor=1.7, mode='bicubic')
F.interpolate(x2365, scale_factor=1.7, mode='bicubic', align_corners=True)
F.interpolate(x23654, size=7, mode='nearest')
F.interpolate(x23654, size=3, mode='nearest')
F.interpolate(x23654, scale_factor=1.7, mode='nearest')
F.interpolate(x23654, size=7, mode='trilinear')
F.interpolate(x23654, size=7, mode='trilinear', align_corners=True)
F.interpolate(x23654, size=3, mode='trilinear')
F.interpolate(x23654, size=3, mode='trilinear', align_corners=True)
F.interpolate(x23654, scale_factor=1.7, mode='trilinear')
F.interpolate(x23654, scale_factor=1.7, mode='trilinear', align_corners=True)
F.interpolate(x23654, size=7, mode='area')
F.interpolate(x23654, size=3, mode='area')
F.interpolate(x23654, scale_factor=1.7, mode='area')
F.interpolate(x2365, scale_factor=(2, 0.6), mode='bilinear', recompute_scale_factor=True)
F.interpolate(x2365, (9, 2), mode='bilinear', antialias=True)
F.interpolate(x2365, (9, 2), mode='bicubic', antialias=True, align_corners=True)
F.interpolate(x2365, (9, 2), mode='lanczos', antialias=True)
""".strip().splitlines()

KINKED = """
F.interpolate(x236, 1)
""".strip().splitlines()

ERRORS = """
F.interpolate(x236)
F.interpolate(x236, 7, 2)
F.interpolate(x236, 0)
F.interpolate(x236, (7, 7))
F.interpolate(x236, 7, mode='bilinear')
F.interpolate(x236, 7, mode='nearest', align_corners=True)
F.interpolate(x236, 7, mode='foo')
F.interpolate(x236, 7, mode='linear', antialias=True)
F.interpolate(x236, 7, recompute_scale_factor=True)
F.interpolate(x23, 7)
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
@pytest.mark.parametrize("call", ["upsample(x2365, 7)", "upsample_nearest(x2365, 7)", "upsample_bilinear(x2365, 7)"])
def test_the_old_names_still_work_with_a_warning(call: str, agrees: Callable[..., None]) -> None:
    with pytest.warns(UserWarning, match="is deprecated"):
        agrees(f"F.{call}")
