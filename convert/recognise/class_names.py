"""Tests of a class by its name: `classname = m.__class__.__name__`, then `classname.find("Conv") != -1`."""

from __future__ import annotations

import ast

from ..source import Source


def is_class_name(source: Source, name: str, node: ast.expr) -> bool:
    """Whether an expression is the name of the class of what `name` stands for."""
    match node:
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id=owner), attr="__class__"), attr="__name__"):
            return owner == name
        case ast.Attribute(
            value=ast.Call(func=ast.Name(id="type") as called, args=[ast.Name(id=owner)]), attr="__name__"
        ):
            return owner == name and not source.scopes.is_bound("type", called)
        case ast.Name(ctx=ast.Load()):
            return _is_local_class_name(source, name, node)
        case _:
            return False


def name_part(source: Source, name: str, test: ast.expr) -> str | None:
    """The part of a class name that a test looks for: `"Conv" in classname`; None where it is no such test."""
    match test:
        case ast.Compare(
            left=ast.Call(
                func=ast.Attribute(value=value, attr="find"), args=[ast.Constant(value=str(part))], keywords=[]
            ),
            ops=[ast.NotEq() | ast.Gt()],
            comparators=[ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))],
        ):
            return part if is_class_name(source, name, value) else None
        case ast.Compare(left=ast.Constant(value=str(part)), ops=[ast.In()], comparators=[value]):
            return part if is_class_name(source, name, value) else None
        case _:
            return None


def _is_local_class_name(source: Source, name: str, node: ast.Name) -> bool:
    """A local that is given the class's name, and nothing else in its function."""
    around = next((a for a in source.ancestors(node) if isinstance(a, (ast.FunctionDef, ast.AsyncFunctionDef))), None)
    if around is None:
        return False
    stores = [
        n for n in ast.walk(around) if isinstance(n, ast.Name) and n.id == node.id and not isinstance(n.ctx, ast.Load)
    ]
    assignment = source.parent(stores[0]) if len(stores) == 1 else None
    return (
        isinstance(assignment, ast.Assign)
        and not isinstance(assignment.value, ast.Name)
        and is_class_name(source, name, assignment.value)
    )
