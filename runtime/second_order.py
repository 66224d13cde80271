"""Gradients that can be differentiated again: the rules of a node, run on tensors instead of bare arrays.

A rule closes over the inputs and outputs of its call. Its code is run once more with a `Recorded` in the place of each
of them, so that what it computes is itself in the graph. A rule that closes over something in between (a normalised
input, say) cannot be run like that, as nobody knows how that came about: it is refused by name. Functions that work on
memory have a twin for these, `function.on_tensors` (see `on_tensors`).
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

from .array import Array
from .function import FunctionNode
from .graph import Node
from .incoming import edges_of, metas_of
from .pull import SECOND_TIME, check_versions, copy_slices, gradients
from .recorded import NotRecorded, Recorded, bare
from .rerun import GONE, Rerun, placed
from .summed import inner_products, summed
from .tensor import Tensor, wrap
from .views import Window

F = TypeVar("F", bound=Callable[..., Any])


def on_tensors(twin: Callable[..., Any]) -> Callable[[F], F]:
    """`@on_tensors(lambda x, where: ...)`: what to run instead where an argument is a Recorded."""

    def marked(function: F) -> F:
        vars(function)["on_tensors"] = twin
        return function

    return marked


on_tensors(lambda x, axes=None, keepdims=False: x.sum(axes, keepdims=keepdims))(summed)
on_tensors(lambda x, y: (x * y).sum(-1))(inner_products)


def twin_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """What stands in for a function that was marked so."""
    found: Callable[..., Any] = vars(function)["on_tensors"]
    return found


def gradients_as_tensors(node: Node, slots: list[Tensor | None], grad: Callable[..., Any]) -> list[Tensor | None]:
    """The gradients of a node's inputs, as tensors with a history; RuntimeError for rules that cannot be followed.

    `grad` is autograd.grad, which imports this.
    """
    if node.released:
        raise RuntimeError(SECOND_TIME)
    check_versions(node)
    filled: Any = tuple(
        wrap(np.zeros(meta.shape, meta.dtype)) if value is None and node.materialize else value
        for value, meta in zip(slots, node.outputs, strict=True)
    )
    try:
        raw = _raw(node, filled, grad)
    except (NotRecorded, TypeError) as problem:
        raise RuntimeError(
            f"create_graph=True is not supported for {node.name_} by this runtime: its rule looks at {problem}, so "
            "that the gradient of the gradient is not known"
        ) from problem
    return [
        None if edge is None or value is None or meta is None else _fitted(_tensor(value), meta)
        for edge, value, meta in zip(node.edges, raw, node.inputs, strict=True)
    ]


def _raw(node: Node, grads: tuple[Tensor, ...], grad: Callable[..., Any]) -> tuple[Any, ...]:
    """One gradient per input, None for none."""
    if isinstance(node, FunctionNode):
        results = node.backward(grads)
        return tuple(Recorded(one) if isinstance(one, Tensor) else one for one in results)
    if isinstance(node.pullback, functools.partial) and node.pullback.func is copy_slices:
        change, seen = node.pullback.args
        return _slices(change, seen, grads[0], grad)
    if isinstance(node.pullback, types.MethodType) and isinstance(node.pullback.__self__, Window):
        return (_whole(node.pullback.__self__, grads[0]),)
    if node.call is None:
        raise NotRecorded("memory")
    if node.call.op.composite is not None:
        return _composed(node, grads, grad)
    if node.call.op.linear:
        return _linear(node, grads)
    g: Any = tuple(map(Recorded, grads)) if len(grads) > 1 else Recorded(grads[0])
    rules = Rerun(node).rules()
    if isinstance(rules, tuple):
        return tuple(None if rule is None else rule(g) for rule in rules)
    raw = rules(g)
    return raw if isinstance(raw, tuple) else (raw,)


def _linear(node: Node, grads: tuple[Tensor, ...]) -> tuple[Any, ...]:
    """The pullback of a linear op as an op of its own, whose pullback is the op."""
    rerun = Rerun(node)
    wanted = [index for index, edge in enumerate(node.edges) if edge is not None]
    nothing = {index: np.zeros(meta.shape, meta.dtype) for index in wanted if (meta := node.inputs[index]) is not None}
    inputs = [nothing.get(index, one) for index, one in enumerate(rerun.inputs)]
    if any(one is GONE for one in inputs):
        raise NotRecorded("an input that is gone")

    def forwards(*xs: Array) -> Any:
        given = list(inputs)
        for index, x in zip(wanted, xs, strict=True):
            given[index] = x
        return rerun.op.body(*given, **rerun.static)[0]

    def body(*gs: Array) -> Any:
        found = gradients(node, list(gs))
        several = len(wanted) > 1
        start = forwards(*nothing.values())

        def back(us: Any) -> Any:
            ends = forwards(*(us if several else (us,)))
            return tuple(map(np.subtract, ends, start)) if isinstance(ends, tuple) else ends - start

        values = tuple(found[index] for index in wanted)
        return (values if several else values[0]), back

    made = _op(body, rerun.op)(*grads)
    values = iter(made if isinstance(made, tuple) else (made,))
    return tuple(None if edge is None else Recorded(next(values)) for edge in node.edges)


def _op(body: Callable[..., Any], like: Any) -> Callable[..., Any]:
    """The body as a linear op. Its class is taken from another op, because autograd.py imports this module."""
    made: Callable[..., Any] = type(like)(body, False, False, (), "", "", linear=True, adjoint=True)
    return made


def _composed(node: Node, grads: tuple[Tensor, ...], grad: Callable[..., Any]) -> tuple[Any, ...]:
    """The op computed again by its composite, and the gradients of that.

    Every input is seen through an alias of its own: if one input was made from another, what goes back to that through
    the first is the business of the first one's node.
    """
    rerun = Rerun(node)
    if any(one is GONE for one in rerun.inputs):
        raise NotRecorded("an input that is gone")
    alias = _op(lambda x: (x.copy(), lambda g: g), rerun.op)
    inputs = [
        one if not isinstance(one, np.ndarray) else wrap(one) if edge is None else alias(placed(one, edge))
        for one, edge in zip(rerun.inputs, node.edges, strict=True)
    ]
    outputs = rerun.op.composite(*inputs, **rerun.static)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    pairs = [(one, g) for one, g in zip(outputs, grads, strict=False) if isinstance(one, Tensor) and one.requires_grad]
    wanted = [one for one, edge in zip(inputs, node.edges, strict=True) if edge is not None]
    if not pairs:
        return (None,) * len(inputs)
    roots, seeds = zip(*pairs, strict=True)
    found = iter(grad(roots, wanted, seeds, create_graph=True, allow_unused=True))
    values = [None if edge is None else next(found) for edge in node.edges]
    return tuple(None if one is None else Recorded(one) for one in values)


def _slices(change: Node, seen: Window, g: Tensor, grad: Callable[..., Any]) -> tuple[Any, ...]:
    """`copy_slices` on tensors."""
    if change.call is None:
        raise NotRecorded("memory")

    def cut(whole: Array) -> Any:
        return seen.cut(whole), seen.scatter

    def put(whole: Array, part: Array) -> Any:
        def of_whole(u: Array) -> Array:
            return seen.put(u, np.zeros((), u.dtype))

        return seen.put(whole, part), (of_whole, seen.cut)

    mine, *rest = gradients_as_tensors(change, [_op(cut, change.call.op)(g)], grad)
    part = wrap(np.zeros(seen.view[0], g.array.dtype)) if mine is None else mine
    values = [_op(put, change.call.op)(g, part), *rest]
    return tuple(None if one is None else Recorded(one) for one in values)


def _whole(seen: Window, g: Tensor) -> Recorded:
    """The gradient of a base, given that of a view that was made again after an in-place change."""
    made = wrap(seen.scatter(g.array))
    if g.requires_grad:
        inputs, outputs = cast("Any", metas_of((g,))), cast("Any", metas_of((made,)))
        made.rehistory(Node("AsStridedScatterBackward0", (seen.cut,), edges_of((g,)), inputs, outputs))
    return Recorded(made)


def _tensor(value: Any) -> Tensor:
    return value.tensor if isinstance(value, Recorded) else wrap(np.asarray(bare(value)))


def _fitted(value: Tensor, meta: Any) -> Tensor:
    """Broadcasting undone, in the dtype of the input."""
    extra = value.ndim - len(meta.shape)
    if extra > 0:
        value = value.sum(tuple(range(extra)))
    stretched = tuple(i for i, n in enumerate(meta.shape) if n == 1 and value.shape[i] != 1)
    if stretched:
        value = value.sum(stretched, True)
    if tuple(value.shape) != meta.shape:
        value = value.expand(*meta.shape)
    if value.array.dtype != meta.dtype:
        value = value.to(wrap(np.empty(0, meta.dtype)).dtype)
    return value
