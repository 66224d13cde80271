"""What the arguments of a call are to the graph: where gradients go, what those look like, which memory is whose."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from .array import owner
from .graph import Edge, Memory, Meta
from .tensor import Tensor


def edges_of(inputs: tuple[Any, ...]) -> tuple[Edge | None, ...]:
    """Where the gradients of these arguments go."""
    return tuple([x.edge() if isinstance(x, Tensor) else None for x in inputs])


def metas_of(inputs: tuple[Any, ...]) -> tuple[Meta | None, ...]:
    """What the gradients of these arguments must look like."""
    return tuple([Meta(x.array.shape, x.array.dtype) if isinstance(x, Tensor) else None for x in inputs])


def memories_of(inputs: tuple[Any, ...]) -> list[Memory]:
    """The memories of these arguments, with their versions and where they came from."""
    return [
        (owner(x.array), x.counter, x._slot, x._node.name_ if x._node else "a leaf")
        for x in inputs
        if isinstance(x, Tensor)
    ]


def weakly(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values, long arrays of floats by weak reference: who looks later finds those that something else kept."""
    return tuple([weakref.ref(one) if _is_long(one) else one for one in values])


def _is_long(value: Any) -> bool:
    return type(value) is np.ndarray and value.size > 1 and value.dtype.kind in "fc"
