"""In-place changes: one mechanism for `add_`, `relu_`, `copy_`, `x[i] = v` and random fills."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from . import record
from .array import Answer, Array, Pullback, overlaps_itself, owner
from .autograd import Op, edges_of, memories_of, metas_of, op
from .backward import gradients
from .dtypes import of
from .grad_mode import is_grad_enabled
from .graph import Edge, Meta, Node, backward_name, needed_only, saved_memories
from .promotion import can_cast
from .tensor import Tensor, wrap
from .views import window

_MULTI = (
    "is a view and is being modified inplace. This view is the output of a function that returns multiple views. Such "
    "functions do not allow the output views to be modified inplace. You should replace the inplace operation by an "
    "out-of-place one."
)
_NO_GRAD = (
    "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case is "
    "ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either "
    "both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want the inplace "
    "to be tracked)."
)


def inplace(change: Op[Tensor], target: Tensor, *others: Any, **static: Any) -> Tensor:
    """Computes `change(target, *others)` and writes it into the memory of `target`, which is returned.

    `inplace(add, x, y)` is `x.add_(y)`. RuntimeError as in torch: a leaf that requires grad, a view of one, an expanded
    tensor, a result that does not fit in shape or dtype.
    """
    inputs = (target, *others)
    edges = _checked_edges(target, inputs)
    tracked = any(edge is not None for edge in edges)
    arrays = list(change.arrays(inputs))
    if tracked and arrays[0] is target.array:
        arrays[0] = target.array.copy()  # torch, too, saves a clone of what it overwrites
    value, pullback = change.body(*arrays, **static)
    _write(target, value)
    if tracked and pullback is not None:
        known = [*memories_of(tuple(others)), (owner(np.asarray(value)), target.counter, f"output 0 of {change.name}")]
        _rehistory(target, change.name, needed_only(pullback, edges), edges, inputs, known)
    if record.listeners:
        record.tell(change.name + "_", inputs, static, (target,))
    return target


def overwrite(target: Tensor, values: Array, name: str = "copy", **static: Any) -> Tensor:
    """Replaces all elements, whatever they were: fills and random draws. The old history gets a zero gradient."""
    _write_over(target, values)
    if record.listeners:
        record.tell(name + "_", (target,), static, (target,))
    return target


@op
def _replaced(x: Array, y: Array) -> Answer:
    return np.broadcast_to(y.astype(x.dtype, copy=False), x.shape), (lambda g: np.zeros_like(g), lambda g: g)


def _write_over(target: Tensor, values: Array) -> None:
    quiet, record.listeners[:] = record.listeners[:], []
    try:
        inplace(_replaced, target, wrap(np.asarray(values)))
    finally:
        record.listeners[:] = quiet


def copy_(target: Tensor, source: Tensor, non_blocking: bool = False) -> Tensor:
    """`target.copy_(source)`: broadcasts, casts, and passes the gradient on to `source`."""
    return inplace(_copy, target, source)


@op
def _copy(x: Array, y: Array) -> Answer:
    return np.broadcast_to(y.astype(x.dtype, copy=False), x.shape), (lambda g: np.zeros_like(g), lambda g: g)


def _checked_edges(target: Tensor, inputs: tuple[Any, ...]) -> tuple[Edge | None, ...]:
    if overlaps_itself(target.array):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation."
        )
    if not is_grad_enabled():
        return (None,) * len(inputs)
    edges = edges_of(inputs)
    if target.is_leaf and target._requires_grad:
        raise RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.")
    base = target._base
    if base is not None and base.is_leaf and base.requires_grad:
        if target._view_kind == "no_grad":
            raise RuntimeError(_NO_GRAD)
        raise RuntimeError("a view of a leaf Variable that requires grad is being used in an in-place operation.")
    if base is not None and any(edge is not None for edge in edges):
        if target._view_kind == "multi":
            node = target.node
            raise RuntimeError(f"Output {target._slot} of {node.name_ if node else 'a view'} {_MULTI}")
        if target._view_kind == "no_grad":
            raise RuntimeError(_NO_GRAD)
    return edges if target.array.dtype.kind in "fc" else (None,) * len(inputs)


def _write(target: Tensor, value: Any) -> None:
    array = np.asarray(value)
    if array.shape != target.array.shape:
        raise RuntimeError(
            f"output with shape {list(target.array.shape)} doesn't match the broadcast shape {list(array.shape)}"
        )
    if array.dtype != target.array.dtype and not can_cast(of(array), target.dtype):
        raise RuntimeError(
            f"result type {of(array).legacy} can't be cast to the desired output type {target.dtype.legacy}"
        )
    target.array[...] = array
    target.counter.count += 1


def _rehistory(
    target: Tensor,
    name: str,
    pullback: Pullback,
    edges: tuple[Edge | None, ...],
    inputs: tuple[Any, ...],
    known: list[Any],
) -> None:
    """Makes `target`, or the base it is a view of, the result of the change."""
    outputs = cast("tuple[Meta, ...]", metas_of((target,)))
    change = Node(backward_name(name), pullback, edges, metas_of(inputs), outputs)
    change.saved = saved_memories(pullback, known)
    base = target._base
    if base is None:
        target._requires_grad = False
        target.rehistory(change)
        return
    seen = window(target.array, base.array)

    def copy_slices(g: Array, pullback: Pullback = pullback) -> tuple[Array | None, ...]:
        mine, *rest = gradients(change, [seen.cut(g)])
        return seen.put(g, np.zeros((), g.dtype) if mine is None else mine), *rest

    whole = cast("tuple[Meta, ...]", metas_of((base,)))
    node = Node("CopySlices", copy_slices, (base.edge(), *edges[1:]), (*whole, *change.inputs[1:]), whole, change.saved)
    base._requires_grad = False
    base.rehistory(node)
