"""Softmax and relatives: against torch and central differences; torch's errors and warning."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.softmax(x3, 0)
F.softmax(x34, 1)
F.softmax(x34, 0)
F.softmax(x234, -1)
F.softmax(x234, 1)
F.softmax(x_, 0)
F.log_softmax(x3, 0)
F.log_softmax(x34, 1)
F.log_softmax(x34, 0)
F.log_softmax(x234, -1)
F.log_softmax(x234, 1)
F.log_softmax(x_, 0)
F.softmin(x3, 0)
F.softmin(x34, 1)
F.softmin(x34, 0)
F.softmin(x234, -1)
F.softmin(x234, 1)
F.softmin(x_, 0)
""".strip().splitlines()

KINKED = """
F.softmax(i34, 1, dtype=t.float32)
F.softmax(x34 * 1000, 1)
F.log_softmax(x34 * 1000, 1)
F.softmax(x34.masked_fill(b34, -inf), 0)
(t.manual_seed(0), F.gumbel_softmax(x345, 0.7))[1]
(t.manual_seed(0), F.gumbel_softmax(x345, 0.7, hard=True, dim=1))[1]
""".strip().splitlines()

ERRORS = """
F.softmax(x33, 2)
F.softmax(i33, 1)
F.log_softmax(i33, 1)
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
@pytest.mark.parametrize("expression", ["F.softmax(x34)", "F.log_softmax(x234)", "F.softmin(x3)"])
def test_without_a_dimension_torch_chooses_and_warns(expression: str, agrees: Callable[..., None]) -> None:
    with pytest.warns(UserWarning, match="Implicit dimension choice"):
        agrees(expression)
