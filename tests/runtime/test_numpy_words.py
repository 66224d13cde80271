"""torch's native functions take numpy's words for `dim` and `keepdim`; those that it has written in Python do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nnflip import runtime as torch

X = torch.arange(6.0).reshape(2, 3)

SAME: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "a method": (lambda: X.mean(axis=1, keepdims=True), lambda: X.mean(dim=1, keepdim=True)),
    "one of two": (lambda: X.amax(dim=1, keepdims=True), lambda: X.amax(dim=1, keepdim=True)),
    "a function": (lambda: torch.cat([X, X], axis=1), lambda: torch.cat([X, X], dim=1)),
    "of linalg": (lambda: torch.linalg.norm(X, axis=0), lambda: torch.linalg.norm(X, dim=0)),
    "of fft": (lambda: torch.fft.fft(X, axis=0).real, lambda: torch.fft.fft(X, dim=0).real),
    "of special": (lambda: torch.special.softmax(X, axis=0), lambda: torch.special.softmax(X, dim=0)),
    "in place": (lambda: X.clone().unsqueeze_(axis=0), lambda: X.unsqueeze(0)),
    "written in Python as a method only": (
        lambda: torch.unflatten(X, axis=1, sizes=(3, 1)),
        lambda: X.unflatten(1, (3, 1)),
    ),
}
REFUSED: dict[str, Callable[[], Any]] = {
    "both words": lambda: X.sum(axis=1, dim=0),
    "no such argument": lambda: X.argsort(axis=1, keepdims=True),
    "split": lambda: X.split(1, axis=1),
    "torch.norm": lambda: torch.norm(X, axis=1),
    "Tensor.unflatten": lambda: X.unflatten(axis=1, sizes=(3, 1)),
    "F.softmax": lambda: torch.nn.functional.softmax(X, axis=1),
}


@pytest.mark.parametrize(("spoken", "plain"), SAME.values(), ids=SAME)
def test_numpy_words_are_understood(spoken: Callable[[], Any], plain: Callable[[], Any]) -> None:
    assert torch.equal(spoken(), plain())


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_where_torch_refuses_so_does_the_look_alike(call: Callable[[], Any]) -> None:
    with pytest.raises(TypeError, match=r"argument|received"):
        call()


def test_what_forward_saved_has_its_old_name() -> None:
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, grad):
            with pytest.warns(DeprecationWarning, match="saved_tensors"):
                (x,) = ctx.saved_variables
            return 2 * x * grad

    x = torch.tensor([3.0], requires_grad=True)
    Square.apply(x).backward()
    assert x.grad.item() == 6
