"""Views under another shape or order: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
x34.view(4, 3)
x34.view(-1)
x34.view((2, 6))
x34.reshape(2, -1)
x34.t().reshape(-1)
t.reshape(x34, (12,))
x34.reshape((6, 2))
x34.flatten()
x345.flatten(1)
t.flatten(x345, 0, 1)
x_.flatten()
x34.unflatten(1, (2, -1))
x34.view_as(y62)
t.ravel(x34)
x134.squeeze()
x134.squeeze(0)
x314.squeeze(1)
x131.squeeze((0, 2))
x34.squeeze(0)
x34.unsqueeze(0)
x34.unsqueeze(-1)
x34.transpose(0, 1)
x345.transpose(-1, 0)
x34.t()
x3.t()
x34.T
x345.mT
x345.permute(2, 0, 1)
x345.permute((1, 2, 0))
t.permute(x345, (2, 1, 0))
t.movedim(x345, 0, -1)
t.movedim(x345, (0, 1), (2, 0))
t.swapaxes(x345, 0, 2)
x31.expand(3, 4)
x31.expand(2, -1, 5)
x4.expand(3, 4)
x_.expand(2, 2)
x4.expand_as(y34)
t.broadcast_to(x31, (2, 3, 4))
t.broadcast_tensors(x31, y14)
""".strip().splitlines()

OTHER = """
i34.view(2, 6)
x34.view(t.int32).dtype.itemsize
t.zeros(0, 3).view(3, 0)
t.zeros(0, 3).reshape(-1, 3)
t.broadcast_shapes((3, 1), (4,)) == (3, 4)
x34.reshape(3, 4)
""".strip().splitlines()

WRONG = """
x34.view(5)
x34.t().view(12)
x34.reshape(-1, 5)
t.zeros(0, 3).reshape(-1, 0)
x34.view(-1, -1)
x34.expand(4, 4)
x34.expand(4)
x34.permute(0)
x34.permute(0, 0)
x345.t()
x34.flatten(1, 0)
x34.unflatten(0, (2, 2))
x34.transpose(0, 2)
x34.expand(-1, 3, 4)
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
