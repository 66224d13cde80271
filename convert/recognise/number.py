"""Attributes that hold no module for certain: numbers, strings, parameters, what a torch function computes."""

from __future__ import annotations

import ast

from ..source.literal import is_literal
from .calls import construction
from .model import Definition, Method, Model

_PLAIN_TYPES = {"int", "float", "bool", "str"}
_BUILTINS = {
    "int",
    "float",
    "bool",
    "str",
    "len",
    "tuple",
    "list",
    "dict",
    "set",
    "max",
    "min",
    "sum",
    "round",
    "range",
    "hasattr",
    "isinstance",
    "any",
    "all",
}


def is_no_module(model: Model, definition: Definition) -> bool:
    """Whether what a definition gives the attribute cannot be a module."""
    if definition.form in {"register_parameter", "register_buffer"}:
        return True
    return definition.value is None or _is_plain(model, definition.method, definition.value)


def _is_plain(model: Model, method: Method, value: ast.expr) -> bool:
    match value:
        case ast.Name():
            return _is_plain_name(model, method, value)
        case ast.Attribute(value=ast.Name()):
            return any(_counts(model, use) for use in ast.walk(method.node) if _reads_alike(use, value))
        case ast.IfExp(body=body, orelse=orelse):
            return _is_plain(model, method, body) and _is_plain(model, method, orelse)
        case ast.BinOp() | ast.Compare() | ast.JoinedStr() | ast.List() | ast.Tuple() | ast.Dict() | ast.Set():
            return True
        case ast.UnaryOp() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _BUILTINS and not model.source.scopes.is_bound(name, value)
        case ast.Call(func=func):
            path = model.source.path_of(func) or ""
            return path == "torch.nn.Parameter" or (path.startswith(("torch.", "math.")) and "torch.nn." not in path)
        case _:
            return is_literal(value)


def _is_plain_name(model: Model, method: Method, name: ast.Name) -> bool:
    """An argument with a literal default or a plain annotation, or one that is counted with or sizes a layer."""
    arguments = method.node.args
    given = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip(reversed([one.arg for one in given]), reversed(arguments.defaults), strict=False))
    defaults |= {
        one.arg: default for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default
    }
    default = defaults.get(name.id)
    if (
        default is not None
        and is_literal(default)
        and not (isinstance(default, ast.Constant) and default.value is None)
    ):
        return True
    for one in (*given, *arguments.kwonlyargs):
        if one.arg == name.id and isinstance(one.annotation, ast.Name) and one.annotation.id in _PLAIN_TYPES:
            return True
    uses = [node for node in ast.walk(method.node) if isinstance(node, ast.Name) and node.id == name.id]
    return any(_counts(model, use) for use in uses)


def _reads_alike(node: ast.AST, value: ast.Attribute) -> bool:
    """Whether both are `config.width`."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and isinstance(value.value, ast.Name)
        and (node.value.id, node.attr) == (value.value.id, value.attr)
    )


def _counts(model: Model, use: ast.AST) -> bool:
    """Whether an expression is an operand of arithmetic, or an argument of a torch layer."""
    match model.source.parent(use):
        case ast.BinOp():
            return True
        case ast.Call() as call if call.func is not use:
            return construction(model, call) is not None
        case ast.keyword() as keyword:
            return construction(model, model.source.parent(keyword)) is not None
        case _:
            return False
