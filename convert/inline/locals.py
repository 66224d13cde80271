"""Layers that wait in a local until they are put on self: `conv = nn.Conv2d(3, 4, 3)`, then `self.conv = conv`."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from ..source import Source


@dataclass(frozen=True)
class Waiting:
    """The statement that makes the layer, what it makes, and the other places that read the local meanwhile."""

    statement: ast.Assign
    value: ast.expr
    reads: tuple[ast.Name, ...]


def waiting(source: Source, name: ast.Name, statement: ast.stmt) -> Waiting | None:
    """What a local holds that a statement puts on self; None where it may be given anything else before."""
    scope = source.scopes.scope_of(name)
    if scope is source.scopes.root or name.id in scope.outward or isinstance(scope.node, ast.ClassDef):
        return None
    arguments = ast.walk(scope.node.args) if isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef) else ()
    if any(isinstance(one, ast.arg) and one.arg == name.id for one in arguments):
        return None
    stores = [one for one in source.stores.get(name.id, ()) if source.scopes.scope_binding(one) is scope]
    made = source.parent(stores[0]) if len(stores) == 1 else None
    match made:
        case ast.Assign(targets=[ast.Name()], value=value) if _follows(source, made, statement):
            loads = (one for one in source.every(ast.Name) if one.id == name.id and isinstance(one.ctx, ast.Load))
            reads = [one for one in loads if one is not name and source.scopes.scope_binding(one) is scope]
            return Waiting(made, value, tuple(reads))
        case _:
            return None


def _follows(source: Source, first: ast.stmt, second: ast.stmt) -> bool:
    """Whether a statement stands before another in one block, so that either both run or none."""
    around = source.parent(first)
    blocks = [getattr(around, part, None) for part in ("body", "orelse", "finalbody")]
    block = next((one for one in blocks if isinstance(one, list) and first in one), [])
    return second in block and block.index(first) < block.index(second)
