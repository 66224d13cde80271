"""Running statistics that nobody keeps: `F.batch_norm(x, torch.zeros(c), torch.ones(c), w, b, training=True)`.

With training=True the batch's own statistics are used, and what the function writes into the dummies is thrown away.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from .calls import FunctionCall
from .model import Model

_MAKERS = {f"torch.{name}" for name in ("zeros", "ones", "empty", "zeros_like", "ones_like", "empty_like")}
_MOVES = {"to", "cuda", "cpu", "type_as", "float", "double"}
_STATISTICS = ("running_mean", "running_var")


def without_dummies(model: Model, call: FunctionCall) -> tuple[FunctionCall, list[ast.stmt]]:
    """The call as it is without dummy statistics, and the statements that make nothing but these."""
    given = [call.args.get(name) for name in _STATISTICS]
    mode = call.args.get(call.pairs[0].mode or "")
    if None in given or not (isinstance(mode, ast.Constant) and mode.value is True):
        return call, []
    statements: list[ast.stmt] = []
    for node in given:
        assert node is not None
        statement = _making(model, node)
        if statement is None and not _is_made(model, node):
            return call, []
        statements += [statement] if statement is not None else []
    gone = {*_STATISTICS, "momentum"}
    return replace(call, args={name: node for name, node in call.args.items() if name not in gone}), statements


def _is_made(model: Model, node: ast.expr) -> bool:
    match node:
        case ast.Call(func=func) if model.source.path_of(func) in _MAKERS:
            return True
        case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in _MOVES:
            return model.source.path_of(node.func) is None and _is_made(model, inner)
        case _:
            return False


def _making(model: Model, node: ast.expr) -> ast.stmt | None:
    """The statement that makes a local for this one use of it."""
    method = model.method_of(node)
    if not isinstance(node, ast.Name) or method is None:
        return None
    names = [one for one in ast.walk(method.node) if isinstance(one, ast.Name) and one.id == node.id]
    stores = [one for one in names if not isinstance(one.ctx, ast.Load)]
    if len(stores) != 1 or len(names) != 2:
        return None
    statement = model.source.parent(stores[0])
    plain = isinstance(statement, ast.Assign) and statement.targets == stores and _is_made(model, statement.value)
    return statement if plain and isinstance(statement, ast.Assign) else None
