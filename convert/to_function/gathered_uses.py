"""What a class does with a container of gathered layers: it runs it whole or its layers, or asks them for tensors."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ..ops.container import DICT
from ..plan.guards import Guards
from ..plan.plan import Kept
from ..recognise.containers import Holder
from ..recognise.flow import Flow, flow_of
from ..recognise.gathering import ITSELF
from ..recognise.gathers import Box, growths
from ..recognise.literal import is_repeatable
from ..recognise.model import Attribute, Model
from .uses import check_single

SAME = frozenset({"parameters", "named_parameters", "buffers", "named_buffers", "state_dict", "zero_grad"})
"""What a container with the same keys answers as the Sequential did."""
SAME_ALONE = ITSELF | {"requires_grad_"}
"""What does to it the same, but gives the object itself back."""


@dataclass
class Uses:
    """`whole` are calls of the container or a slice of it, `flow` what is done with its layers.

    `growths` are calls that add to it, `stores` what it is given by `[…] =`.
    """

    whole: list[ast.Call] = field(default_factory=list)
    growths: list[ast.Call] = field(default_factory=list)
    stores: list[ast.expr] = field(default_factory=list)
    flow: Flow = field(default_factory=Flow)


def read_uses(guards: Guards, attribute: Attribute, holder: Holder, box: Box) -> Uses:
    """Sort the uses of an attribute. Raises Kept at any other."""
    model = guards.model
    found = Uses(growths=list(growths(model, attribute.name)))
    owners = {id(call.func.value) for call in found.growths if isinstance(call.func, ast.Attribute)}
    others: list[ast.Attribute] = []
    for use in attribute.uses:
        parent = model.source.parent(use)
        if (whole := _run(model, use, box)) is not None:
            check_single(whole, attribute.name)
            found.whole.append(whole)
        elif isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load):
            given = model.source.parent(parent)
            if box.path != DICT or not isinstance(given, ast.Assign) or given.targets != [parent]:
                raise Kept("NF214", use, name=attribute.name, text=around(model, use))
            found.stores.append(given.value)
        elif id(use) not in owners and not _asks_all(model, parent, use):
            others.append(use)
    if box.named and (odd := next((one for one in others), None)) is not None:
        raise Kept("NF214", odd, name=attribute.name, text=around(model, odd))
    found.flow = flow_of(model, Attribute(attribute.name, attribute.definitions, others), holder)
    for node, _ in found.flow.lost:
        raise Kept("NF214", node, name=attribute.name, text=around(model, node))
    for call in found.flow.calls:
        check_single(call.node, attribute.name)
        guards.check_text(call.node)
        if not is_repeatable(model.source, call.node.func):
            raise Kept("NF224", call.node, text=model.source.says(call.node))
    return found


def _run(model: Model, use: ast.Attribute, box: Box) -> ast.Call | None:
    """`self.features(x)`, `self.features[:4](x)`."""
    node: ast.AST | None = use
    match model.source.parent(use):
        case ast.Subscript(slice=ast.Slice(), ctx=ast.Load()) as part if part.value is use and not box.named:
            node = part
    call = model.source.parent(node) if node is not None else None
    return call if box.runs and isinstance(call, ast.Call) and call.func is node else None


def asks_the_same(model: Model, node: ast.Attribute) -> bool:
    """Whether what a module is asked is answered alike by an object with the same tensors and modules in it."""
    call = model.source.parent(node)
    if not (isinstance(call, ast.Call) and call.func is node):
        return False
    return node.attr in SAME or (node.attr in SAME_ALONE and isinstance(model.source.parent(call), ast.Expr))


def _asks_all(model: Model, parent: ast.AST | None, use: ast.Attribute) -> bool:
    """`self.features.parameters()`, `self.features is None`."""
    if isinstance(parent, ast.Attribute):
        return asks_the_same(model, parent)
    match parent:
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return left is use
        case _:
            return False


def around(model: Model, node: ast.AST) -> str:
    """The expression that a node stands in, shortened."""
    parent = model.source.parent(node)
    text = " ".join(model.source.says(parent if isinstance(parent, ast.expr) else node).split())
    return text if len(text) <= 60 else text[:57] + "..."
