"""Where a name that has been bound is read, if it is certain there which binding it means."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..source import Source
from ..source.scopes import OTHER, Scope

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def reads_of(source: Source, target: ast.Name) -> list[ast.Name] | None:
    """Every read of a local that means what `target` gives it; None where some read may mean this or another."""
    scope = source.scopes.scope_binding(target)
    local = scope is not None and isinstance(scope.node, (*_FUNCTIONS, *_COMPREHENSIONS))
    if scope is None or not local or _is_bound_otherwise(scope, target.id):
        return None
    mentions = [
        node
        for node in ast.walk(scope.node)
        if isinstance(node, ast.Name) and node.id == target.id and source.scopes.scope_binding(node) is scope
    ]
    stores = [node for node in mentions if not isinstance(node.ctx, ast.Load)]
    reads = [node for node in mentions if isinstance(node.ctx, ast.Load)]
    if len(stores) == 1:
        return reads
    homes = [_home(source, read, stores, scope) for read in reads]
    return None if None in homes else [read for read, home in zip(reads, homes, strict=True) if home is target]


def _home(source: Source, read: ast.Name, stores: Sequence[ast.Name], scope: Scope) -> ast.Name | None:
    """The loop variable that a read certainly means: of the innermost loop around it that binds the name."""
    inner: ast.AST = read
    for around in source.ancestors(read):
        if around is scope.node or isinstance(around, (*_FUNCTIONS, ast.GeneratorExp)):
            return None  # a function inside may run later
        if isinstance(around, ast.For) and any(inner is one for one in around.body):
            here = [one for one in stores if _is_in(source, one, around)]
            targets = [one for one in here if _is_in(source, one, around.target)]
            if here:
                return targets[0] if len(here) == 1 and targets else None
        inner = around
    return None


def _is_in(source: Source, node: ast.AST, around: ast.AST) -> bool:
    return node is around or any(one is around for one in source.ancestors(node))


def _is_bound_otherwise(scope: Scope, name: str) -> bool:
    """Whether the name is an argument, an import, a function or the like too."""
    if scope.bindings.get(name) != {OTHER}:
        return True
    for node in ast.walk(scope.node):
        if isinstance(node, ast.arg) and node.arg == name:
            return True
        if getattr(node, "name", None) == name or getattr(node, "rest", None) == name:
            return True
    return False
