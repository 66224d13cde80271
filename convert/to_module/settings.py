"""Settings that the functional form keeps on self (`self.conv1_stride = stride`) go back into the constructor."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ..plan.guards import Guards
from ..plan.plan import Kept
from ..recognise.model import Model


def fold_settings(
    model: Model, guards: Guards, layer: str, values: Mapping[str, str], calls: Sequence[ast.expr]
) -> tuple[dict[str, str], list[ast.stmt]]:
    """Constructor arguments with `self.<layer>_<argument>` replaced by what it holds, and the statements to drop.

    Only attributes named after layer and argument, and read by nothing but the layer's own calls.
    """
    inside = {id(node) for call in calls for node in ast.walk(call)}
    folded: dict[str, str] = {}
    gone: list[ast.stmt] = []
    for argument, text in values.items():
        folded[argument] = text
        name = f"{layer}_{argument}"
        attribute = model.attributes.get(name)
        if attribute is None or not text.endswith(f".{name}") or len(attribute.definitions) != 1 or attribute.odd:
            continue
        definition = attribute.definitions[0]
        if definition.value is None or any(id(use) not in inside for use in attribute.uses):
            continue
        try:
            guards.check_reach(name)
        except Kept:
            continue
        if is_settled(model, definition.value):
            folded[argument] = model.source.says(definition.value)
            gone.append(definition.statement)
    return folded, gone


def is_settled(model: Model, value: ast.expr) -> bool:
    """Whether an expression of __init__'s arguments means the same anywhere in __init__: none of them is re-bound."""
    assert model.init is not None
    scope = model.source.scopes.inside(model.init.node)
    stored = {n.id for n in ast.walk(model.init.node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    return not any(
        isinstance(node, ast.Name)
        and (node.id in stored or (node.id in scope.bindings and node.id == model.init.self_name))
        for node in ast.walk(value)
    )
