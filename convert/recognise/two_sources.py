"""Weights with two sources: `forward(self, x, params=None)`, where `w = self.w if params is None else params["w"]`."""

from __future__ import annotations

import ast

from .model import Method, Model


def other_source(model: Model, node: ast.expr) -> tuple[Method, str] | None:
    """The method and its optional argument from which a weight may come instead; None where there is none."""
    method = model.method_of(node)
    if method is None:
        return None
    spec = method.node.args
    arguments = [*spec.posonlyargs, *spec.args]
    optional = dict(zip(reversed(arguments), reversed(spec.defaults), strict=False))
    optional |= {one: value for one, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if value is not None}
    names = {one.arg for one, value in optional.items() if isinstance(value, ast.Constant) and value.value is None}
    found = _named(model, method, node, names)
    return None if found is None else (method, found)


def _named(model: Model, method: Method, node: ast.AST, names: set[str], depth: int = 0) -> str | None:
    """An argument that an expression is, or is an item of, on one of its ways: not one that it is computed with."""
    match node:
        case ast.Name(id=name) if name in names:
            bound = _bindings(model, method, name)
            return None if any(statement in method.node.body for statement in bound) else name
        case ast.Name(id=name) if depth < 5:
            parts: list[ast.expr] = [statement.value for statement in _bindings(model, method, name)]
        case ast.IfExp(body=body, orelse=orelse):
            parts = [body, orelse]
        case ast.Subscript(value=value):
            parts = [value]
        case ast.BoolOp(values=values) | ast.Tuple(elts=values):
            parts = values
        case _:
            return None
    found = (_named(model, method, part, names, depth + 1) for part in parts)
    return next((name for name in found if name is not None), None)


def _bindings(model: Model, method: Method, name: str) -> list[ast.Assign]:
    stores = [node for node in ast.walk(method.node) if isinstance(node, ast.Name) and node.id == name]
    statements = [model.source.statement(node) for node in stores if not isinstance(node.ctx, ast.Load)]
    return [statement for statement in statements if isinstance(statement, ast.Assign)]
