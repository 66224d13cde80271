"""Layers whose class is an argument: `def __init__(self, dim, norm_layer=nn.LayerNorm)`, then `norm_layer(dim)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ..ops import by_module
from ..source import Source
from .calls import calls_in
from .model import Def, Model


@dataclass(frozen=True)
class ClassValued:
    """A call of an argument, the function whose argument it is, and the class of torch that stands in for it."""

    node: ast.Call
    name: str
    function: str
    default: str


def class_valued(model: Model) -> Iterator[ClassValued]:
    """Every call in a class that builds a layer of a class which the caller may choose."""
    source = model.source
    for node in calls_in(model):
        if not isinstance(node.func, ast.Name):
            continue
        scope = source.scopes.scope_binding(node.func)
        function = None if scope is None else scope.node
        if not isinstance(function, Def) or node.func.id not in _defaults(function):
            continue
        default = _class_of(source, function, node.func.id)
        if default is not None:
            yield ClassValued(node, node.func.id, function.name, default)


def default_class(source: Source, call: ast.Call) -> str | None:
    """The class of torch that stands in for what a call of an argument builds: `act_layer()`, as torch's path."""
    if not isinstance(call.func, ast.Name):
        return None
    scope = source.scopes.scope_binding(call.func)
    function = None if scope is None else scope.node
    if not isinstance(function, Def) or call.func.id not in _defaults(function):
        return None
    named = _named(source, function, call.func.id)
    return None if named is None else source.path_of(named)


def _class_of(source: Source, function: Def, name: str) -> str | None:
    """The layer that an argument's default names, or that it is given where it is None, as the file says it."""
    named = _named(source, function, name)
    return None if named is None else source.says(named)


def _named(source: Source, function: Def, name: str) -> ast.expr | None:
    values = [_defaults(function)[name]]
    for store in source.stores.get(name, ()):
        statement = source.parent(store)
        if isinstance(statement, ast.Assign) and function in source.ancestors(store):
            values += statement.value.values if isinstance(statement.value, ast.BoolOp) else [statement.value]
    for value in values:
        partial = isinstance(value, ast.Call) and source.path_of(value.func) == "functools.partial" and value.args
        named = value.args[0] if partial and isinstance(value, ast.Call) else value
        if source.path_of(named) in by_module:
            return named
    return None


def _defaults(function: Def) -> dict[str, ast.expr]:
    """Argument → default."""
    takes = function.args
    names = [argument.arg for argument in (*takes.posonlyargs, *takes.args)]
    found = dict(zip(reversed(names), reversed(takes.defaults), strict=False))
    pairs = zip(takes.kwonlyargs, takes.kw_defaults, strict=True)
    return found | {argument.arg: node for argument, node in pairs if node is not None}
