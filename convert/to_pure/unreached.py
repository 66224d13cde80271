"""Methods that a model needs neither to be made nor to run, and that need the module: the class that stays has them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from ..plan.naming import MODULE_MEMBERS
from ..recognise.model import Method, Model
from .shape import is_static

_RUN = MODULE_MEMBERS - {"forward", "training", "register_buffer", "register_parameter"}


def unreached(model: Model, others: Collection[Model]) -> Iterator[Method]:
    """`init_weights`, `from_pretrained`, …: nothing that stays calls them, and functions could not be made of them.

    Not those that give `self` something: what forward reads would depend on them.
    """
    reached = _reached(model)
    source = model.source
    for name, method in model.methods.items():
        if name in reached or name in MODULE_MEMBERS or name.startswith("__"):
            continue
        own = set(source.walk(method.node))
        called = [node for one in (model, *others) for node in source.walk(one.node) if node not in own]
        if any(isinstance(node, ast.Attribute) and node.attr == name for node in called):
            continue
        if any(isinstance(node, ast.Name) and node.id == name for node in called):
            continue
        if _needs_the_module(model, method) and not _gives(model, own):
            yield method


def _reached(model: Model) -> set[str]:
    """Methods that making and running a module may call."""
    found, fresh = set[str](), {"__init__", "forward"} & model.methods.keys()
    while fresh:
        found |= fresh
        nodes = [node for name in fresh for node in model.source.walk(model.methods[name].node)]
        fresh = {node.attr for node in nodes if isinstance(node, ast.Attribute)} & model.methods.keys() - found
    return found


def _needs_the_module(model: Model, method: Method) -> bool:
    """Whether a method is one of the class, or takes `self` for more than its tensors and settings."""
    if method.node.decorator_list and not is_static(method.node):
        return True
    inside = set(model.source.walk(method.node))
    if any(node in inside for node in (*model.bare_self, *model.computed)):
        return True
    return any(node.attr in _RUN for node in inside & model.own_nodes if isinstance(node, ast.Attribute))


def _gives(model: Model, nodes: set[ast.AST]) -> bool:
    """Whether something gives the module, or one inside it, an attribute."""
    return any(
        isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) and node.attr not in {"data", "grad"}
        for node in nodes
    )
