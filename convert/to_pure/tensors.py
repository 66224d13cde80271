"""Parameters and buffers of a class: what makes them, where they may be missing, and what must not be done to them."""

from __future__ import annotations

import ast

from ..recognise.model import Attribute, Definition, Model
from .shape import refusal, says


def check_tensor(model: Model, attribute: Attribute, others: list[Definition], *, buffer: bool) -> bool:
    """Whether a tensor may be missing. Raises Kept.

    A parameter or buffer: its other definitions may only say that it is None, or give a buffer its next value.
    """
    name, maybe = attribute.name, False
    for use in attribute.uses:
        _check_use(model, use, buffer=buffer)
    shared = [use for use in attribute.uses if _is_assigned(model, use)]
    if shared:
        raise refusal(shared[0], f"`{says(model, shared[0])}` ties parameters, and a dict has each on its own")
    for one in others:
        none = isinstance(one.value, ast.Constant) and one.value.value is None
        if one.method is model.init and (none or one.value is None):
            maybe = True
        elif not buffer or one.method is model.init or none:
            raise refusal(one.statement, f"`{says(model, one.statement)}` gives self.{name} anew")
    for odd in attribute.odd:
        in_init = model.init is not None and model.method_of(odd) is model.init
        if not buffer or in_init or not isinstance(model.source.parent(odd), ast.AugAssign):
            raise refusal(odd, f"`{says(model, odd)}` gives self.{name} anew")
    firsts = [one for one in attribute.definitions if one.method is model.init and one not in others]
    if len(firsts) != len([one for one in attribute.definitions if one not in others]):
        raise refusal(attribute.definitions[0].statement, f"self.{name} is made outside __init__")
    for one in firsts:
        _check_conditional(model, one.statement)
        if one.value is not None and absent_test(model, one.value) is not None:
            maybe = True
    return maybe


def _is_assigned(model: Model, use: ast.Attribute) -> bool:
    """Whether a tensor gets a second attribute: `self.b = self.a`."""
    parent = model.source.parent(use)
    targets = parent.targets if isinstance(parent, ast.Assign) and parent.value is use else []
    return any(isinstance(target, ast.Attribute) for target in targets)


def is_buffer(model: Model, definition: Definition) -> bool:
    if definition.form == "register_buffer":
        return definition.value is not None
    return isinstance(definition.value, ast.Call) and model.source.path_of(definition.value.func) == "torch.nn.Buffer"


def defined_parameter(model: Model, definition: Definition) -> ast.expr | None:
    value = definition.value
    if isinstance(value, ast.IfExp) and isinstance(value.orelse, ast.Constant) and value.orelse.value is None:
        value = value.body
    return None if value is None else parameter_data(model, value)


def absent_test(model: Model, value: ast.expr) -> tuple[ast.expr, str] | None:
    """Where a tensor may be None: an expression, and what must follow it for the tensor to be there."""
    match value:
        case ast.IfExp(test=test, orelse=ast.Constant(value=None)):
            return test, ""
        case ast.Call() | ast.BinOp() | ast.IfExp():
            return None
        case ast.Name(id=name) if model.init is not None and name not in _arguments(model):
            given = [one.value for one in ast.walk(model.init.node) if isinstance(one, ast.Assign) and _is(one, name)]
            nones = [one for one in given if not isinstance(one, (ast.Call, ast.BinOp, ast.Subscript, ast.Attribute))]
            return (value, " is not None") if nones or not given else None
        case _:
            return value, " is not None"


def _is(statement: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)


def _arguments(model: Model) -> set[str]:
    return {one.arg for one in ast.walk(model.init.node.args) if isinstance(one, ast.arg)} if model.init else set()


def _check_conditional(model: Model, statement: ast.stmt) -> None:
    """A statement may stand at the top level of the constructor, or below an `if`. Raises Kept for loops and others."""
    around = model.source.parent(statement)
    while around is not (model.init.node if model.init else None):
        if not isinstance(around, ast.If):
            raise refusal(statement, f"`{says(model, statement)}` stands in a loop or block")
        around = model.source.parent(around)


def parameter_data(model: Model, value: ast.expr) -> ast.expr | None:
    """`torch.zeros(3)` of `nn.Parameter(torch.zeros(3))`; None for anything else. Raises Kept for a frozen one."""
    if not (isinstance(value, ast.Call) and model.source.path_of(value.func) in {"torch.nn.Parameter"}):
        return None
    data = [*value.args[:1], *(word.value for word in value.keywords if word.arg == "data")]
    rest = [*value.args[1:], *(word.value for word in value.keywords if word.arg != "data")]
    if len(data) != 1 or isinstance(data[0], ast.Starred):
        raise refusal(value, f"`{says(model, value)}` is made in a way that is not understood")
    if any(not (isinstance(one, ast.Constant) and one.value is True) for one in rest):
        raise refusal(value, f"`{says(model, value)}` may be frozen, and a dict of parameters is trained as a whole")
    return data[0]


def _check_use(model: Model, use: ast.Attribute, *, buffer: bool) -> None:
    """Neither what belongs to autograd, nor, of a parameter, a change while it runs."""
    last: ast.expr = use
    around = model.source.parent(use)
    in_init = model.init is not None and model.method_of(use) is model.init
    while isinstance(around, (ast.Attribute, ast.Subscript)) and around.value is last:
        attr = around.attr if isinstance(around, ast.Attribute) else ""
        stored = not isinstance(around.ctx, ast.Load)
        if attr.startswith(("requires_grad", "grad", "register_", "retain_")) or (stored and attr not in {"", "data"}):
            raise refusal(use, f"`{says(model, use)}` belongs to autograd")
        in_place = attr.endswith("_") and not attr.endswith("__")
        if not buffer and not in_init and (stored or in_place):
            raise refusal(use, f"`{says(model, use)}` changes a parameter when it runs")
        last, around = around, model.source.parent(around)
