"""Tensors of a class under local names: `w, b = self.w, self.b`, then `F.linear(x, w, b)`."""

from __future__ import annotations

import ast

from .block import block_of
from .model import Model


def tensor_attribute(model: Model, node: ast.AST) -> str | None:
    """`x` if the expression is `self.x`, or a local that is given that once, before, on every path to here."""
    if (name := model.self_attribute(node)) is not None:
        return name
    if not isinstance(node, ast.Name):
        return None
    value = _only_value(model, node)
    return None if value is None else model.self_attribute(value)


def _only_value(model: Model, node: ast.Name) -> ast.expr | None:
    """What the local was given."""
    method, scopes = model.method_of(node), model.source.scopes
    if method is None or scopes.scope_of(node) is not scopes.inside(method.node):
        return None
    if any(argument.arg == node.id for argument in ast.walk(method.node.args) if isinstance(argument, ast.arg)):
        return None
    names = [one for one in ast.walk(method.node) if isinstance(one, ast.Name) and one.id == node.id]
    stores = [one for one in names if not isinstance(one.ctx, ast.Load)]
    if len(stores) != 1:
        return None
    target = stores[0]
    statement = model.source.statement(target)
    if not isinstance(statement, ast.Assign) or not _precedes(model, statement, node):
        return None
    match statement:
        case ast.Assign(targets=[only], value=value) if only is target:
            return value
        case ast.Assign(targets=[ast.Tuple(elts=left)], value=ast.Tuple(elts=right)) if target in left:
            plain = len(left) == len(right) and not any(isinstance(one, ast.Starred) for one in (*left, *right))
            return right[left.index(target)] if plain else None
        case _:
            return None


def _precedes(model: Model, statement: ast.stmt, node: ast.AST) -> bool:
    """Whether a statement has run whenever the node is met."""
    block = block_of(model.source, statement)
    later = block[block.index(statement) + 1 :]
    return any(around in later for around in model.source.ancestors(node))
