"""Which expressions always have the same value, and which may be evaluated twice."""

from __future__ import annotations

import ast

from ..source import Source
from ..source.literal import ARITHMETIC, is_literal

PURE = frozenset({"int", "float", "bool", "len", "max", "min", "abs", "round", "tuple"})
"""Functions of Python that do nothing but give a value."""


def is_constant(source: Source, node: ast.AST) -> bool:
    """A literal, a torch name (`torch.float32`), or an expression of names the module binds once to a literal."""
    if is_literal(node) or source.path_of(node) is not None:
        return True
    match node:
        case ast.Name(id=name):
            return name in source.constants and _is_root(source, node)
        case ast.UnaryOp(operand=operand):
            return is_constant(source, operand)
        case ast.BinOp(left=left, op=op, right=right):
            return isinstance(op, ARITHMETIC) and is_constant(source, left) and is_constant(source, right)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return all(is_constant(source, element) for element in elements)
        case _:
            return False


def is_repeatable(source: Source, node: ast.AST) -> bool:
    """May be evaluated twice in a row with the same result and no effect: names, attributes, items, arithmetic."""
    match node:
        case ast.Name() | ast.Constant():
            return True
        case ast.Attribute(value=value):
            return is_repeatable(source, value)
        case ast.Subscript(value=value, slice=index):
            return is_repeatable(source, value) and is_repeatable(source, index)
        case ast.UnaryOp(operand=operand) | ast.Starred(value=operand):
            return is_repeatable(source, operand)
        case ast.BinOp(left=left, right=right):
            return is_repeatable(source, left) and is_repeatable(source, right)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return all(is_repeatable(source, element) for element in elements)
        case ast.BoolOp(values=values):
            return all(is_repeatable(source, value) for value in values)
        case ast.Compare(left=left, comparators=others):
            return all(is_repeatable(source, part) for part in [left, *others])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return all(is_repeatable(source, part) for part in (test, body, orelse))
        case ast.Call(func=ast.Name(id=name), args=args) if name in PURE:
            free = not source.scopes.is_bound(name, node)
            return free and not node.keywords and all(is_repeatable(source, part) for part in args)
        case ast.Call(func=func, args=args):
            pure = (source.path_of(func) or "").startswith("math.")
            return pure and not node.keywords and all(is_repeatable(source, part) for part in args)
        case _:
            return False


def _is_root(source: Source, node: ast.Name) -> bool:
    scope = source.scopes.scope_of(node)
    while scope.parent is not None:
        if node.id in scope.bindings:
            return False
        scope = scope.parent
    return node.id in scope.bindings
