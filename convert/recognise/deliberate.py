"""Deliberate initial values right after a layer's construction: `nn.init.uniform_(self.conv.weight)` and its like."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from .block import next_statements
from .model import Definition, Model

FILLS = {"uniform_": "rand", "normal_": "randn", "zeros_": "zeros", "ones_": "ones", "constant_": "full"}
"""Function of torch.nn.init → the maker of torch that draws or sets the same values."""


@dataclass
class Deliberate:
    """What one slot begins with: a maker of torch ("rand"), or a whole `nn.Parameter(…)` expression."""

    statements: list[ast.stmt]
    made_by: str | None = None
    fill: ast.expr | None = None
    parameter: ast.Call | None = None
    frozen: bool = False


def deliberate_values(model: Model, name: str, definition: Definition) -> dict[str, Deliberate]:
    """Slot → its values, from the run of such statements that directly follows the definition of layer `name`."""
    found: dict[str, Deliberate] = {}
    for statement in next_statements(model.source, definition.statement):
        slot = _read(model, name, statement, found)
        if slot is None:
            break
    return found


def _read(model: Model, name: str, statement: ast.stmt, found: dict[str, Deliberate]) -> str | None:
    match statement:
        case ast.Expr(value=ast.Call(func=func, args=[target, *rest], keywords=[])):
            maker = FILLS.get((model.source.path_of(func) or "").removeprefix("torch.nn.init."))
            slot = _slot(model, name, target)
            if maker is None or slot is None or slot in found or len(rest) != (maker == "full"):
                return None
            found[slot] = Deliberate([statement], maker, rest[0] if rest else None)
            return slot
        case ast.Assign(targets=[target], value=ast.Call(func=func) as value):
            slot = _slot(model, name, target)
            if slot is None or slot in found or model.source.path_of(func) != "torch.nn.Parameter":
                return None
            found[slot] = Deliberate([statement], parameter=value)
            return slot
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=target, attr="requires_grad_"), args=[flag], keywords=[])
        ):
            slot = _slot(model, name, target)
            if slot is None or not (isinstance(flag, ast.Constant) and flag.value is False):
                return None
            found.setdefault(slot, Deliberate([])).statements.append(statement)
            found[slot].frozen = True
            return slot
        case _:
            return None


def _slot(model: Model, name: str, target: ast.expr) -> str | None:
    """`weight` for `self.conv.weight`, `out_proj.weight` for `self.attn.out_proj.weight`."""
    keys: list[str] = []
    while isinstance(target, ast.Attribute):
        if keys and model.self_attribute(target) == name:
            return ".".join(reversed(keys))
        keys.append(target.attr)
        target = target.value
    return None
