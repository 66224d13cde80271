"""The order in which a model gives its parameters to an optimiser, and which entries of its state may be absent.

torch lists a module's own parameters first, in the order in which they were registered, and then those of its children.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from .outcome import StateMove
from .plan.plan import Plan
from .recognise.calls import construction
from .recognise.family import with_families
from .recognise.model import Attribute, Definition, Model, models_of
from .source import Source
from .state import state_map, with_children

_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.Match)


@dataclass(frozen=True)
class Parameters:
    """The keys of one model's parameters in order, `child.*` for a child of a class elsewhere; None: not certain."""

    order: tuple[str, ...] | None
    optional: tuple[str, ...]


def parameters_of(text: str) -> dict[str, Parameters]:
    """The facts of every model class of a file's text."""
    source = Source(text, "<string>")
    models = with_families(source, tuple(models_of(source)))
    keys = {model.node: list(state_map(Plan(model))) for model in models}
    orders = {model.node: None if model.bases else _order(model, keys[model.node]) for model in models}
    ordered = [(model, _moves(orders[model.node] or ())) for model in models if orders[model.node] is not None]
    lineage = {
        model: [_optional(each, keys[each.node]) for each in (*reversed(model.bases), model)] for model in models
    }
    optional = [(model, _moves(key for part in parts for key in part)) for model, parts in lineage.items()]
    found: dict[str, Parameters] = {}
    for model in models:
        order = None if orders[model.node] is None else tuple(with_children(model, ordered))
        lacking = tuple(key for key in with_children(model, optional) if not key.endswith(".*"))
        found[model.name] = Parameters(order, lacking)
    return found


def _moves(keys: Iterable[str]) -> dict[str, StateMove]:
    return {key: StateMove(key) for key in keys}


def _order(model: Model, keys: list[str]) -> list[str] | None:
    definitions = {key: model.attribute(key.partition(".")[0]).definitions for key in keys}
    if model.computed or any(each.method is not model.init for found in definitions.values() for each in found):
        return None
    registered = sorted(keys, key=lambda key: min((_place(each) for each in definitions[key]), default=(0, 0)))
    own = [key for key in registered if "." not in key and not all(_is_buffer(model, d) for d in definitions[key])]
    children = [key for key in registered if "." in key and not _names_buffer(model, key)]
    return [*own, *children]


def _optional(model: Model, keys: list[str]) -> list[str]:
    """Keys that depend on an argument; and every `child.*`, whose own class may have such."""
    return [
        key for key in keys if key.endswith(".*") or _may_be_absent(model, model.attribute(key.partition(".")[0]), key)
    ]


def _may_be_absent(model: Model, attribute: Attribute, key: str) -> bool:
    for definition in attribute.definitions:
        branches = any(isinstance(node, _BRANCHES) for node in model.source.ancestors(definition.statement))
        value = definition.value
        if branches or isinstance(value, ast.IfExp) or (value is not None and _is_flagged(model, value, key)):
            return True
    return False


def _is_flagged(model: Model, value: ast.expr, key: str) -> bool:
    """Whether a constructor's flag that is no constant decides about the entry: `nn.Linear(2, 2, bias=bias)`."""
    for node in ast.walk(value):
        built = construction(model, node)
        if built is None:
            continue
        for slot in built.pair.slots:
            given = [built.args[flag] for flag in slot.when if flag in built.args]
            if key.endswith(f".{slot.key}") and any(not isinstance(flag, ast.Constant) for flag in given):
                return True
    return False


def _names_buffer(model: Model, key: str) -> bool:
    """Whether a layer's entry is one of its buffers."""
    for definition in model.attribute(key.partition(".")[0]).definitions:
        for node in ast.walk(definition.value) if definition.value is not None else ():
            built = construction(model, node)
            if built is not None and any(s.kind == "buffer" and key.endswith(f".{s.name}") for s in built.pair.slots):
                return True
    return False


def _is_buffer(model: Model, definition: Definition) -> bool:
    if definition.form == "register_buffer":
        return True
    value = definition.value
    return isinstance(value, ast.Call) and model.source.path_of(value.func) == "torch.nn.Buffer"


def _place(definition: Definition) -> tuple[int, int]:
    return definition.statement.lineno, definition.statement.col_offset
