"""What a name was bound to, where that is certain: the file binds it once, before it is read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..source import Source
from ..source.scopes import OTHER, Scope

PARTIAL = "functools.partial"

Def = ast.FunctionDef | ast.AsyncFunctionDef


def definition_of(source: Source, name: ast.Name, at: ast.AST) -> ast.FunctionDef | ast.Assign | None:
    """The function or the assignment behind a name as it is read at a place; None where it may be anything else."""
    scope = source.scopes.scope_binding(name, at)
    if scope is None or scope.bindings[name.id] != {OTHER} or isinstance(scope.node, ast.ClassDef):
        return None
    found = list(_binders(source, name.id, scope))
    if len(found) != 1 or source.parent(found[0]) is not scope.node:
        return None
    (one,) = found
    late = scope is not source.scopes.root and one.lineno >= at.lineno  # type: ignore[attr-defined]
    match one:
        case ast.FunctionDef(decorator_list=[]) if not late:
            return one
        case ast.Assign(targets=[ast.Name()]) if not late:
            return one
        case _:
            return None


def alias_of(source: Source, name: ast.Name, at: ast.AST) -> ast.expr | None:
    """The name of torch that another name stands for: `BN = nn.BatchNorm2d`."""
    found = definition_of(source, name, at)
    return found.value if isinstance(found, ast.Assign) and source.path_of(found.value) is not None else None


def partial_of(source: Source, name: ast.Name, at: ast.AST) -> ast.Call | None:
    """The call of functools.partial that a name stands for."""
    found = definition_of(source, name, at)
    call = found.value if isinstance(found, ast.Assign) else None
    plain = isinstance(call, ast.Call) and source.path_of(call.func) == PARTIAL and bool(call.args)
    return call if plain and isinstance(call, ast.Call) else None


def factory_of(source: Source, func: ast.expr, at: ast.AST) -> tuple[ast.FunctionDef | None, bool]:
    """The function of the file that a call runs, and whether it is handed self as well."""
    if isinstance(func, ast.Name):
        found = definition_of(source, func, at)
        return (found, False) if isinstance(found, ast.FunctionDef) else (None, False)
    if isinstance(func, ast.Attribute) and source.path_of(func) is None:
        return _method_of_class(source, func) or (None, False)
    return None, False


def _method_of_class(source: Source, func: ast.Attribute) -> tuple[ast.FunctionDef, bool] | None:
    """The method that `self.build(…)` or `Net.build(…)` calls in the class around, and whether it is handed self."""
    inner: ast.AST = func
    for around in source.ancestors(func):
        if isinstance(around, ast.ClassDef):
            break
        inner = around
    else:
        return None
    methods = [node for node in around.body if isinstance(node, Def) and node.name == func.attr]
    bound = source.scopes.inside(around).bindings.get(func.attr, set())
    if len(methods) != 1 or bound != {OTHER} or not isinstance(inner, Def) or not isinstance(func.value, ast.Name):
        return None
    (method,) = methods
    if not isinstance(method, ast.FunctionDef) or _is_replaced(source, around, func):
        return None
    static = [decorator.id for decorator in method.decorator_list if isinstance(decorator, ast.Name)] == [
        "staticmethod"
    ]
    if method.decorator_list and not static:
        return None
    arguments = [*inner.args.posonlyargs, *inner.args.args]
    if arguments and func.value.id == arguments[0].arg and not inner.decorator_list:
        return method, not static
    alone = source.definitions.get(func.value.id) == [around]
    return (method, False) if alone and static else None


def _binders(source: Source, name: str, scope: Scope) -> Iterator[ast.AST]:
    """Everything that binds a name in a scope: statements, and other nodes that are no plain definition."""
    yield from (node for node in source.definitions.get(name, ()) if source.scopes.scope_of(node) is scope)
    for store in source.stores.get(name, ()):
        if source.scopes.scope_of(store) is scope or source.scopes.scope_binding(store) is scope:
            plain = source.scopes.scope_of(store) is scope
            if plain or source.scopes.scope_binding(store) is scope:
                parent = source.parent(store)
                yield parent if plain and isinstance(parent, ast.Assign) else store
    yield from (node for node in source.every(ast.Global) if name in node.names)
    yield from (node for node in source.every(ast.Nonlocal) if name in node.names)
    yield from (node for node in source.every(ast.ExceptHandler) if node.name == name)
    yield from (node for node in source.every(ast.MatchAs) if node.name == name)
    yield from (node for node in source.every(ast.MatchStar) if node.name == name)
    if isinstance(scope.node, Def | ast.Lambda):
        yield from (one for one in source.walk(scope.node.args) if isinstance(one, ast.arg) and one.arg == name)


def mapping_of(source: Source, name: ast.Name, at: ast.AST) -> ast.expr | None:
    """The dictionary behind a name that is only ever handed on as `**options`, and that holds what still holds."""
    found = definition_of(source, name, at)
    if not isinstance(found, ast.Assign):
        return None
    scope = source.scopes.scope_of(found)
    uses = source.reads.get(name.id, ())
    parents = [source.parent(one) for one in uses if source.scopes.scope_binding(one) is scope]
    if not all(isinstance(parent, ast.keyword) and parent.arg is None for parent in parents):
        return None
    match found.value:
        case ast.Dict(values=values):
            pass
        case ast.Call(keywords=pairs):
            values = [pair.value for pair in pairs]
        case _:
            return None
    return found.value if all(_stays(source, one, found) for one in values) else None


def _stays(source: Source, value: ast.expr, statement: ast.stmt) -> bool:
    """Whether an expression means after a statement what it meant in it."""
    if isinstance(value, ast.Constant) or source.path_of(value) is not None:
        return True
    if not isinstance(value, ast.Name):
        return False
    scope = source.scopes.scope_binding(value)
    stores = (one for one in source.stores.get(value.id, ()) if source.scopes.scope_binding(one) is scope)
    return all(one.lineno < statement.lineno for one in stores)


def _is_replaced(source: Source, owner: ast.ClassDef, func: ast.Attribute) -> bool:
    """Whether another class of the file may define the method anew, or anybody sets it."""
    stores = (node for node in source.every(ast.Attribute) if node.attr == func.attr)
    if any(not isinstance(node.ctx, ast.Load) for node in stores):
        return True
    others = [node for node in source.every(ast.ClassDef) if node is not owner]
    names = {
        base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for node in others for base in node.bases
    }
    return owner.name in names
