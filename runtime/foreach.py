"""`torch._foreach_add_` and its kin: one operation on every tensor of a list, as optimisers write it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .creation import zeros_like
from .ops.arithmetic import add, addcdiv, addcmul, div, lerp, mul, pow, sub
from .ops.elementwise import abs, exp, log, neg, reciprocal, rsqrt, sqrt
from .ops.extrema import clamp_max, clamp_min
from .ops.rounding import ceil, floor, round, sign
from .ops.smooth import sigmoid, tanh
from .ops.vector_norm import vector_norm
from .tensor import Tensor

_ONE = {
    one.__name__: one for one in (abs, exp, log, neg, reciprocal, rsqrt, sqrt, ceil, floor, round, sign, sigmoid, tanh)
}
_TWO: dict[str, Callable[..., Tensor]] = {
    **{one.__name__: one for one in (add, sub, mul, div, pow, clamp_min, clamp_max)},
    "maximum": clamp_min,  # which take a number too
    "minimum": clamp_max,
}
_THREE = {one.__name__: one for one in (addcmul, addcdiv)}


def _each(value: Any, count: int) -> Iterator[Any]:
    """The values of a list, which is as long as the others; another thing for all of them."""
    if not isinstance(value, (list, tuple)):
        return itertools.repeat(value, count)
    if len(value) != count:
        raise RuntimeError(f"Tensor lists must have the same number of tensors, got {count} and {len(value)}")
    return iter(value)


def _on_lists(function: Callable[..., Tensor]) -> Callable[..., tuple[Tensor, ...]]:
    def foreach(tensors: Sequence[Tensor], *others: Any, **options: Any) -> tuple[Tensor, ...]:
        several = [_each(other, len(tensors)) for other in others]
        named = {"value": _each(options.pop("value"), len(tensors))} if "value" in options else {}
        return tuple(
            function(one, *(next(other) for other in several), **{k: next(v) for k, v in named.items()}, **options)
            for one in tensors
        )

    return foreach


def _in_place(foreach: Callable[..., tuple[Tensor, ...]]) -> Callable[..., None]:
    def foreach_(tensors: Sequence[Tensor], *others: Any, **options: Any) -> None:
        for one, made in zip(tensors, foreach(tensors, *others, **options), strict=True):
            one.copy_(made)

    return foreach_


def _last_is_value(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """addcmul or addcdiv, whose factor comes last here, as a number, a tensor of one, or one of a list."""

    def called(one: Tensor, first: Tensor, second: Tensor, value: Any = 1) -> Tensor:
        return function(one, first, second, value=value.item() if isinstance(value, Tensor) else value)

    return called


def _norm(one: Tensor, ord: float = 2, dtype: Any = None) -> Tensor:
    return vector_norm(one, ord, dtype=dtype)


def _copied(one: Tensor, other: Tensor, non_blocking: bool = False) -> Tensor:
    return other


_NAMED: dict[str, Callable[..., Tensor]] = {
    **_ONE, **_TWO, **{name: _last_is_value(function) for name, function in _THREE.items()}, "lerp": lerp,
}  # fmt: skip

FOREACH: dict[str, Callable[..., Any]] = {}
for _name, _function in _NAMED.items():
    FOREACH[f"_foreach_{_name}"] = _on_lists(_function)
    FOREACH[f"_foreach_{_name}_"] = _in_place(FOREACH[f"_foreach_{_name}"])
FOREACH["_foreach_norm"] = _on_lists(_norm)
FOREACH["_foreach_copy_"] = _in_place(_on_lists(_copied))
FOREACH["_foreach_zero_"] = _in_place(_on_lists(zeros_like))
