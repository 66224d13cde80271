"""Padding in all modes: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.pad(x34, (1, 2), 'constant')
F.pad(x234, (1, 0), 'constant')
F.pad(x234, (1, 2, 1, 0), 'constant')
F.pad(x2345, (2, 1, 2, 0), 'constant')
F.pad(x2345, (-1, 1, 1, -1), 'constant')
F.pad(x23454, (2, 1, 1, 0, 1, 2), 'constant')
F.pad(x234, (3, 3), 'constant')
F.pad(x34, (1, 2), 'reflect')
F.pad(x234, (1, 0), 'reflect')
F.pad(x234, (1, 2, 1, 0), 'reflect')
F.pad(x2345, (2, 1, 2, 0), 'reflect')
F.pad(x2345, (-1, 1, 1, -1), 'reflect')
F.pad(x23454, (2, 1, 1, 0, 1, 2), 'reflect')
F.pad(x234, (3, 3), 'reflect')
F.pad(x34, (1, 2), 'replicate')
F.pad(x234, (1, 0), 'replicate')
F.pad(x234, (1, 2, 1, 0), 'replicate')
F.pad(x2345, (2, 1, 2, 0), 'replicate')
F.pad(x2345, (-1, 1, 1, -1), 'replicate')
F.pad(x23454, (2, 1, 1, 0, 1, 2), 'replicate')
F.pad(x234, (3, 3), 'replicate')
F.pad(x34, (1, 2), 'circular')
F.pad(x234, (1, 0), 'circular')
F.pad(x234, (1, 2, 1, 0), 'circular')
F.pad(x2345, (2, 1, 2, 0), 'circular')
F.pad(x2345, (-1, 1, 1, -1), 'circular')
F.pad(x23454, (2, 1, 1, 0, 1, 2), 'circular')
F.pad(x234, (3, 3), 'circular')
F.pad(x34, (1, 2), value=2.5)
F.pad(x34, ())
F.pad(x34, (-1, -2))
F.pad(x234, (1, 1, 1, 1, 1, 1), 'constant', -1)
""".strip().splitlines()

KINKED = """
F.pad(i34, (1, 1), value=2)
F.pad(b34, (1, 1), value=True)
F.pad(i34, (1, 1), 'reflect')
""".strip().splitlines()

ERRORS = """
F.pad(x23, (1,))
F.pad(x23, (1, 1, 1, 1, 1, 1))
F.pad(x23, (3, 3), 'reflect')
F.pad(x3, (1, 1), 'reflect')
F.pad(x23, (1, 1, 1, 1), 'reflect')
F.pad(x23, (4, 4), 'circular')
F.pad(x23, (1, 1), 'foo')
F.pad(x23, (1, 1), 'reflect', 1.0)
F.pad(x23, (-4, 0))
F.pad(x2234, (1, 1), 'replicate')
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
