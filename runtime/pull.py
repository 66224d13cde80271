"""Pulling gradients through one node: versions checked, zeros filled in, broadcasting and dtype undone."""

from __future__ import annotations

from typing import Any

import numpy as np

from .array import Array
from .dtypes import of
from .graph import Meta, Node
from .summed import summed
from .views import Window

SECOND_TIME = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been "
    "freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward."
)


def gradients(node: Node, slots: list[Array | None]) -> list[Array | None]:
    """The gradients of a node's inputs, given those of its outputs (missing ones are zeros)."""
    if node.released:
        raise RuntimeError(SECOND_TIME)
    check_versions(node)
    filled: Any = tuple(
        np.zeros(meta.shape, meta.dtype) if value is None and node.materialize else value
        for value, meta in zip(slots, node.outputs, strict=True)
    )
    g = filled[0] if len(filled) == 1 else filled
    if isinstance(node.pullback, tuple):
        raw = tuple(None if rule is None else rule(g) for rule in node.pullback)
    else:
        assert node.pullback is not None
        given = node.pullback(g)
        raw = given if isinstance(given, tuple) else (given,)
    if len(raw) != len(node.edges):
        raise RuntimeError(
            f"{node.name_} returned an incorrect number of gradients (expected {len(node.edges)}, got {len(raw)})"
        )
    return [
        None if edge is None or value is None or meta is None else fitted(np.asarray(value), meta, node, index)
        for index, (edge, value, meta) in enumerate(zip(node.edges, raw, node.inputs, strict=True))
    ]


def copy_slices(change: Node, seen: Window, g: Array) -> tuple[Array | None, ...]:
    """The gradients of a whole, a window of which was changed: of what it was, and of what came into the window."""
    mine, *rest = gradients(change, [seen.cut(g)])
    return seen.put(g, np.zeros((), g.dtype) if mine is None else mine), *rest


def check_versions(node: Node) -> None:
    """RuntimeError if a memory that the node needs was changed in place since."""
    for version, expected, (shape, dtype), slot, source in node.saved:
        if version.count != expected:
            kind = f"torch.{of(np.empty(0, dtype)).legacy}Tensor {list(shape)}"
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an inplace operation: "
                f"[{kind}], which is output {slot} of {source}, is at version {version.count}; expected version "
                f"{expected} instead. Hint: the backtrace further above shows the operation that failed to compute its "
                "gradient. The variable in question was changed in there or anywhere later. Good luck!"
            )


def fitted(value: Array, meta: Meta, node: Node, index: int) -> Array:
    """The gradient with broadcasting undone, in the dtype of the input."""
    if value.shape != meta.shape:
        value = unbroadcast(value, meta.shape)
        if value.shape != meta.shape:
            raise RuntimeError(
                f"Function {node.name_} returned an invalid gradient at index {index} - got {list(value.shape)} but "
                f"expected shape compatible with {list(meta.shape)}"
            )
    if value.dtype != meta.dtype:
        if value.dtype.kind == "c" and meta.dtype.kind != "c":
            value = value.real
        value = value.astype(meta.dtype)
    return value


def unbroadcast(value: Array, shape: tuple[int, ...]) -> Array:
    """Sums over the axes that broadcasting added or stretched."""
    extra = value.ndim - len(shape)
    if extra > 0:
        value = summed(value, tuple(range(extra)))
    stretched = tuple(
        axis for axis, size in enumerate(shape) if size == 1 and value.ndim > axis and value.shape[axis] != 1
    )
    return np.asarray(summed(value, stretched, keepdims=True) if stretched else value)
