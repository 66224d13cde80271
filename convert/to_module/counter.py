"""The batch counter of functional code: `if self.training: self.n.add_(1)` before a batch norm belongs to the layer."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from ..ops import Pair
from ..recognise.block import previous_statement
from ..recognise.calls import FunctionCall
from ..recognise.model import Model


@dataclass(frozen=True)
class Counter:
    """The buffer that counts, the slot it becomes, and the statements that go with it."""

    attribute: str
    slot: str
    statements: tuple[ast.stmt, ...]


def find_counter(model: Model, pair: Pair, calls: Sequence[FunctionCall], running: str | None) -> Counter | None:
    """The counter that advances before every one of the calls, or that `running` (running_mean's attribute) names."""
    slot = next((slot for slot in pair.slots if slot.counts), None)
    if slot is None or running is None:
        return None
    if not pair.counter:
        name = running.removesuffix("running_mean") + slot.name
        attribute = model.attributes.get(name)
        if attribute is None or attribute.uses or attribute.odd or len(attribute.definitions) != 1:
            return None
        return Counter(name, slot.name, (attribute.definitions[0].statement,))
    names, statements = set(), []
    for call in calls:
        before = previous_statement(model.source, model.source.statement(call.node))
        counted = None if before is None else _counted(model, before)
        if counted is None or before is None or before in statements:
            return None
        names.add(counted)
        statements.append(before)
    if len(names) != 1:
        return None
    said = [call.args[name] for call in calls for name in pair.for_none if name in call.args]
    return _whole(model, names.pop(), slot.name, statements, said)


def _whole(model: Model, name: str, slot: str, statements: list[ast.stmt], said: Sequence[ast.expr]) -> Counter | None:
    """A counter that nothing but the layer reads or writes, registered as an integer buffer."""
    attribute = model.attribute(name)
    inside = {node for place in (*statements, *said) for node in ast.walk(place)}
    if len(attribute.definitions) != 1 or any(node not in inside for node in (*attribute.uses, *attribute.odd)):
        return None
    definition = attribute.definitions[0]
    match definition.value:
        case ast.Call(func=func, args=[ast.Constant(value=0), *_]) if model.source.path_of(func) == "torch.tensor":
            if definition.form == "register_buffer":
                return Counter(name, slot, (*statements, definition.statement))
    return None


def _counted(model: Model, statement: ast.stmt) -> str | None:
    """The attribute that `if self.training: self.n.add_(1)` (or `+= 1`) advances."""
    match statement:
        case ast.If(test=test, body=[step], orelse=[]) if model.self_attribute(test) == "training":
            match step:
                case ast.Expr(
                    value=ast.Call(func=ast.Attribute(value=owner, attr="add_"), args=[ast.Constant(value=1)])
                ):
                    return model.self_attribute(owner)
                case ast.AugAssign(target=owner, op=ast.Add(), value=ast.Constant(value=1)):
                    return model.self_attribute(owner)
    return None
