"""Windows and diagonals: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
x34.unfold(1, 2, 1)
x345.unfold(1, 3, 1)
x6.unfold(0, 2, 3)
x6.unfold(0, 3, 2)
t.as_strided(x34, (2, 2), (1, 2))
t.as_strided(x34, (3,), (3,), 1)
x34.diagonal()
x345.diagonal(1, 1, 2)
x345.diagonal(-1, 0, 2)
t.diag(x3)
t.diag(x3, 1)
t.diag(x34)
t.diag(x34, -1)
t.diag_embed(x34)
t.diag_embed(x34, 1, 0, 2)
t.diagflat(x23)
t.tril(x34)
t.triu(x345, 1)
t.tril(x44, -1)
""".strip().splitlines()

OTHER = """
t.tril(t.ones(3, 3))
t.triu(b34)
x34.diagonal(4)
""".strip().splitlines()

WRONG = """
x34.unfold(0, 4, 1)
x34.unfold(0, 2, 0)
x34.diagonal(0, 0, 0)
t.diag(x234)
t.diag(x234)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH + OTHER)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_has_the_slope_of_its_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRONG)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
