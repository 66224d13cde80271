"""Nodes of the autograd graph: what an op remembers for backward."""

from __future__ import annotations

import functools
import itertools
from collections import OrderedDict
from collections.abc import Callable
from types import FunctionType
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from .array import Array, Pullback, Rule, owner

_counter = itertools.count()


class Version:
    """How often a memory was changed in place; shared by all tensors that see it."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


class Meta(NamedTuple):
    """Shape and dtype that a gradient must have."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]


class Saved(NamedTuple):
    """A memory that a pullback looks at, and the version it had then."""

    version: Version
    expected: int
    what: Meta
    slot: int
    source: str


class Edge(NamedTuple):
    """Where a gradient goes: output `slot` of a node, or a leaf tensor."""

    to: Any  # Node, or a leaf Tensor
    slot: int


Hook = Callable[[Any], Any]


class Hooks:
    """The hooks of a leaf: on its gradient before it is added to `.grad`, and on the leaf after that; by handle id."""

    __slots__ = ("after", "before")

    def __init__(self) -> None:
        self.before: OrderedDict[int, Hook] = OrderedDict()
        self.after: OrderedDict[int, Hook] = OrderedDict()


class Call(NamedTuple):
    """The op behind a node, and what it was called with, for gradients of gradients."""

    op: Any
    static: dict[str, Any]
    inputs: tuple[Any, ...]  # what the body got; arrays by weak reference, where the rules hold all they look at
    outputs: tuple[Any, ...]


class Node:
    """One recorded call: edges to where its inputs came from, and the pullback from its outputs to them."""

    __slots__ = (
        "__weakref__", "call", "edges", "hooks", "inputs", "materialize", "name_", "order", "outputs", "pullback",
        "released", "retained", "saved",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        pullback: Pullback,
        edges: tuple[Edge | None, ...],
        inputs: tuple[Meta | None, ...],
        outputs: tuple[Meta, ...],
        saved: tuple[Saved, ...] = (),
    ) -> None:
        self.name_, self.pullback, self.edges, self.inputs, self.outputs, self.saved = (
            name, pullback, edges, inputs, outputs, saved,
        )  # fmt: skip
        self.order = next(_counter)
        self.released = False
        self.call: Call | None = None
        self.materialize = True  # zeros for outputs without a gradient
        self.hooks: dict[int, OrderedDict[int, Hook]] | None = None  # by output slot
        self.retained: dict[int, Any] | None = None  # by output slot: the tensor whose .grad is wanted

    def name(self) -> str:
        """torch's kind of name: 'AddBackward0'."""
        return self.name_

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The nodes the gradients go to, as torch shows them."""
        return tuple((None, 0) if edge is None else (shown(edge), edge.slot) for edge in self.edges)

    def release(self) -> None:
        """Lets go of what was saved; a node that saved nothing may run again, as in torch."""
        if captured(self.pullback):
            self.pullback = self.call = None
            self.saved = ()
            self.released = True

    def now_in(self, old: Version, new: Version) -> None:
        """Says that what was saved of one memory now lies in another, as after `x.copy_(result)`."""
        self.saved = tuple(
            one._replace(version=new, expected=new.count) if one.version is old else one for one in self.saved
        )

    def __repr__(self) -> str:
        return f"<{self.name_} object at {id(self):#x}>"


class AccumulateGrad:
    """A leaf as the graph shows it."""

    def __init__(self, variable: Any) -> None:
        self.variable = variable
        self.next_functions: tuple[tuple[Any, int], ...] = ()

    def name(self) -> str:
        """The name torch gives it."""
        return "AccumulateGrad"

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self.variable):#x}>"


def shown(edge: Edge) -> Any:
    """The object at the end of an edge, with a leaf in its torch clothes."""
    return edge.to if isinstance(edge.to, Node) else AccumulateGrad(edge.to)


@functools.cache
def backward_name(op: str) -> str:
    """'leaky_relu' → 'LeakyReluBackward0'."""
    return "".join(part[:1].upper() + part[1:] for part in op.split("_")) + "Backward0"


_PLAIN = frozenset({int, float, bool, str, complex, type(None), slice, type, np.float32, np.float64})
"""Types of what a rule looks at most often besides arrays: nothing inside."""


def captured(pullback: Pullback) -> list[Array]:
    """The arrays that a pullback closes over, those of inner functions, tuples, lists and dicts included."""
    found: list[Array] = []
    pending: list[Any] = [pullback]
    while pending:
        value = pending.pop()
        kind = type(value)
        if kind is np.ndarray:
            found.append(value)
        elif kind in _PLAIN:
            continue
        elif kind is FunctionType:
            for cell in value.__closure__ or ():
                try:
                    pending.append(cell.cell_contents)
                except ValueError:  # a name that was never bound
                    continue
        elif isinstance(value, (tuple, list)):
            pending.extend(value)
        elif isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, Node):  # the change inside a CopySlices
            pending.append(value.pullback)
        elif kind is functools.partial:
            pending += [value.func, value.args, value.keywords]
    return found


Memory: TypeAlias = tuple[object, Version, int, str]
"""Who owns it, its version, and which output of what it is."""


def saved_memories(pullback: Pullback, known: list[Memory]) -> tuple[tuple[Saved, ...], bool]:
    """Which of the `known` memories (owner, version, where it came from) the pullback looks at, each once.

    And whether it looks at other floats too: results in between.
    """
    found: dict[int, Saved] = {}
    between = False
    for array in captured(pullback):
        memory = owner(array)
        for one, version, slot, source in known:
            if one is memory:
                found[id(version)] = Saved(version, version.count, Meta(array.shape, array.dtype), slot, source)
                break
        else:
            between = between or (array.dtype.kind in "fc" and (array.size > 1 or array.ndim > 0))
    return tuple(found.values()), between


def needed_only(pullback: Pullback, edges: tuple[Edge | None, ...]) -> Pullback:
    """The rules of those inputs that want a gradient; what only the others looked at is not kept."""
    if not isinstance(pullback, tuple):
        return pullback
    rules: list[Rule | None] = [rule if edge is not None else None for rule, edge in zip(pullback, edges, strict=True)]
    return tuple(rules)
