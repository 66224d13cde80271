"""Settings of a class: plain values that its constructor gives, once for all. A module or a parameter is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..plan.naming import MODULE_MEMBERS
from ..recognise.model import Attribute, Model
from ..recognise.plain import MUTATORS
from .shape import refusal, says

_OF_VALUES = {"get", "items", "keys", "values", "lower", "upper", "startswith", "endswith", "index", "count", "split"}
_OF_LAYERS = MODULE_MEMBERS | {"weight", "bias", "data", "grad"}
_TAKES_WEIGHTS = ("linear", "conv1d", "conv2d", "conv3d", "embedding", "_norm", "transpose1d", "transpose2d", "prelu")
_GROWING = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def check_setting(model: Model, attribute: Attribute) -> None:
    """A plain value that only the constructor gives, and whose inside nobody changes. Raises Kept."""
    for one in attribute.definitions:
        if one.form != "assign" or one.method is not model.init:
            raise refusal(one.statement, f"`{says(model, one.statement)}` keeps something from call to call")
    for odd in attribute.odd:
        deleted = isinstance(getattr(odd, "ctx", None), ast.Del)
        if model.init is None or model.method_of(odd) is not model.init or deleted:
            raise refusal(odd, f"`{says(model, odd)}` keeps something from call to call")
    check_unchanged(model, attribute)
    values = [one.value for one in attribute.definitions if one.value is not None]
    foreign = not values or any(isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)) for value in values)
    function = bool(values) and all(_is_function(model, value) for value in values)
    growing = any(isinstance(node, _GROWING) or _is_tensor(model, node) for value in values for node in ast.walk(value))
    for use in attribute.uses:
        if foreign and not function:
            _check_foreign(model, use, attribute.name)
        elif not function and isinstance(_parent(model, use), ast.Call) and _calls(model, use):
            raise refusal(use, f"self.{attribute.name} is called, and may be a module")
        if growing and _is_handed_over(model, use):
            raise refusal(use, f"`{says(model, use)}` may change self.{attribute.name} inside")


def check_unchanged(model: Model, attribute: Attribute) -> None:
    """Nobody changes the inside of a value. Raises Kept."""
    for use in attribute.uses:
        for around in _chain(model, use):
            changed = not isinstance(getattr(around, "ctx", ast.Load()), ast.Load)
            attr = around.attr if isinstance(around, ast.Attribute) else ""
            if changed or attr in MUTATORS or (attr.endswith("_") and not attr.endswith("__")):
                _check_bare(model, attribute, use)
                raise refusal(use, f"`{says(model, use)}` changes self.{attribute.name} inside")


def _check_bare(model: Model, attribute: Attribute, use: ast.Attribute) -> None:
    """`self.fc = nn.Module()` gets a layer's parameters where something reads the keys of the state. Raises Kept."""
    calls = [node for node in ast.walk(model.source.statement(use)) if isinstance(node, ast.Call)]
    if not any(model.source.path_of(call.func) == "torch.nn.Parameter" for call in calls):
        return
    for one in attribute.definitions:
        if isinstance(one.value, ast.Call) and model.source.path_of(one.value.func) == "torch.nn.Module":
            reason = f"self.{attribute.name} holds parameters of its own, whose names something may read"
            raise refusal(one.statement, reason)


def _chain(model: Model, node: ast.AST) -> Iterator[ast.AST]:
    """`self.x.y[0].append`: the attributes and items taken of an expression, from inside out."""
    around = model.source.parent(node)
    while isinstance(around, (ast.Attribute, ast.Subscript)) and around.value is node:
        yield around
        node, around = around, model.source.parent(around)


def _parent(model: Model, use: ast.AST) -> ast.AST | None:
    return model.source.parent(use)


def _calls(model: Model, use: ast.AST) -> bool:
    parent = model.source.parent(use)
    return isinstance(parent, ast.Call) and parent.func is use


def _is_function(model: Model, value: ast.expr) -> bool:
    """`F.relu`, `torch.tanh`, `getattr(F, name)`, a lambda: never a module."""
    path = model.source.path_of(value)
    if path is not None:
        return path.startswith("torch.") and path.rpartition(".")[2].islower()
    match value:
        case ast.Lambda():
            return True
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, _]):
            return model.source.path_of(owner) in {"torch.nn.functional", "torch"}
        case _:
            return False


def _is_tensor(model: Model, node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (model.source.path_of(node.func) or "").startswith("torch.")


def _check_foreign(model: Model, use: ast.Attribute, name: str) -> None:
    """What a caller hands in may be a module or a parameter: then it is used as one."""
    last: ast.AST = use
    for around in _chain(model, use):
        if isinstance(around, ast.Attribute) and around.attr in _OF_LAYERS:
            raise refusal(use, f"`{says(model, use)}` uses self.{name} as a module")
        last = around
    parent = model.source.parent(last)
    match parent:
        case ast.Call(func=func) if func is last:
            if not (isinstance(last, ast.Attribute) and last is not use and last.attr in _OF_VALUES):
                raise refusal(use, f"self.{name} is called, and may be a module")
        case ast.Call(func=func, args=args):
            path = model.source.path_of(func) or ""
            if path.startswith("torch.") and path.endswith(_TAKES_WEIGHTS) and last in args[1:3]:
                raise refusal(use, f"`{says(model, use)}` takes self.{name} for a weight")
        case ast.keyword(arg="weight" | "bias"):
            raise refusal(use, f"`{says(model, use)}` takes self.{name} for a weight")
        case ast.For(iter=of) | ast.comprehension(iter=of) if of is last:
            called = {_called(node) for node in ast.walk(_around(model, parent))}
            if called & {node.id for node in ast.walk(parent.target) if isinstance(node, ast.Name)}:
                raise refusal(use, f"self.{name} may hold modules")
        case _:
            return


def _around(model: Model, node: ast.AST) -> ast.AST:
    return (model.source.parent(node) or node) if isinstance(node, ast.comprehension) else node


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _is_handed_over(model: Model, use: ast.Attribute) -> bool:
    """Whether a list or tensor goes, whole, where it may be changed."""
    parent = model.source.parent(use)
    match parent:
        case ast.Call(func=func) if func is not use:
            path = model.source.path_of(func) or ""
            plain = isinstance(func, ast.Name) and func.id in {"len", "sum", "max", "min", "zip", "enumerate", "tuple"}
            method = isinstance(func, ast.Attribute) and not path and not func.attr.endswith("_")
            changing = path.endswith(("batch_norm", "instance_norm", "_"))
            return not (plain or method or path.startswith(("torch.", "math."))) or changing
        case ast.Assign() | ast.NamedExpr() | ast.Return() | ast.Tuple() | ast.List() | ast.Dict():
            return True
        case _:
            return False
