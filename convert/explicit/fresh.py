"""Which expressions make a tensor of their own, of floating point: only such can become a module's parameter.

A view of another weight, a number, a table of integers or None cannot.
"""

from __future__ import annotations

import ast

from ..plan.plan import Kept
from ..recognise.returned import returning_function
from ..source import Source
from .weights import Entry, Making

_MAKERS = {
    f"torch.{name}"
    for name in ("empty", "rand", "randn", "zeros", "ones", "eye", "normal", "Tensor", "FloatTensor", "DoubleTensor")
}
_OF_VALUES = {"torch.tensor", "torch.full", "torch.as_tensor"}
_FLOATS = {
    "torch.float",
    "torch.float32",
    "torch.float64",
    "torch.double",
    "torch.half",
    "torch.float16",
    "torch.bfloat16",
}
_WRAPS = {"torch.nn.Parameter", "torch.autograd.Variable"}
_CHANGES_KIND = {"long", "int", "bool", "short", "byte", "to", "type", "view", "t", "expand", "numpy", "tolist", "item"}


def check_fresh(source: Source, making: Making) -> None:
    """Raise Kept for an entry that cannot become a parameter or buffer."""
    for entry in making.entries:
        if not is_fresh(source, entry.value) and not _is_single_local(source, making, entry):
            raise Kept("NF287", entry.value, text=" ".join(source.says(entry.value).split())[:80])


def is_fresh(source: Source, node: ast.expr, depth: int = 0) -> bool:
    """Whether an expression makes a new tensor of floating point."""
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            path = source.path_of(func)
            if path in _MAKERS:
                return _is_float(source, keywords)
            if path in _OF_VALUES:
                given = any(keyword.arg == "dtype" for keyword in keywords)
                return _is_float(source, keywords) and (given or _holds_float(node))
            if path in _WRAPS or ((path or "").startswith("torch.nn.init.") and (path or "").endswith("_")):
                return bool(args) and is_fresh(source, args[0], depth)
            if path is None and isinstance(func, ast.Attribute):
                return func.attr not in _CHANGES_KIND and is_fresh(source, func.value, depth)
            return _returns_fresh(source, node, depth)
        case ast.BinOp(left=left, right=right):
            return is_fresh(source, left, depth) or is_fresh(source, right, depth)
        case ast.UnaryOp(operand=operand):
            return is_fresh(source, operand, depth)
        case _:
            return False


def _returns_fresh(source: Source, call: ast.Call, depth: int) -> bool:
    """Whether a function of the file gives back a tensor that it has made."""
    function = returning_function(source, call) if depth < 5 else None
    last = function.body[-1] if function is not None else None
    if function is None or not isinstance(last, ast.Return) or last.value is None:
        return False
    if not isinstance(last.value, ast.Name):
        return is_fresh(source, last.value, depth + 1)
    bound = _bound(source, function, last.value.id)
    return bound is not None and is_fresh(source, bound, depth + 1)


def _bound(source: Source, function: ast.FunctionDef, name: str) -> ast.expr | None:
    """What the only assignment of a function's local gives it."""
    stores = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]
    stores = [node for node in stores if not isinstance(node.ctx, ast.Load)]
    parent = source.parent(stores[0]) if len(stores) == 1 else None
    return parent.value if isinstance(parent, ast.Assign) and parent.targets == stores else None


def _is_single_local(source: Source, making: Making, entry: Entry) -> bool:
    """`w = torch.randn(3)`, then `{"w": w}`, and nothing else is done with w."""
    if not isinstance(entry.value, ast.Name) or making.function is None:
        return False
    names = [n for n in ast.walk(making.function) if isinstance(n, ast.Name) and n.id == entry.value.id]
    reads = [name for name in names if isinstance(name.ctx, ast.Load)]
    bound = _bound(source, making.function, entry.value.id)
    return len(reads) == 1 and bound is not None and is_fresh(source, bound)


def _is_float(source: Source, keywords: list[ast.keyword]) -> bool:
    given = [keyword.value for keyword in keywords if keyword.arg == "dtype"]
    return not given or source.path_of(given[0]) in _FLOATS


def _holds_float(call: ast.Call) -> bool:
    """Whether a number with a point stands among the values."""
    return any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in ast.walk(call))


def check_in_place(source: Source, reads: list[ast.expr]) -> None:
    """Raise Kept where a weight is changed in place while autograd watches: a parameter must not be."""
    for node in reads:
        around = source.parent(node)
        if _is_watched_change(source, node, around) and not is_unwatched(source, node):
            raise Kept("NF287", node, text=" ".join(source.says(source.statement(node)).split())[:80])


def _is_watched_change(source: Source, node: ast.expr, around: ast.AST | None) -> bool:
    match around:
        case ast.Attribute(attr=name) if isinstance(source.parent(around), ast.Call):
            return name.endswith("_") and not name.endswith("__") and name not in {"requires_grad_", "zero_grad_"}
        case ast.Attribute(attr="numpy" | "data_ptr"):
            return True
        case ast.Subscript(ctx=ast.Store()):
            return True
        case _:
            return False


def is_unwatched(source: Source, node: ast.AST) -> bool:
    """Whether a node stands under `with torch.no_grad():`."""
    return any(
        isinstance(around, ast.With)
        and any(
            isinstance(item.context_expr, ast.Call) and source.path_of(item.context_expr.func) == "torch.no_grad"
            for item in around.items
        )
        for around in source.ancestors(node)
    )
