"""Which expressions are plain numbers for certain: a tensor that is scaled by one keeps its shape."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ..source import Source
from .model import Def

_ROOTS = {"numpy.sqrt", "numpy.log", "numpy.exp", "numpy.prod", "numpy.float32"}


def is_number(source: Source, node: ast.expr, function: Def, given: Mapping[str, ast.expr]) -> bool:
    """Whether an expression in a function is a number; `given` is what its arguments are given, as far as is known."""
    match node:
        case ast.Constant(value=int() | float()):
            return True
        case ast.UnaryOp(operand=operand):
            return is_number(source, operand, function, given)
        case ast.BinOp(left=left, right=right):
            return is_number(source, left, function, given) and is_number(source, right, function, given)
        case ast.Call(func=func, args=args):
            path = source.path_of(func) or _path(source, func)
            all_numbers = all(is_number(source, argument, function, given) for argument in args)
            return path.startswith("math.") or (path in _ROOTS and all_numbers)
        case ast.Subscript(value=ast.Name(id=name)) if name in given:
            return isinstance(given[name], (ast.List, ast.Tuple)) and _is_size(source, function, name)
        case ast.Name():
            return _is_number_name(source, node, function, given)
        case _:
            return False


def _is_number_name(source: Source, node: ast.Name, function: Def, given: Mapping[str, ast.expr]) -> bool:
    """A constant of the module, an argument that is given a number, or a local that is bound once to one."""
    stores = [
        name
        for name in ast.walk(function)
        if isinstance(name, ast.Name) and name.id == node.id and not isinstance(name.ctx, ast.Load)
    ]
    if node.id in given and not stores:
        return is_number(source, given[node.id], function, {}) or _is_size(source, function, node.id)
    if any(argument.arg == node.id for argument in ast.walk(function.args) if isinstance(argument, ast.arg)):
        return False
    if not stores:
        return node.id in source.constants and _is_numeric_constant(source, node.id)
    parent = source.parent(stores[0])
    if len(stores) != 1 or not isinstance(parent, ast.Assign) or parent.targets != stores:
        return False
    return parent.lineno < node.lineno and is_number(source, parent.value, function, given)


def _is_size(source: Source, function: Def, name: str) -> bool:
    """Whether an argument is a size of a tensor that the function makes, or holds its sizes: `torch.randn(*size)`."""
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and source.path_of(call.func) in {"torch.randn", "torch.rand", "torch.zeros"}:
            sizes = [one.value if isinstance(one, ast.Starred) else one for one in call.args]
            if any(isinstance(size, ast.Name) and size.id == name for size in sizes):
                return True
    return False


def _is_numeric_constant(source: Source, name: str) -> bool:
    for statement in source.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                return not any(
                    isinstance(node, (ast.List, ast.Tuple, ast.Set)) for node in ast.walk(value)
                ) and not any(
                    isinstance(node, ast.Constant) and not isinstance(node.value, (int, float))
                    for node in ast.walk(value)
                )
    return False


def _path(source: Source, func: ast.expr) -> str:
    """The dotted path of a name of numpy."""
    match func:
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return f"{source.scopes.meaning(owner, func.value) or ''}.{name}"
        case _:
            return ""
