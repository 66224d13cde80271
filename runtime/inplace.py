"""In-place changes: one mechanism for `add_`, `relu_`, `copy_`, `x[i] = v` and random fills."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from . import record
from .array import Answer, Array, overlaps_itself, owner
from .autograd import Op, op
from .dtypes import of
from .grad_mode import is_grad_enabled
from .graph import Call, Edge, Meta, Node, backward_name, needed_only, saved_memories
from .incoming import edges_of, memories_of, metas_of, weakly
from .promotion import can_cast, need_fitting
from .pull import copy_slices
from .tensor import Tensor, wrap
from .views import window

_MULTI = (
    "is a view and is being modified inplace. This view is the output of a function that returns multiple views. Such "
    "functions do not allow the output views to be modified inplace. You should replace the inplace operation by an "
    "out-of-place one."
)
_NO_GRAD = (
    "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case "
    "is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace "
    "either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want "
    "the inplace to be tracked)."
)


def inplace(change: Op[Tensor], target: Tensor, *others: Any, **static: Any) -> Tensor:
    """Computes `change(target, *others)` and writes it into the memory of `target`, which is returned.

    `inplace(add, x, y)` is `x.add_(y)`. RuntimeError as in torch: a leaf that requires grad, a view of one, an expanded
    tensor, a result that does not fit in shape or dtype.
    """
    inputs = (target, *others)
    _change(change, target, inputs, static)
    if record.listeners:
        record.tell(change.name + "_", inputs, static, (target,))
    return target


def overwrite(target: Tensor, values: Array, name: str, **static: Any) -> Tensor:
    """Replaces all elements, whatever they were: fills and random draws. The old history gets a zero gradient.

    `overwrite(x, drawn, "normal_", mean=0, std=1)`: name and static arguments are for the trace.
    """
    _change(_copy, target, (target, wrap(np.asarray(values))), {})
    if record.listeners:
        record.tell(name, (target,), static, (target,))
    return target


def refill(target: Tensor, fill: Callable[[Array], None], name: str, **static: Any) -> Tensor:
    """Like `overwrite`, by a function that writes into the target's own memory once the checks have passed.

    Random draws need that: what they draw depends on the strides, and a refused change must draw nothing.
    """
    _refuse_overlap(target)
    _refill(target, fill, name, static)
    return target


def _refill(target: Tensor, fill: Callable[[Array], None], name: str, static: dict[str, Any]) -> None:
    (edge,) = _checked_edges(target, (target,))
    if target.device.type != "meta":  # nothing to fill, and nothing to draw
        fill(target.array)
    target.counter.count += 1
    if edge is not None:
        meta = cast("tuple[Meta, ...]", metas_of((target,)))
        _rehistory(target, Node(backward_name(name.rstrip("_")), (np.zeros_like,), (edge,), meta, meta))
    if record.listeners:
        record.tell(name, (target,), static, (target,))


def copy_(input: Tensor, src: Tensor, non_blocking: bool = False) -> Tensor:
    """`input.copy_(src)`: broadcasts, casts, and passes the gradient on to `src`. Into a meta tensor: nothing."""
    if input.device.type == "meta":
        return input
    return inplace(_copy, input, src)


def zero_(input: Tensor) -> Tensor:
    """Fills with zeros."""
    _refill(input, lambda x: x.fill(0), "zero_", {})
    return input


def fill_(input: Tensor, value: Any) -> Tensor:
    """Fills with a number, or with a 0-dim tensor, to which the gradient goes."""
    if isinstance(value, Tensor):
        if value.array.ndim:
            raise RuntimeError(
                f"fill_ only supports 0-dimension value tensor but got tensor with {value.array.ndim} dimensions."
            )
        return copy_(input, value)
    need_fitting(value, input.dtype)
    _refill(input, lambda x: x.fill(value), "fill_", {"value": value})
    return input


@op
def _copy(x: Array, y: Array) -> Answer:
    y = y.real if y.dtype.kind == "c" and x.dtype.kind != "c" else y
    return np.broadcast_to(y.astype(x.dtype, copy=False), x.shape), (np.zeros_like, lambda g: g)


def _change(change: Op[Tensor], target: Tensor, inputs: tuple[Any, ...], static: dict[str, Any]) -> None:
    edges = _checked_edges(target, inputs)
    _refuse_overlap(target)
    tracked = any(edge is not None for edge in edges)
    arrays = list(change.arrays(inputs))
    if tracked and arrays[0] is target.array:
        arrays[0] = target.array.copy("K")  # torch, too, saves a clone of what it overwrites
    value, pullback = change.run(arrays, static)
    if not tracked or pullback is None:
        _write(target, value)
        return
    kept = needed_only(pullback, edges)
    saved, between = saved_memories(kept, memories_of(inputs[1:]))
    _write(target, value)
    result = [(owner(np.asarray(value)), target.counter, 0, backward_name(change.name))]
    outputs = cast("tuple[Meta, ...]", metas_of((target,)))
    node = Node(backward_name(change.name), kept, edges, metas_of(inputs), outputs)
    node.saved = saved + saved_memories(kept, result)[0]
    strongly = (between and change.again) or change.composite is not None
    given = tuple(arrays)
    node.call = Call(change, static, given if strongly else weakly(given), weakly((np.asarray(value),)))
    _rehistory(target, node)


def _refuse_overlap(target: Tensor) -> None:
    if overlaps_itself(target.array):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation."
        )


def _checked_edges(target: Tensor, inputs: tuple[Any, ...]) -> tuple[Edge | None, ...]:
    if not is_grad_enabled():
        return (None,) * len(inputs)
    no_node_yet = target._node is None  # a view of what got a history since is a leaf to torch until somebody looks
    edges = edges_of(inputs)
    if all(edge is None for edge in edges):
        return edges
    base = target._base
    if base is not None:
        if target._view_kind == "no_grad":
            raise RuntimeError(_NO_GRAD)
        if target._view_kind == "multi":
            node = target.node
            raise RuntimeError(f"Output {target._slot} of {node.name_ if node else 'a view'} {_MULTI}")
        if base.is_leaf and base.requires_grad:
            raise RuntimeError("a view of a leaf Variable that requires grad is being used in an in-place operation.")
    if no_node_yet and edges[0] is not None:
        raise RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.")
    return edges if target.array.dtype.kind in "fc" else (None,) * len(inputs)


def _write(target: Tensor, value: Any) -> None:
    array = np.asarray(value)
    _check_fit(target, array)
    target.array[...] = array
    target.counter.count += 1


def _check_fit(target: Tensor, array: Array) -> None:
    """RuntimeError unless a result can be written into the target."""
    if array.shape != target.array.shape:
        raise RuntimeError(
            f"output with shape {list(target.array.shape)} doesn't match the broadcast shape {list(array.shape)}"
        )
    if array.dtype != target.array.dtype and not can_cast(of(array), target.dtype):
        raise RuntimeError(
            f"result type {of(array).legacy} can't be cast to the desired output type {target.dtype.legacy}"
        )


def _rehistory(target: Tensor, change: Node) -> None:
    """Makes `target`, or the base it is a view of, the result of the change."""
    base = target._base
    if base is None:
        target._requires_grad = False
        target.rehistory(change)
        return
    seen = window(target.array, base.array)

    whole = cast("tuple[Meta, ...]", metas_of((base,)))
    edges, inputs = (base.edge(), *change.edges[1:]), (*whole, *change.inputs[1:])
    base._requires_grad = False
    base.rehistory(Node("CopySlices", functools.partial(copy_slices, change, seen), edges, inputs, whole, change.saved))
    assert target.node is not None  # made again right now: torch, too, looks here


def in_place(function: Callable[..., Any], change: Any = None) -> Callable[..., Tensor]:
    """The method `add_` for the function `add`: changes its tensor to what the function gives, and returns it.

    `change` is the op behind the function, if its arguments are the op's; else the function runs and is copied from.
    """
    change = change or getattr(function, "op", None)
    name = function.__name__ + "_"

    def by_op(self: Tensor, *others: Any, **static: Any) -> Tensor:
        return inplace(change, self, *others, **static)

    def by_copy(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        edge = _checked_edges(self, (self,))[0]
        with record.silence():
            value = function(self if edge is None else _apart(self), *args, **kwargs)
        _check_fit(self, value.array)
        _change(_copy, self, (self, value), {})
        if value.node is not None:
            value.node.now_in(value.counter, self.counter)
        if record.listeners:
            record.tell(name, (self, *args), kwargs, (self,))
        return self

    method = by_copy if change is None else by_op
    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"`{function.__name__}`, in place."
    return method


def _apart(target: Tensor) -> Tensor:
    """The tensor as it is now, at the same place in the graph, in a memory of its own."""
    made = wrap(target.array.copy())
    made.rehistory(target.node, target._slot)
    return made
