"""Functions of the file that a name means for certain, and whose body runs when they are called."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..source import Source


def called_function(source: Source, call: ast.Call) -> tuple[str, Sequence[ast.stmt]] | None:
    """`init(m)`, a call of a function of the file with this one argument: what it calls it, and its body."""
    match call:
        case ast.Call(func=ast.Name() as func, args=[_], keywords=[]):
            function = plain_function(source, func)
        case _:
            return None
    if function is None:
        return None
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    if not names or function.args.kwonlyargs or len(names) - len(function.args.defaults) > 1:
        return None
    return names[0], function.body


def mentions(node: ast.AST, name: str) -> bool:
    """Whether anything inside a node is this name."""
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(node))


def only_reads(source: Source, call: ast.Call, given: ast.Name) -> bool:
    """Whether a call hands an object to a function of the file that only reads or calls attributes of it by name.

    Whatever asks for an attribute of anything is known by the attribute's name, and whatever walks, as a walk.
    """
    function = plain_function(source, call.func) if isinstance(call.func, ast.Name) else None
    if function is None or call.keywords or any(isinstance(one, ast.Starred) for one in call.args):
        return False
    takes = [*function.args.posonlyargs, *function.args.args]
    if given not in call.args or call.args.index(given) >= len(takes):
        return False
    name = takes[call.args.index(given)].arg
    uses = [node for node in source.walk(function) if isinstance(node, ast.Name) and node.id == name]
    return all(isinstance(source.parent(use), ast.Attribute) for use in uses)


def plain_function(source: Source, name: ast.Name) -> ast.FunctionDef | None:
    """The function of the file that a name means for certain, undecorated."""
    scope = source.scopes.scope_binding(name)
    found = [node for node in source.definitions.get(name.id, []) if source.scopes.scope_of(node) is scope]
    if scope is None or len(found) != 1 or len(scope.bindings[name.id]) != 1:
        return None
    stores = (store for store in source.stores.get(name.id, ()) if source.scopes.scope_of(store) is scope)
    if any(stores) or any(star.line > found[0].lineno for star in source.scopes.stars):
        return None
    return found[0] if isinstance(found[0], ast.FunctionDef) and is_plain_function(source, found[0]) else None


def is_plain_function(source: Source, node: ast.FunctionDef) -> bool:
    """Whether calling a function runs its body: no generator, no decorator but those of torch's grad modes."""
    harmless = {"torch.no_grad", "torch.jit.ignore", "torch.inference_mode"}
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if source.path_of(called) not in harmless and not (
            isinstance(called, ast.Name) and called.id == "staticmethod"
        ):
            return False
    return not any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in source.walk(node))
