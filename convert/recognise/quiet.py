"""Statements that draw no random numbers, so that other draws may move past them."""

from __future__ import annotations

import ast

from .calls import construction
from .creation import Creation, buffer_creation, parameter_creation
from .literal import is_repeatable
from .model import Definition, Model

_SILENT_MAKERS = {"empty", "zeros", "ones", "full"}


def draws_nothing(model: Model, statement: ast.stmt) -> bool:
    """A plain setting, a layer without parameters, or a parameter or buffer filled with constants."""
    value = statement.value if isinstance(statement, ast.Assign) else None
    built = construction(model, value)
    if (built is not None and not built.pair.slots) or (value is not None and is_repeatable(model.source, value)):
        return True
    definition = _definition(model, statement)
    return definition is not None and _is_silent(model, definition)


def _definition(model: Model, statement: ast.stmt) -> Definition | None:
    for attribute in model.attributes.values():
        for definition in attribute.definitions:
            if definition.statement is statement:
                return definition
    return None


def _is_silent(model: Model, definition: Definition) -> bool:
    made: Creation | None
    if definition.form == "register_buffer":
        match definition.value:
            case ast.Call(func=func, args=[ast.Constant(), *_]) if model.source.path_of(func) == "torch.tensor":
                return True
        made = buffer_creation(model.source, definition)
    else:
        made = parameter_creation(model.source, definition)
    return made is not None and made.made_by in _SILENT_MAKERS
