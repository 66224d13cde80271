"""`out=`: results written into tensors that are given for them.

@takes_out
def cumsum(input: Tensor, dim: int) -> Tensor: ...       # cumsum(x, 0, out=y) writes into y and returns it
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any, TypeVar, overload

import numpy as np

from ..array import overlaps_itself, owner
from ..grad_mode import is_grad_enabled
from ..promotion import can_cast
from ..tensor import Tensor
from .conv import C_NAMES

F = TypeVar("F", bound=Callable[..., Any])

_ADVICE = "Please clone() the tensor before performing the operation."


def deliver(result: Tensor, out: Tensor | None, name: str) -> Tensor:
    """*result*, written into *out* if there is one; RuntimeError where that would lose a gradient or a category."""
    if out is None:
        return result
    if not isinstance(out, Tensor):
        raise TypeError(f"argument 'out' must be Tensor, not {type(out).__name__}")
    if is_grad_enabled() and (result.requires_grad or out.requires_grad):
        raise RuntimeError(
            f"{name}(): functions with out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )
    if not can_cast(result.dtype, out.dtype):
        raise RuntimeError(
            f"result type {result.dtype.legacy} can't be cast to the desired output type {out.dtype.legacy}"
        )
    if out.shape != result.shape:
        _resize(out, result.shape)
    refuse_overlap(out)
    out.array[...] = result.array
    out.counter.count += 1
    return out


def _resize(out: Tensor, shape: tuple[int, ...]) -> None:
    if out.array.size:
        warnings.warn(
            f"An output with one or more elements was resized since it had shape {list(out.shape)}, which does not "
            f"match the required output shape {list(shape)}. This behavior is deprecated, and in a future PyTorch "
            "release outputs will not be resized unless they have zero elements. You can explicitly reuse an out "
            "tensor t by resizing it, inplace, to zero elements with t.resize_(0).",
            UserWarning,
            stacklevel=4,
        )
    out.array = np.empty(shape, out.array.dtype)


def refuse_overlap(out: Tensor, *inputs: Any) -> None:
    """RuntimeError for an *out* with two elements at one place, or one that shares memory with an input."""
    if overlaps_itself(out.array):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            + _ADVICE
        )
    memory = owner(out.array)
    for one in inputs:
        if isinstance(one, Tensor) and owner(one.array) is memory and np.may_share_memory(one.array, out.array):
            raise RuntimeError(
                "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single "
                "memory location. " + _ADVICE
            )


def same_dtype(result: Tensor, out: Tensor) -> None:
    """RuntimeError unless *out* has the dtype of the result: what selects does not convert."""
    if result.dtype is not out.dtype:
        wanted, got = (C_NAMES.get(one.dtype.name, one.dtype.name) for one in (result, out))
        raise RuntimeError(f"Expected out tensor to have dtype {wanted}, but got {got} instead")


def like_input(result: Tensor, out: Tensor) -> None:
    """The same in the words of amax and amin."""
    if result.dtype is not out.dtype:
        raise RuntimeError(
            f"Expected the dtype for input and out to match, but got {result.dtype.legacy} for input's dtype and "
            f"{out.dtype.legacy} for out's dtype."
        )


@overload
def takes_out(function: F, /) -> F: ...
@overload
def takes_out(*, check: Callable[[Tensor, Tensor], None]) -> Callable[[F], F]: ...
def takes_out(function: Any = None, /, *, check: Callable[[Tensor, Tensor], None] | None = None) -> Any:
    """Decorator: a keyword `out=`, one tensor or a tuple of them as the function returns. *check* looks at each."""
    if function is None:
        return functools.partial(takes_out, check=check)

    @functools.wraps(function)
    def into(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if out is None:
            return result
        if isinstance(result, Tensor):
            return _delivered(result, out, function.__name__, args, check)
        if len(out) != len(result):
            raise TypeError(f"{function.__name__}(): argument 'out' must be tuple of {len(result)} Tensors")
        made = [_delivered(one, place, function.__name__, args, check) for one, place in zip(result, out, strict=True)]
        return type(result)(*made) if hasattr(result, "_fields") else type(result)(made)

    signature = inspect.signature(function)
    keyword = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, default=None)
    parameters = list(signature.parameters.values())
    rest = [parameters.pop()] if parameters and parameters[-1].kind is inspect.Parameter.VAR_KEYWORD else []
    into.__signature__ = signature.replace(parameters=[*parameters, keyword, *rest])  # type: ignore[attr-defined]
    return into


def _delivered(result: Tensor, out: Tensor, name: str, args: tuple[Any, ...], check: Any) -> Tensor:
    if check is not None:
        check(result, out)
        refuse_overlap(out, *args)
    return deliver(result, out, name)
