"""`grouped_mm`: against torch, gradients included."""

from __future__ import annotations

from collections.abc import Callable

import pytest

EXACT = """
F.grouped_mm(x44, y248, offs=t.tensor([1, 4], dtype=t.int32))
F.grouped_mm(x234, y244)
F.grouped_mm(x48, y84, offs=t.tensor([4, 8], dtype=t.int32))
F.grouped_mm(x244, y48, offs=t.tensor([4, 8], dtype=t.int32))
""".strip().splitlines()

WRONG = """
F.grouped_mm(x44, y248)
F.grouped_mm(x234, y244, offs=t.tensor([1, 4], dtype=t.int32))
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", EXACT)
def test_products_are_those_of_torch(agrees: Callable[..., None], expression: str) -> None:
    agrees(expression, "float32")


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRONG)
def test_errors_are_those_of_torch(same_error: Callable[[str], None], expression: str) -> None:
    same_error(expression)
