"""How the body of a pointwise op becomes a public function with torch's signature: ``exp(input, *, out=None)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from ..array import Answer
from ..autograd import Op, op
from ..tensor import Tensor
from .out import deliver

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
    """A function of two broadcast operands in their common dtype; a number may be either, or both."""
    return _binary(body, floating=False, numbers=_ANY)


def binary_either(body: Body) -> Binary:
    """The same; a number may be either, not both."""
    return _binary(body, floating=False, numbers=_EITHER)


def binary_second(body: Body) -> Binary:
    """The same; a number may only be the second."""
    return _binary(body, floating=False, numbers=_SECOND)


def binary_tensors(body: Body) -> Binary:
    """The same; both are tensors."""
    return _binary(body, floating=False, numbers=_NONE)


def binary_floating(body: Body) -> Binary:
    """A function of two broadcast tensors; integers arrive in the default dtype."""
    return _binary(body, floating=True, numbers=_NONE)


def binary_floating_either(body: Body) -> Binary:
    """The same; a number may be either, not both."""
    return _binary(body, floating=True, numbers=_EITHER)


_ANY, _EITHER, _SECOND, _NONE = range(4)


def refuse_numbers(name: str, input: Any, other: Any, second: str = "other") -> None:
    """TypeError as torch words it unless both are tensors."""
    require_tensor(input, name)
    require_tensor(other, name, second, 2)


def need_tensor_among(name: str, input: Any, other: Any, first: bool = False) -> None:
    """TypeError as torch words it unless one of the two is a tensor; with *first*, unless the first is."""
    if isinstance(input, Tensor) or (isinstance(other, Tensor) and not first):
        return
    kinds = ", ".join(type(one).__name__ for one in (input, other))
    raise TypeError(f"{name}() received an invalid combination of arguments - got ({kinds})")


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
        return result if out is None else deliver(result, out, run.name)

    return cast("Unary", _dressed(function, run, body))


def _binary(body: Body, floating: bool, numbers: int) -> Binary:
    run = op(promote=True, floating=floating)(body)

    def function(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
        if numbers and not (isinstance(input, Tensor) and isinstance(other, Tensor)):
            if numbers == _NONE:
                refuse_numbers(run.name, input, other)
            need_tensor_among(run.name, input, other, numbers == _SECOND)
        result = run(input, other)
        return result if out is None else deliver(result, out, run.name)

    return cast("Binary", _dressed(function, run, body))
