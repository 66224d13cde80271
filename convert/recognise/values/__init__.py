"""What is known of the values in the methods of a class, without running them: tensors, and how many axes they have."""

from __future__ import annotations

import ast

from ..model import Method, Model
from ..value import TENSOR, Array, Value, joined
from .flow import Flow
from .operations import RESHAPING, Operation, operated

_TRANSPARENT = ("torch.no_grad", "torch.jit.", "torch.cuda.amp.")


def value_of(model: Model, node: ast.AST) -> Value | None:
    """What is known of an expression in a method of the class, where it stands."""
    method = model.method_of(node)
    if method is None:
        return None
    return _followed(model, method).reader.found.get(node)


def is_tensor(model: Model, node: ast.AST) -> bool:
    """Whether an expression is a tensor for certain."""
    value = value_of(model, node)
    return isinstance(value, Array) and value.tensor


def axes_of(model: Model, node: ast.AST) -> Array:
    """How many axes an expression has, as far as that is known."""
    if any(word in model.source.text for word in RESHAPING):
        return Array()
    value = value_of(model, node)
    return value if isinstance(value, Array) else Array()


def takes(model: Model, call: ast.Call) -> Array | None:
    """What is certain of the first argument of a call, once that has run; None where nothing is."""
    method = model.method_of(call)
    return None if method is None else _followed(model, method).reader.took.get(call)


def is_method_of_tensors(name: str) -> bool:
    """Whether a tensor has a method of that name that gives a tensor."""
    return isinstance(operated(Operation(name, TENSOR, (), {}, lambda _: None)), Array)


def _followed(model: Model, method: Method) -> Flow:
    known = model.followed.get(method.node)
    if not isinstance(known, Flow):
        model.followed[method.node] = None  # while it is being followed, nothing is known of it
        known = Flow(model, method.node, lambda name: _returned(model, name))
        model.followed[method.node] = known
    return known


def _returned(model: Model, name: str) -> Value | None:
    """What a method of the class gives back, whatever it is called with; nothing where another may stand in for it."""
    method = model.methods.get(name)
    taken = model.attribute(name)
    if method is None or method.self_name is None or taken.definitions or taken.odd or taken.named:
        return None
    if any(name in one.methods for one in model.derived) or (
        method.node in model.followed and model.followed[method.node] is None
    ):
        return None
    paths = [model.source.path_of(one.func if isinstance(one, ast.Call) else one) for one in method.node.decorator_list]
    if not isinstance(method.node, ast.FunctionDef) or not all(
        path is not None and path.startswith(_TRANSPARENT) for path in paths
    ):
        return None
    if any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in model.source.walk(method.node)):
        return None
    flow = _followed(model, method)
    return None if flow.falls_through else joined(flow.returned)
