"""Layers that are made anywhere but as a plain attribute: each is named in the report with the place it stands in."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from ..ops.container import SEQUENTIAL
from ..plan.plan import Kept, Plan
from ..recognise.calls import construction
from ..recognise.model import Model
from ..recognise.reparametrised import wrapper
from .factories import covered


def keep_leftover(plan: Plan, answered: Set[int], guests: Set[int]) -> None:
    """Keep every constructor with a row that no planner looked at; `answered` are nodes that one has.

    `guests` are modules that stay beside the layers of a Sequential.
    """
    model = plan.model
    values = [definition.value for attribute in model.attributes.values() for definition in attribute.definitions]
    direct = answered | {id(model.source.origin(value)) for value in values if value is not None}
    written_out = {id(model.source.origin(value)) for value in values if value is not None} - set(map(id, values))
    unused = covered(model.source, plan.through)
    for node in model.source.walk(model.node):
        built = construction(model, node)
        if built is None or id(node) in direct or id(node) in guests:
            continue
        if any(id(around) in written_out or around in unused for around in model.source.ancestors(node)):
            continue
        around = next(_calls_around(model, built.node), None)
        if around is not None and (wrapping := wrapper(model.source, around)) is not None:
            plan.keep(Kept("NF271", name=built.written, wrapper=wrapping), built.node)
            continue
        where = _where(model, built.node, direct, guests)
        if where is not None:
            plan.keep(Kept("NF221", name=built.written, where=where), built.node)


def _calls_around(model: Model, node: ast.AST) -> Iterator[ast.Call]:
    """The calls that a layer is handed to."""
    return (around for around in model.source.ancestors(node) if isinstance(around, ast.Call))


def _where(model: Model, node: ast.AST, direct: Set[int], guests: Set[int]) -> str | None:
    """The place in words; None inside a Sequential attribute, which answers for its layers itself."""
    inner = node
    for around in model.source.ancestors(node):
        if id(around) in guests and isinstance(around, ast.Call) and model.source.path_of(around.func) is None:
            return "as an argument"
        match around:
            case ast.Call() if id(around) in direct and model.source.path_of(around.func) == SEQUENTIAL:
                return None
            case ast.Call(func=func) if func is inner:
                return "and called in one expression"
            case ast.Call(func=ast.Attribute(attr="append" | "extend" | "insert")):
                return "in a list that grows"
            case ast.Call(func=func) if (path := model.source.path_of(func)) is not None and path != SEQUENTIAL:
                return f"inside {path.replace('torch.nn.', 'nn.')}"
            case ast.ListComp() | ast.GeneratorExp() | ast.DictComp() | ast.SetComp():
                return "in a comprehension"
            case ast.IfExp():
                return "in a conditional expression"
            case ast.List() | ast.Tuple() if isinstance(model.source.parent(around), ast.stmt):
                return "in a list"
            case ast.Return():
                return "and returned"
            case ast.stmt():
                break
        inner = around
    return "outside an attribute definition"
