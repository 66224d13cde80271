"""Attributes that hold a plain value from __init__ on: `self.p = p`, set once, by nobody else."""

from __future__ import annotations

import ast

from .literal import is_repeatable
from .model import Definition, Model
from .surroundings import Surroundings

MUTATORS = frozenset("append extend insert pop popitem remove clear update setdefault sort reverse".split())  # noqa: SIM905


def other_store(model: Model, surroundings: Surroundings, name: str) -> ast.AST | None:
    """A place that sets the attribute in another way than by a plain definition of this class."""
    for place in (*model.attribute(name).odd, *surroundings.foreign_uses(model, name)):
        if not (isinstance(place, ast.Attribute) and isinstance(place.ctx, ast.Load)):
            return place
    return None


def inner_store(model: Model, setting: ast.Attribute) -> ast.AST | None:
    """What changes the inside of a setting: for `self.sizes[0]` any `x.sizes[…] = …`, for `self.cfg.p` any `.p = …`.

    A value that is handed on as a whole (`self.sizes`) stays the same object in either style.
    """
    source = model.source
    parent = source.parent(setting)
    if isinstance(parent, ast.Attribute):
        stores = (node for node in source.every(ast.Attribute) if node.attr == parent.attr)
        return next((node for node in stores if not isinstance(node.ctx, ast.Load)), None)
    if not isinstance(parent, (ast.Subscript, ast.Call)):
        return None
    for node in source.every(ast.Attribute):
        around = source.parent(node)
        if node.attr == setting.attr and (
            (isinstance(around, ast.Subscript) and around.value is node and not isinstance(around.ctx, ast.Load))
            or (isinstance(around, ast.Attribute) and around.attr in MUTATORS)
        ):
            return node
    return None


def plain_definition(model: Model, name: str) -> Definition | None:
    """The one definition, if it stands at the top level of __init__ and gives no tensor, parameter or module."""
    definitions = model.attribute(name).definitions
    if len(definitions) != 1 or model.init is None:
        return None
    definition = definitions[0]
    if definition.method is not model.init or definition.form != "assign" or definition.value is None:
        return None
    top = definition.statement in model.init.node.body
    return definition if top and is_repeatable(model.source, definition.value) else None
