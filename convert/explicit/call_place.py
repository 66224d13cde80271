"""Where a helper's lines may stand in place of a call of it, and what may stand in place of its arguments."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ..source import Source
from .constant import Constant, Unknown, constant

_CHOOSES = (ast.IfExp, ast.BoolOp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr)
_STRINGS = {"JoinedStr", "TemplateStr"}


class Stays(Exception):
    """A call cannot be written out."""


def is_first(source: Source, call: ast.Call, statement: ast.stmt) -> bool:
    """Whether nothing with an effect runs in the statement before the call, which may stand before it then."""
    inside = set(map(id, source.walk(call)))
    for around in source.ancestors(call):
        if isinstance(around, _CHOOSES) or type(around).__name__ in _STRINGS:
            return False
        if around is statement:
            break
    value = getattr(statement, "value", None)
    before = [n for n in source.walk(value) if id(n) not in inside] if isinstance(value, ast.expr) else []
    here = (call.lineno, call.col_offset)
    early = [n for n in before if isinstance(n, ast.expr) and (n.end_lineno or 0, n.end_col_offset or 0) <= here]
    calm = (ast.Name, ast.Constant, ast.Attribute)
    if not all(isinstance(n, calm) for n in early):
        return False
    if isinstance(statement, ast.AugAssign) and not isinstance(statement.target, ast.Name):
        return False
    return not isinstance(statement, ast.Assign) or all(isinstance(t, (ast.Name, ast.Tuple)) for t in statement.targets)


def check_names(source: Source, function: ast.FunctionDef, call: ast.Call) -> None:
    """Names that are none of the helper's own mean the same where it is called."""
    scopes = source.scopes
    home = scopes.inside(function)
    for node in source.walk(function):
        if isinstance(node, ast.Name) and (meant := scopes.scope_binding(node)) is not home:
            inner = scopes.scope_of(node)
            if meant is inner and inner is not home:
                continue  # of a comprehension
            if scopes.scope_binding(node, call) is not meant:
                raise Stays


def is_steady(source: Source, node: ast.expr, around: ast.FunctionDef) -> bool:
    """Whether an argument may be read later and more than once: a constant, a weight by its key, a name that stays."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            scope = source.scopes.scope_binding(node)
            if scope is source.scopes.inside(around) and name not in scope.outward:
                return True  # the helper's lines bind other names
            stores = [one for one in source.stores.get(name, ()) if source.scopes.scope_binding(one) is scope]
            return len(stores) <= (scope is source.scopes.root)
        case ast.Subscript(value=ast.Name() as owner, slice=index):
            return known_value(index) is not None and is_steady(source, owner, around)
        case ast.Attribute(value=inner):
            return is_steady(source, inner, around)
        case ast.Tuple(elts=elements):
            return all(is_steady(source, one, around) for one in elements)
        case _:
            return known_value(node) is not None


def known_value(node: ast.expr, known: Mapping[str, Constant] | None = None) -> tuple[Constant] | None:
    """The value of an expression, in a tuple, where names have these values."""
    try:
        return (constant(node, known or {}),)
    except Unknown:
        return None


def taken_branch(source: Source, node: ast.If, known: Mapping[str, Constant]) -> list[ast.stmt] | None:
    """The branch that is taken for certain."""
    if not any(isinstance(inner, ast.Name) and inner.id in known for inner in source.walk(node.test)):
        return None
    truth = _truth(node.test, known)
    if truth is None or (isinstance(source.parent(node), ast.If) and node in source.parent(node).orelse):  # type: ignore[union-attr]
        return None
    return node.body if truth else node.orelse


def _truth(test: ast.expr, known: Mapping[str, Constant]) -> bool | None:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _truth(operand, known)
            return None if inner is None else not inner
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            one, other = known_value(left, known), known_value(right, known)
            if one is None or other is None:
                return None
            match op:
                case ast.Eq() | ast.Is():
                    return one[0] == other[0]
                case ast.NotEq() | ast.IsNot():
                    return one[0] != other[0]
            return None
        case _:
            value = known_value(test, known)
            return None if value is None else bool(value[0])


def is_named(node: ast.AST, name: str) -> bool:
    """Whether a node is this name."""
    return isinstance(node, ast.Name) and node.id == name


def is_stored(node: ast.AST, name: str) -> bool:
    """Whether a node binds this name."""
    return isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
