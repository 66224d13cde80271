"""Unpooling: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.max_unpool1d(*F.max_pool1d(x238, 2, return_indices=True), 2)
F.max_unpool1d(*F.max_pool1d(x238, 2, return_indices=True), 2, output_size=(9,))
F.max_unpool1d(*F.max_pool1d(x38, 2, return_indices=True), 2)
F.max_unpool2d(*F.max_pool2d(x2386, 2, return_indices=True), 2)
F.max_unpool2d(*F.max_pool2d(x2386, 2, return_indices=True), 2, output_size=(9, 7))
F.max_unpool2d(*F.max_pool2d(x386, 2, return_indices=True), 2)
F.max_unpool3d(*F.max_pool3d(x23866, 2, return_indices=True), 2)
F.max_unpool3d(*F.max_pool3d(x23866, 2, return_indices=True), 2, output_size=(9, 7, 7))
F.max_unpool3d(*F.max_pool3d(x3866, 2, return_indices=True), 2)
""".strip().splitlines()

ERRORS = """
F.max_unpool2d(x1122, t.full((1, 1, 2, 2), 20), 2)
F.max_unpool2d(x1122, k1123, 2)
F.max_unpool2d(x1122, x1122, 2)
F.max_unpool2d(x1122, k1122, 2, output_size=(9, 9))
F.max_unpool2d(x1122, k1122, 2, output_size=(9,))
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
