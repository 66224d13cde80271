"""How the body of a pointwise op becomes a public function with torch's signature: ``exp(input, *, out=None)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

import numpy as np

from ..array import Answer
from ..autograd import Op, op
from ..grad_mode import is_grad_enabled
from ..promotion import can_cast
from ..tensor import Tensor

Body = Callable[..., Answer]


class Unary(Protocol):
    """``exp(input, *, out=None)``."""

    __name__: str
    op: Op[Tensor]

    def __call__(self, input: Tensor, *, out: Tensor | None = None) -> Tensor: ...


class Binary(Protocol):
    """``mul(input, other, *, out=None)``."""

    __name__: str
    op: Op[Tensor]

    def __call__(self, input: Any, other: Any, *, out: Tensor | None = None) -> Tensor: ...


def deliver(result: Tensor, out: Tensor | None) -> Tensor:
    """*result*, written into *out* if there is one; RuntimeError where that would lose a gradient or a category."""
    if out is None:
        return result
    if is_grad_enabled() and (result.requires_grad or out.requires_grad):
        raise RuntimeError(
            "out=... arguments don't support automatic differentiation, but one of the arguments requires grad."
        )
    if not can_cast(result.dtype, out.dtype):
        raise RuntimeError(
            f"result type {result.dtype.legacy} can't be cast to the desired output type {out.dtype.legacy}"
        )
    if out.shape != result.shape:
        out.array = np.empty(result.shape, out.array.dtype)
    out.array[...] = result.array
    out.counter.count += 1
    return out


def require_tensor(value: Any, name: str, argument: str = "input", position: int = 1) -> None:
    """TypeError as torch words it unless *value* is a tensor."""
    if not isinstance(value, Tensor):
        kind = type(value).__name__
        raise TypeError(f"{name}(): argument '{argument}' (position {position}) must be Tensor, not {kind}")


def unary(body: Body) -> Unary:
    """A function of one floating tensor; integers arrive in the default dtype."""
    return _unary(body, floating=True)


def unary_any(body: Body) -> Unary:
    """A function of one tensor that keeps its dtype, whatever it is."""
    return _unary(body, floating=False)


def binary(body: Body) -> Binary:
    """A function of two broadcast operands in their common dtype; numbers may stand for tensors."""
    return _binary(body, floating=False)


def binary_floating(body: Body) -> Binary:
    """The same, integers arriving in the default dtype."""
    return _binary(body, floating=True)


def _dressed(function: Any, run: Op[Tensor], body: Body) -> Any:
    function.__name__ = function.__qualname__ = run.name
    function.__doc__, function.__module__ = body.__doc__, body.__module__
    function.op = run  # what `inplace` needs
    return function


def _unary(body: Body, floating: bool) -> Unary:
    run = op(promote=True, floating=floating)(body)

    def function(input: Tensor, *, out: Tensor | None = None) -> Tensor:
        if not isinstance(input, Tensor):
            require_tensor(input, run.name)
        result = run(input)
        return result if out is None else deliver(result, out)

    return cast("Unary", _dressed(function, run, body))


def _binary(body: Body, floating: bool) -> Binary:
    run = op(promote=True, floating=floating)(body)

    def function(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
        result = run(input, other)
        return result if out is None else deliver(result, out)

    return cast("Binary", _dressed(function, run, body))
