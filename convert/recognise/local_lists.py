"""Local names that hold lists, dictionaries or Sequentials, and what is put into them under that name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from ..ops.container import CONTAINERS
from ..source import Source
from ..source.scopes import Scope

ORDERED = "collections.OrderedDict"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_MAKERS = {"list", "dict"}


def local_scope(source: Source, name: ast.Name) -> Scope | None:
    """The function or comprehension whose local a name is; None for a global, a nonlocal, a class's own."""
    scope = source.scopes.scope_binding(name)
    if scope is None or not isinstance(scope.node, _FUNCTIONS) or name.id in scope.outward:
        return None
    inside = source.walk(scope.node)
    if any(isinstance(node, (ast.Global, ast.Nonlocal)) and name.id in node.names for node in inside):
        return None
    return scope


def stored_values(source: Source, name: ast.Name) -> list[ast.expr] | None:
    """Every value that a local is given by `=`; None where it also gets some otherwise, `+=` apart."""
    scope = local_scope(source, name)
    if scope is None or name.id in _arguments(scope.node):
        return None
    found: list[ast.expr] = []
    for node in source.stores.get(name.id, ()):
        if source.scopes.scope_binding(node) is not scope:
            continue
        match source.parent(node):
            case ast.Assign(targets=targets, value=value) if node in targets:
                found.append(value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) if target is node:
                found.append(value)
            case ast.AugAssign(op=ast.Add()):
                pass
            case _:
                return None
    return found


def fresh_list(source: Source, name: ast.Name, made: Callable[[ast.expr], bool]) -> list[ast.expr] | None:
    """Every value of a local of which each is a list, dictionary or Sequential that was made for it, else None.

    `made` knows further expressions that make one.
    """
    values = stored_values(source, name)
    return values if values and all(_is_fresh(source, value) or made(value) for value in values) else None


def only_given_back(source: Source, name: ast.Name, function: ast.AST) -> bool:
    """Whether a local of a function is a new list that nothing but its caller gets hold of."""
    scope = local_scope(source, name)
    if scope is None or scope.node is not function or not fresh_list(source, name, lambda _: False):
        return False
    return all(_fills(source, read) for read in reads_in(source, name, scope))


def _fills(source: Source, read: ast.Name) -> bool:
    match source.parent(read):
        case ast.Return() | ast.Starred() | ast.Subscript():
            return True
        case ast.Attribute(attr="append" | "extend" | "insert") as around:
            call = source.parent(around)
            return isinstance(call, ast.Call) and call.func is around
        case ast.Call(func=ast.Name(id="len")):
            return True
        case _:
            return False


def reads_in(source: Source, name: ast.Name, scope: Scope) -> Iterator[ast.Name]:
    """The reads of a local."""
    for read in source.reads.get(name.id, ()):
        if source.scopes.scope_binding(read) is scope:
            yield read


def _is_fresh(source: Source, value: ast.expr) -> bool:
    match value:
        case ast.List() | ast.ListComp() | ast.Dict() | ast.DictComp() | ast.BinOp(op=ast.Add()):
            return True
        case ast.Subscript(slice=ast.Slice()):
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return _is_fresh(source, body) and _is_fresh(source, orelse)
        case ast.Call(func=ast.Name(id=name) as func) if name in _MAKERS and not source.scopes.is_bound(name, func):
            return True
        case ast.Call(func=func):
            return source.path_of(func) in {*CONTAINERS, ORDERED}
        case _:
            return False


def _arguments(node: ast.AST) -> set[str]:
    given = getattr(node, "args", None)
    return (
        {one.arg for one in ast.walk(given) if isinstance(one, ast.arg)} if isinstance(given, ast.arguments) else set()
    )
