"""Gradients that can be differentiated again: the rules of a node, run on tensors instead of bare arrays.

A rule closes over the inputs and outputs of its call. Its code is run once more with a `Recorded` in the place of each
of them, so that what it computes is itself in the graph. A rule that closes over something in between (a normalised
input, say) cannot be run like that, as nobody knows how that came about: it is refused by name. Functions that work on
memory have a twin for these, `function.on_tensors` (see `on_tensors`).
"""

from __future__ import annotations

import functools
import types
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from .array import Array, owner
from .graph import Edge, Node
from .pull import SECOND_TIME, check_versions, gradients
from .recorded import NotRecorded, Recorded, bare
from .tensor import Tensor, wrap

F = TypeVar("F", bound=Callable[..., Any])
_HERE = __name__.rpartition(".")[0]


def on_tensors(twin: Callable[..., Any]) -> Callable[[F], F]:
    """`@on_tensors(lambda x, where: ...)`: what to run instead where an argument is a Recorded."""

    def marked(function: F) -> F:
        vars(function)["on_tensors"] = twin
        return function

    return marked


def twin_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """What stands in for a function that was marked so."""
    found: Callable[..., Any] = vars(function)["on_tensors"]
    return found


class _Numpy:
    """numpy, except that what makes arrays of anything leaves a Recorded alone."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(np, name)
        if name not in ("asarray", "ascontiguousarray", "array"):
            return found
        return lambda value, *rest, **named: value if isinstance(value, Recorded) else found(value, *rest, **named)


_NUMPY = _Numpy()


class _Rerun:
    """Rebuilds functions, with tensors in place of the arrays that a node got and gave."""

    def __init__(self, node: Node) -> None:
        assert node.call is not None
        own = tuple(Edge(node, slot) for slot in range(len(node.outputs)))
        self.inputs = tuple(_alive(one) for one in node.call.inputs)
        outputs = tuple(_alive(one) for one in node.call.outputs)
        pairs = [*zip(self.inputs, node.edges, strict=True), *zip(outputs, own, strict=True)]
        self.known = [(array, edge) for array, edge in pairs if isinstance(array, np.ndarray)]
        self.op, self.static = node.call.op, node.call.static
        self.pullback = node.pullback

    def rules(self) -> Any:
        """The pullback for gradients that are Recorded: with what it closes over replaced, else from a second run."""
        try:
            return self.again(self.pullback)
        except NotRecorded:
            if not self.op.again or any(one is _GONE for one in self.inputs):
                raise
        tensors = tuple(self.array(one) if isinstance(one, np.ndarray) else one for one in self.inputs)
        rules = self.function(self.op.body)(*tensors, **self.static)[1]
        if isinstance(rules, tuple) and isinstance(self.pullback, tuple):
            rules = tuple(None if old is None else new for old, new in zip(self.pullback, rules, strict=True))
        return rules

    def again(self, value: Any) -> Any:
        """The same for functions, and for what they close over."""
        match value:
            case np.ndarray():
                return self.array(value)
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

    def array(self, array: Array) -> Any:
        """The tensor that the array is; masks and indices are constants."""
        if array.dtype.kind not in "fc":
            return array
        for one, edge in self.known:
            if one is array:
                return Recorded(_at(one, edge))
            if _same_numbers(one, array):
                return Recorded(_at(one, edge)).reshape(array.shape)
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


_GONE = object()


def _alive(value: Any) -> Any:
    """What a weak reference leads to."""
    if not isinstance(value, weakref.ref):
        return value
    found = value()
    return _GONE if found is None else found


def _same_numbers(one: Array, other: Array) -> bool:
    """Whether one is a reshaped view of the other."""
    if one.size != other.size or owner(one) is not owner(other):
        return False
    starts = {each.__array_interface__["data"][0] for each in (one, other)}
    return len(starts) == 1 and one.flags.c_contiguous and other.flags.c_contiguous


def _at(array: Array, edge: Edge | None) -> Tensor:
    """The tensor with these numbers at that place of the graph."""
    if edge is None:
        return wrap(array)
    if isinstance(edge.to, Tensor):
        return edge.to
    made = wrap(array)
    made.rehistory(edge.to, edge.slot)
    return made


def gradients_as_tensors(node: Node, slots: list[Tensor | None]) -> list[Tensor | None]:
    """The gradients of a node's inputs, as tensors with a history; RuntimeError for rules that cannot be followed."""
    if node.released:
        raise RuntimeError(SECOND_TIME)
    check_versions(node)
    filled = tuple(
        wrap(np.zeros(meta.shape, meta.dtype)) if value is None else value
        for value, meta in zip(slots, node.outputs, strict=True)
    )
    try:
        raw = _raw(node, filled)
    except (NotRecorded, TypeError) as problem:
        raise RuntimeError(
            f"create_graph=True is not supported for {node.name_} by this runtime: its rule looks at {problem}, so "
            "that the gradient of the gradient is not known"
        ) from problem
    return [
        None if edge is None or value is None or meta is None else _fitted(_tensor(value), meta)
        for edge, value, meta in zip(node.edges, raw, node.inputs, strict=True)
    ]


def _raw(node: Node, grads: tuple[Tensor, ...]) -> tuple[Any, ...]:
    """One gradient per input, None for none."""
    if node.call is None:
        raise NotRecorded("memory")
    if node.call.op.linear:
        return _linear(node, grads)
    g: Any = tuple(map(Recorded, grads)) if len(grads) > 1 else Recorded(grads[0])
    rules = _Rerun(node).rules()
    if isinstance(rules, tuple):
        return tuple(None if rule is None else rule(g) for rule in rules)
    raw = rules(g)
    return raw if isinstance(raw, tuple) else (raw,)


def _linear(node: Node, grads: tuple[Tensor, ...]) -> tuple[Any, ...]:
    """The pullback of a linear op as an op of its own, whose pullback is the op."""
    rerun = _Rerun(node)
    wanted = [index for index, edge in enumerate(node.edges) if edge is not None]
    nothing = {index: np.zeros(meta.shape, meta.dtype) for index in wanted if (meta := node.inputs[index]) is not None}
    inputs = [nothing.get(index, one) for index, one in enumerate(rerun.inputs)]
    if any(one is _GONE for one in inputs):
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

    # The class is taken from the op, because autograd.py imports this module.
    made = type(rerun.op)(body, False, False, (), "", "", linear=True)(*grads)
    values = iter(made if isinstance(made, tuple) else (made,))
    return tuple(None if edge is None else Recorded(next(values)) for edge in node.edges)


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
