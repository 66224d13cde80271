"""How a parameter or buffer is made: the shape and the initial values that its expression tells.

`nn.Parameter(torch.rand(16, 1, 5, 5))` → axes ("16", "1", "5", "5"), made by "rand".
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ..source import Source
from ..source.literal import is_literal
from .model import Definition

_MAKERS = {
    "torch.empty": "empty",
    "torch.Tensor": "empty",
    "torch.FloatTensor": "empty",
    "torch.rand": "rand",
    "torch.randn": "randn",
    "torch.zeros": "zeros",
    "torch.ones": "ones",
    "torch.full": "full",
    "torch.tensor": "tensor",
}
_FACTORY = {"dtype", "device"}


@dataclass(frozen=True)
class Creation:
    """`made_by` is a torch maker's name, or "other" for an expression whose shape is known but not its making.

    `axes` are source texts, a starred axis stands for several. `factory` holds dtype= and device= texts;
    `trains` is the text of requires_grad where it was given; `when` the condition of `… if when else None`.
    """

    made_by: str
    axes: tuple[str, ...]
    value: ast.expr
    fill: str | None = None
    factory: dict[str, str] = field(default_factory=dict)
    trains: str | None = None
    when: ast.expr | None = None


@dataclass(frozen=True)
class Made:
    """A maker call read: its kind, axes and what else it was given."""

    made_by: str
    axes: tuple[str, ...]
    fill: str | None = None
    factory: dict[str, str] = field(default_factory=dict)


def parameter_creation(source: Source, definition: Definition) -> Creation | None:
    """Read a definition of a Parameter; None where it is none, or where its shape does not stand in the text."""
    value = definition.value
    when: ast.expr | None = None
    if isinstance(value, ast.IfExp) and isinstance(value.orelse, ast.Constant) and value.orelse.value is None:
        when, value = value.test, value.body
    if not isinstance(value, ast.Call) or source.path_of(value.func) != "torch.nn.Parameter":
        return None
    given = dict(zip(("data", "requires_grad"), value.args, strict=False))
    given.update({keyword.arg or "**": keyword.value for keyword in value.keywords})
    if "data" not in given or not set(given) <= {"data", "requires_grad"}:
        return None
    made = _made(source, given["data"], definition)
    trains = given.get("requires_grad")
    if made is None or (trains is not None and not isinstance(trains, ast.Constant)):
        return None
    says = None if trains is None else source.says(trains)
    return Creation(made.made_by, made.axes, given["data"], made.fill, made.factory, says, when)


def buffer_creation(source: Source, definition: Definition) -> Creation | None:
    """Read a `register_buffer`; None where its shape does not stand in the text."""
    if definition.form != "register_buffer" or definition.value is None:
        return None
    made = _made(source, definition.value, definition)
    if made is None:
        return None
    return Creation(made.made_by, made.axes, definition.value, made.fill, made.factory)


def _made(source: Source, node: ast.expr, definition: Definition) -> Made | None:
    match node:
        case ast.Call(func=func):
            path = source.path_of(func)
            if path in _MAKERS:
                return _maker(source, node, _MAKERS[path])
            return None
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() | ast.Add() | ast.Sub(), right=right):
            return _scaled(source, node, left, right, definition)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            made = _made(source, operand, definition)
            return None if made is None else Made("other", made.axes, factory=made.factory)
        case ast.Name():
            return _local(source, node, definition)
        case _:
            return None


def _maker(source: Source, call: ast.Call, kind: str) -> Made | None:
    keywords = {keyword.arg or "**": keyword.value for keyword in call.keywords}
    factory = {name: source.says(keywords.pop(name)) for name in _FACTORY & keywords.keys()}
    keywords.pop("requires_grad", None)
    if kind == "tensor":
        axes = _nested(call.args[0]) if len(call.args) == 1 and not keywords else None
        return None if axes is None else Made("other", axes, factory=factory)
    sizes = list(call.args)
    fill = None
    if kind == "full":
        filler = keywords.pop("fill_value", None) or (sizes.pop() if len(sizes) == 2 else None)
        if filler is None:
            return None
        fill = source.says(filler)
    if not sizes and "size" in keywords:
        sizes = [keywords.pop("size")]
    if keywords or not sizes:
        return None
    if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
        if source.path_of(call.func) in {"torch.Tensor", "torch.FloatTensor"}:
            return None  # the values themselves, not a size
        sizes = list(sizes[0].elts)
    return Made(kind, tuple(_axis(source, size) for size in sizes), fill, factory)


def _axis(source: Source, size: ast.expr) -> str:
    """An axis as text; `*nn.modules.utils._pair(k)` loses its path, so that shapes know it."""
    if not isinstance(size, ast.Starred):
        return source.says(size)
    inner = size.value
    if isinstance(inner, ast.Call) and len(inner.args) == 1:
        path = source.path_of(inner.func) or ""
        if path.startswith("torch.nn.modules.utils._"):
            return f"*{path.rpartition('.')[2]}({source.says(inner.args[0])})"
    return "*" + source.says(inner)


def _nested(node: ast.expr) -> tuple[str, ...] | None:
    """The shape of nested lists of literals."""
    if not isinstance(node, (ast.List, ast.Tuple)):
        return () if is_literal(node) else None
    inner = {_nested(element) for element in node.elts}
    only = inner.pop() if len(inner) == 1 else None
    return None if only is None else (str(len(node.elts)), *only)


def _scaled(source: Source, node: ast.expr, left: ast.expr, right: ast.expr, definition: Definition) -> Made | None:
    """A maker scaled or shifted by a plain number keeps its shape."""
    for tensor, other in ((left, right), (right, left)):
        if _is_number(source, other):
            made = _made(source, tensor, definition)
            return None if made is None else Made("other", made.axes, factory=made.factory)
    return None


def _is_number(source: Source, node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int() | float()):
            return True
        case ast.UnaryOp(operand=operand):
            return _is_number(source, operand)
        case ast.BinOp(left=left, right=right):
            return _is_number(source, left) and _is_number(source, right)
        case ast.Call(func=func):
            return (source.path_of(func) or "").startswith("math.")
        case _:
            return False


def _local(source: Source, name: ast.Name, definition: Definition) -> Made | None:
    """`w = torch.randn(5, 4)` before `nn.Parameter(w)`: the shape is the local's, its values stay where they are."""
    function = definition.method.node
    stores = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name.id and n is not name]
    writes = [n for n in stores if not isinstance(n.ctx, ast.Load)]
    if (
        len(writes) != 1
        or len(stores) != 1
        or name.id in {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    ):
        return None
    assignment = source.parent(writes[0])
    if not (isinstance(assignment, ast.Assign) and assignment.targets == [writes[0]] and assignment in function.body):
        return None
    if source.span(assignment).start > source.span(name).start:
        return None
    made = _made(source, assignment.value, definition)
    return None if made is None else Made("other", made.axes, factory=made.factory)
