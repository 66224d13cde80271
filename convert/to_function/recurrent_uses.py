"""How the attribute of a recurrent layer is used: called, asked for tensors and sizes, told to flatten its memory."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ..calls import BindError, Signature, bind
from ..plan.plan import Kept, Plan
from ..rewrite import shares_line
from .recurrent_weights import Built

_FORWARD = Signature.parse("input, hx=None")


def recurrent_uses(
    plan: Plan,
    name: str,
    built: Built,
    attributes: Mapping[str, str] | None,
    method: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> bool:
    """Follow all uses; whether a call passes a state. Calls call `method`, or the one of the layer's name.

    `attributes`: key of a tensor → its attribute, None where a ParameterDict holds them; `settings`: argument → the
    attribute that keeps it. Raises Kept at a use of another kind.
    """
    source, edits, takes_state = plan.model.source, plan.edits, False
    for use in plan.model.attribute(name).uses:
        parent = source.parent(use)
        match parent:
            case ast.Call(func=func) if func is use:
                takes_state = _passes_state(parent, name) or takes_state
                if method is not None:
                    edits.replace(use, f"{source.says(use.value)}.{method}")
            case ast.Attribute(attr="flatten_parameters") if (statement := _alone(plan, parent)) is not None:
                edits.replace_statement(statement)
            case ast.Attribute(attr=attr, ctx=ast.Load()) if attr in (settings or {}):
                edits.replace(parent, f"{source.says(use.value)}.{(settings or {})[attr]}")
            case ast.Attribute(attr=attr) if (
                attributes is not None and attr in attributes and not isinstance(parent.ctx, ast.Del)
            ):
                edits.replace(parent, f"{source.says(use.value)}.{attributes[attr]}")
            case ast.Attribute(attr=attr, ctx=ast.Load()) if attr in built.texts and attr not in ("device", "dtype"):
                built.certain(attr)
                edits.replace(parent, built.texts[attr])
            case ast.Attribute():
                raise Kept("NF229", parent, text=source.says(parent))
            case _:
                text = " ".join(source.says(parent if isinstance(parent, ast.expr) else use).split())
                raise Kept("NF214", use, name=name, text=text if len(text) <= 60 else text[:57] + "...")
    return takes_state


def _passes_state(call: ast.Call, name: str) -> bool:
    try:
        bound = bind(_FORWARD, call)
    except BindError as error:
        raise Kept("NF217", call, name=f"self.{name}", reason=error.message) from None
    if bound.missing:
        raise Kept("NF217", call, name=f"self.{name}", reason=f"required argument {bound.missing[0]} is missing")
    return "hx" in bound.args


def _alone(plan: Plan, method: ast.Attribute) -> ast.Expr | None:
    """`self.lstm.flatten_parameters()` as a statement: where parameters lie in memory is nothing to functions."""
    call = plan.model.source.parent(method)
    statement = plan.model.source.statement(method)
    fits = isinstance(statement, ast.Expr) and statement.value is call and isinstance(call, ast.Call)
    return (
        statement
        if fits and isinstance(statement, ast.Expr) and not shares_line(plan.model.source, statement)
        else None
    )
