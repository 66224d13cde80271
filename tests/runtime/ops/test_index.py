"""X[...] and x[...] = v: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
x345[0]
x345[-1, 1:]
x345[..., 0]
x345[:, None, 1]
x345[None, ..., None]
x345[1, ..., ::2]
x345[:, 1:3, 2:]
x34[k4 % 3]
x345[k2]
x345[:, k2]
x345[..., k2]
x345[k2, k2]
x345[k2, :, k2]
x345[0, :, k2]
x345[:, 0, k2]
x345[k22]
x345[:, k22, None]
x34[b34]
x345[b34]
x345[:, b45]
x34[b3]
x345[b3, 1]
x345[b3, :, k2[:1]]
x345[[0, 2]]
x345[[0, 2], [1, 1]]
x34[True]
x34[False]
x345[1:, k2, :, None]
x34[t.tensor(1)]
x34[k_]
x345[k2, ..., k2]
x34[:, [1]]
x345[(slice(None), 0)]
x345[k2[:, None], k2]
x34[()]
x34[...]
x34[-k2]
x34[1:1]
x34[b34.logical_not() & b34]
x345[:, k2, 1:3]
""".strip().splitlines()

OTHER = """
i34[b34]
x34[x34 > 0]
b34[k2]
x34[t.tensor([], dtype=t.int64)]
x34[[]]
x34[0, 0]
i34[0]
x34[range(2)]
""".strip().splitlines()

WRONG = """
x3[7]
x3[1, 2]
x3[::-1]
x3[t.tensor([7])]
x3[t.tensor([True])]
x3[x3]
x3['a']
x_[0]
x3[1.0]
x34[k2, k3]
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
