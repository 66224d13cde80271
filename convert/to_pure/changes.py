"""Whether a run of a model may change its buffers: running statistics, counters, caches."""

from __future__ import annotations

import ast

from ..recognise.model import Method
from .facts import Facts

_STATISTICS = ("batch_norm", "instance_norm")


def changes_buffers(facts: Facts) -> bool:
    """Rather yes than no: a buffer that only seems to change is copied and given back for nothing."""
    return any(_changes(facts, name) for name in facts.buffers)


def _changes(facts: Facts, name: str) -> bool:
    model = facts.model
    attribute = model.attribute(name)
    if attribute.odd or any(one.method is not model.init for one in attribute.definitions):
        return True
    for use in attribute.uses:
        method = model.method_of(use)
        if method is not None and method is not model.init and _changes_here(facts, method, use):
            return True
    return False


def _changes_here(facts: Facts, method: Method, use: ast.expr) -> bool:
    """`self.x.add_(1)`, `self.x[0] = y`, `F.batch_norm(x, self.x, …)`, or a local name for it that is changed."""
    source = facts.model.source
    node: ast.AST = use
    around = source.parent(node)
    while isinstance(around, (ast.Attribute, ast.Subscript)) and around.value is node:
        if not isinstance(around.ctx, ast.Load):
            return True
        if isinstance(around, ast.Attribute) and around.attr.endswith("_") and not around.attr.endswith("__"):
            return True
        node, around = around, source.parent(around)
        if isinstance(around, ast.Call) and around.func is node:
            node, around = around, source.parent(around)
    match around:
        case ast.Call() as call:
            path = source.path_of(call.func) or ""
            return not path.startswith(("torch.", "math.")) or path.endswith((*_STATISTICS, "_"))
        case ast.keyword(arg=word) as keyword:
            path = source.path_of(getattr(source.parent(keyword), "func", keyword)) or ""
            return word == "out" or not path.startswith("torch.") or path.endswith((*_STATISTICS, "_"))
        case ast.Assign(targets=targets):
            return any(_is_changed(method, target) for target in targets)
        case ast.Tuple() | ast.List() | ast.NamedExpr() | ast.AugAssign(target=ast.Attribute()):
            return True
        case _:
            return False


def _is_changed(method: Method, target: ast.expr) -> bool:
    """Whether a local name's tensor is changed in place anywhere in the method."""
    if not isinstance(target, ast.Name):
        return True
    for node in ast.walk(method.node):
        match node:
            case ast.AugAssign(target=ast.Name(id=name)) if name == target.id:
                return True
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()) if name == target.id:
                return True
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == target.id and attr.endswith("_"):
                return True
            case _:
                continue
    return False
