"""Whether code outside sees how a weight lies in memory: under --respell a layer may hold its transpose.

`W.norm()` and `W[0]` read the values, which `.t()` gives back; `W.data -= lr * W.grad` and optimisers are blind to it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from ..source import Source

Sight = Literal["blind", "values", "layout"]

_BLIND = {
    "requires_grad",
    "requires_grad_",
    "is_leaf",
    "numel",
    "nelement",
    "dtype",
    "device",
    "is_cuda",
    "dim",
    "ndim",
}
_BLIND_GRAD = {"zero_", "data", "detach", "detach_", "requires_grad_"}
_SHOWN = {"print", "float", "repr", "str"}


def sight_of(source: Source, node: ast.expr) -> Sight:
    """What the code around sees of a weight that it reads: nothing of its layout, the values, or the tensor itself."""
    if _is_changed_evenly(source, node):
        return "blind"
    around = source.parent(node)
    match around:
        case ast.Attribute(attr="grad"):
            return "blind" if _is_blind_grad(source, around) else "layout"
        case ast.Attribute(attr="data"):
            return "layout" if not isinstance(around.ctx, ast.Load) else sight_of(source, around)
        case ast.Attribute(attr=name):
            if name in _BLIND:
                return "blind"
            return "layout" if name.endswith("_") or not isinstance(around.ctx, ast.Load) else "values"
        case ast.List() | ast.Tuple() | ast.Set():
            return "blind" if _is_gone_through_blindly(source, around) else "layout"
        case ast.BinOp() | ast.UnaryOp():
            return "values"
        case ast.Subscript(value=value, ctx=ast.Load()) if value is node:
            return "values"
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return "blind"
        case ast.Call(func=func) if node in around.args:
            path = source.path_of(func) or ""
            shown = isinstance(func, ast.Name) and func.id in _SHOWN and not source.scopes.is_bound(func.id, around)
            drawn = path.startswith("torch.") and not path.startswith(("torch.autograd.", "torch.optim."))
            return "values" if shown or (drawn and not path.endswith("_")) else "layout"
        case _:
            return "layout"


def is_blind_loop(source: Source, around: ast.AST | None, listed: ast.expr) -> bool:
    """Whether all that goes through these tensors does the same to every number of each."""
    match around:
        case ast.For(target=ast.Name(id=name), iter=over, body=body) if over is listed:
            inner = [node for statement in body for node in source.walk(statement)]
        case ast.comprehension(target=ast.Name(id=name), iter=over) if over is listed:
            inner = source.walk(source.parent(around) or around)
        case ast.Call(func=ast.Name(id="list" | "tuple" | "len")) if listed in around.args:
            return is_blind_loop(source, source.parent(around), around)
        case ast.Call(func=func) if listed in around.args:
            return (source.path_of(func) or "").startswith("torch.optim.")
        case ast.keyword(arg="params", value=value) if value is listed:
            return is_blind_loop(source, source.parent(around), listed)
        case _:
            return False
    uses = [node for node in inner if isinstance(node, ast.Name) and node.id == name]
    return all(_is_blind_turn(source, use) for use in uses if isinstance(use.ctx, ast.Load))


def _is_blind_turn(source: Source, use: ast.Name) -> bool:
    """What one turn of a loop does with one tensor."""
    if _is_changed_evenly(source, use) or _is_summed(source, use):
        return True
    top, names = _attributes(source, use)
    around = source.parent(top)
    if not names or names[-1] in {*_BLIND, "zero_", "detach_"}:
        return bool(names)
    if names not in (["grad"], ["grad", "data"]):
        return False
    match around:
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return True
        case ast.Assign(targets=[target], value=value) if target is top:
            return _is_none(value) or _is_zero(source, value)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is top:
            reads = source.reads.get(name, ())
            return all(any(_is_zero(source, one) for one in source.ancestors(read)) for read in reads)
        case _:
            return False


def _attributes(source: Source, node: ast.expr) -> tuple[ast.expr, list[str]]:
    """`p.grad.data` for p, and the attributes that were read on the way."""
    names: list[str] = []
    while isinstance(around := source.parent(node), ast.Attribute):
        node = around
        names.append(around.attr)
    return node, names


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_zero(source: Source, node: ast.AST) -> bool:
    """Zeros of the shape of something."""
    match node:
        case ast.Call(func=ast.Attribute(attr="zero_"), args=[]):
            return True
        case ast.Call(func=func, args=[inner]):
            path = source.path_of(func)
            return path == "torch.zeros_like" or (path == "torch.autograd.Variable" and _is_zero(source, inner))
        case _:
            return False


def _is_summed(source: Source, node: ast.expr) -> bool:
    """`p.pow(2).sum()`, `p.norm()`: one number of all numbers."""
    here: ast.AST | None = node
    while here is not None:
        around = source.parent(here)
        match around:
            case ast.Attribute(attr="sum" | "mean" | "norm"):
                call = source.parent(around)
                return isinstance(call, ast.Call) and call.func is around and not call.args and not call.keywords
            case ast.Attribute(attr="pow" | "abs" | "square" | "data" | "detach"):
                pass
            case ast.Call(func=func, args=args) if func is here and all(isinstance(one, ast.Constant) for one in args):
                pass
            case ast.BinOp(right=ast.Constant()):
                pass
            case _:
                return False
        here = around
    return False


def _is_gone_through_blindly(source: Source, display: ast.expr) -> bool:
    """Whether a display of tensors, and every variable that comes to hold it, is only gone through blindly."""
    around = source.parent(display)
    while isinstance(around, (ast.Dict, ast.List)):  # the groups of an optimiser
        display, around = around, source.parent(around)
    if not (isinstance(around, ast.Assign) and around.value is display):
        return is_blind_loop(source, around, display)
    names = [target.id for target in around.targets if isinstance(target, ast.Name)]
    if len(names) != len(around.targets):
        return False
    for name in names:  # grows while it is walked
        for use in source.reads.get(name, ()):
            held: ast.AST = use
            while isinstance(source.parent(held), ast.BinOp):
                held = source.parent(held) or held
            statement = source.parent(held)
            if isinstance(statement, ast.Assign) and statement.value is held:
                targets = [target.id for target in statement.targets if isinstance(target, ast.Name)]
                if len(targets) != len(statement.targets):
                    return False
                names += [target for target in targets if target not in names]
            elif not isinstance(held, ast.expr) or not is_blind_loop(source, statement, held):
                return False
    return True


def _is_blind_grad(source: Source, grad: ast.Attribute) -> bool:
    around = source.parent(grad)
    match around:
        case ast.Attribute(attr=name):
            inner = source.parent(around)
            return name in _BLIND_GRAD and (
                name != "data" or (isinstance(inner, ast.Attribute) and inner.attr == "zero_")
            )
        case ast.Assign(targets=[target], value=ast.Constant(value=None)):
            return target is grad
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return True
        case _:
            return False


def _is_changed_evenly(source: Source, node: ast.expr) -> bool:
    """`W -= lr * W.grad`, `W.data.sub_(lr * W.grad)`: numbers and the tensor's own gradient, place by place."""
    statement = source.statement(node)
    match statement:
        case ast.AugAssign(target=target, value=value, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
            changed = target
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=changed, attr=name), args=[value, *more], keywords=[])
        ) if name in {"add_", "sub_", "mul_", "div_"} and not more:
            pass
        case _:
            return False
    text = ast.unparse(node)
    own = {text, f"{text}.data", f"{text}.grad", f"{text}.grad.data", f"{text}.data.grad"}
    return ast.unparse(changed) in own and all(one in own or one is None for one in _terms(source, value))


def _terms(source: Source, value: ast.expr) -> Iterator[str | None]:
    """The tensors that a sum or product is of; None for a plain number."""
    match value:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            yield from _terms(source, left)
            yield from _terms(source, right)
        case ast.UnaryOp(operand=operand):
            yield from _terms(source, operand)
        case ast.Constant():
            yield None
        case ast.Name(id=name) if name in source.constants:
            yield None
        case _:
            yield ast.unparse(value)
