"""Running the rules of a node once more, on tensors: what they compute is then itself in the graph."""

from __future__ import annotations

import functools
import types
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from .array import Array, owner
from .graph import Edge, Node
from .holomorphic import of_complex
from .recorded import NotRecorded, Recorded
from .tensor import Tensor, wrap

_HERE = __name__.rpartition(".")[0]


class _Numpy:
    """numpy, except that what makes arrays of anything leaves a Recorded alone."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(np, name)
        if name not in ("asarray", "ascontiguousarray", "array"):
            return found
        return lambda value, *rest, **named: value if isinstance(value, Recorded) else found(value, *rest, **named)


_NUMPY = _Numpy()


class Rerun:
    """Rebuilds functions, with tensors in place of the arrays that a node got and gave."""

    def __init__(self, node: Node) -> None:
        assert node.call is not None
        own = tuple(Edge(node, slot) for slot in range(len(node.outputs)))
        self.inputs = tuple(_alive(one) for one in node.call.inputs)
        outputs = tuple(_alive(one) for one in node.call.outputs)
        pairs = [*zip(self.inputs, node.edges, strict=True), *zip(outputs, own, strict=True)]
        self.known = [(array, edge) for array, edge in pairs if isinstance(array, np.ndarray)]
        self.numbers = [(one, edge) for one, edge in pairs if isinstance(one, np.inexact)]
        ends = zip(self.inputs, node.edges, strict=True)
        self.scalar = any(edge is not None and isinstance(one, np.ndarray) and not one.ndim for one, edge in ends)
        self.op, self.static = node.call.op, node.call.static
        self.pullback = node.pullback

    def rules(self) -> Any:
        """The pullback for gradients that are Recorded: with what it closes over replaced, else from a second run."""
        try:
            return self.again(self.pullback)
        except NotRecorded:
            if not self.op.again or any(one is GONE for one in self.inputs):
                raise
        tensors = tuple(self.array(one) if isinstance(one, np.ndarray) else one for one in self.inputs)
        rules = self.function(self.op.body)(*tensors, **self.static)[1]
        if not self.op.adjoint and any(isinstance(x, np.ndarray) and x.dtype.kind == "c" for x in self.inputs):
            rules = of_complex(rules)
        if isinstance(rules, tuple) and isinstance(self.pullback, tuple):
            rules = tuple(None if old is None else new for old, new in zip(self.pullback, rules, strict=True))
        return rules

    def again(self, value: Any) -> Any:
        """The same for functions, and for what they close over."""
        match value:
            case np.ndarray():
                return self.array(value)
            case np.inexact():
                return self.number(value)
            case tuple() | list():
                return type(value)(map(self.again, value)) if not hasattr(value, "_fields") else value
            case functools.partial():
                return functools.partial(
                    self.again(value.func), *map(self.again, value.args), **self.again(value.keywords)
                )
            case dict():
                return {key: self.again(one) for key, one in value.items()}
            case types.FunctionType():
                return self.function(value)
        return value

    def number(self, number: Any) -> Any:
        """The tensor that a number is; a constant, if there is nothing that it can have been made from."""
        for one, edge in self.numbers:
            if one is number:
                return Recorded(placed(np.asarray(one), edge))
        if self.scalar:
            raise NotRecorded("a number in between")
        return number

    def array(self, array: Array) -> Any:
        """The tensor that the array is; masks and indices are constants."""
        if array.dtype.kind not in "fc":
            return array
        for one, edge in self.known:
            if one is array:
                return Recorded(placed(one, edge))
            if _same_numbers(one, array):
                return Recorded(placed(one, edge)).reshape(array.shape)
        raise NotRecorded("a result in between")

    def function(self, function: types.FunctionType) -> Any:
        """The code with its world replaced, as far as it is the runtime's."""
        if not function.__module__.startswith(_HERE):
            return function
        if (twin := getattr(function, "on_tensors", None)) is not None:
            return _either(function, twin)
        space = dict(function.__globals__)
        for name in _names(function.__code__):
            if space.get(name) is np:
                space[name] = _NUMPY
            elif isinstance(space.get(name), types.FunctionType) and space[name] is not function:
                space[name] = self.function(space[name])
        cells = tuple(types.CellType(self.again(_content(cell))) for cell in function.__closure__ or ())
        made = types.FunctionType(function.__code__, space, function.__name__, function.__defaults__, cells)
        made.__kwdefaults__ = function.__kwdefaults__
        return made


def _names(code: types.CodeType) -> set[str]:
    inner = (one for one in code.co_consts if isinstance(one, types.CodeType))
    return set(code.co_names).union(*map(_names, inner))


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a name that was never bound
        return None


def _either(function: Callable[..., Any], twin: Callable[..., Any]) -> Callable[..., Any]:
    """The twin if an argument is Recorded."""

    def chosen(*args: Any, **kwargs: Any) -> Any:
        return (twin if any(isinstance(one, Recorded) for one in args) else function)(*args, **kwargs)

    return chosen


GONE = object()


def _alive(value: Any) -> Any:
    """What a weak reference leads to."""
    if not isinstance(value, weakref.ref):
        return value
    found = value()
    return GONE if found is None else found


def _same_numbers(one: Array, other: Array) -> bool:
    """Whether one is a reshaped view of the other."""
    if one.size != other.size or owner(one) is not owner(other):
        return False
    starts = {each.__array_interface__["data"][0] for each in (one, other)}
    return len(starts) == 1 and one.flags.c_contiguous and other.flags.c_contiguous


def placed(array: Array, edge: Edge | None) -> Tensor:
    """The tensor with these numbers at that place of the graph."""
    if edge is None:
        return wrap(array)
    if isinstance(edge.to, Tensor):
        return edge.to
    made = wrap(array)
    made.rehistory(edge.to, edge.slot)
    return made
