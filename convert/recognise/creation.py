"""How a parameter or buffer is made: the shape and the initial values that its expression tells.

`nn.Parameter(torch.rand(16, 1, 5, 5))` → axes ("16", "1", "5", "5"), made by "rand".
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..source import Source
from ..source.literal import is_literal
from .model import Definition, Method
from .returned import handed, is_plain, returning_function, with_arguments
from .scalars import is_number

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
Given = Mapping[str, ast.expr]
_IN_PLACE = {
    *("requires_grad_", "mul_", "div_", "add_", "sub_", "neg_", "clamp_", "zero_", "fill_", "normal_", "uniform_"),
}
_PLAIN = {"mul", "div", "neg", "clamp", "detach", "clone"}
"""Methods of a tensor that give one of its shape: those that change it, and others where they are given numbers."""


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
    made = _made(source, given["data"], definition, {})
    trains = given.get("requires_grad")
    if made is None or (trains is not None and not isinstance(trains, ast.Constant)):
        return None
    says = None if trains is None else source.says(trains)
    return Creation(made.made_by, made.axes, given["data"], made.fill, made.factory, says, when)


def buffer_creation(source: Source, definition: Definition) -> Creation | None:
    """Read a `register_buffer`; None where its shape does not stand in the text."""
    if definition.form != "register_buffer" or definition.value is None:
        return None
    made = _made(source, definition.value, definition, {})
    if made is None:
        return None
    return Creation(made.made_by, made.axes, definition.value, made.fill, made.factory)


def _made(source: Source, node: ast.expr, definition: Definition, given: Given) -> Made | None:
    match node:
        case ast.Call(func=func):
            path = source.path_of(func)
            if path in _MAKERS:
                return _maker(source, node, _MAKERS[path])
            return _shaped_alike(source, node, path, definition, given) or _returned(source, node)
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() | ast.Add() | ast.Sub(), right=right):
            return _scaled(source, left, right, definition, given)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            made = _made(source, operand, definition, given)
            return None if made is None else Made("other", made.axes, factory=made.factory)
        case ast.Name():
            return _local(source, node, definition, given)
        case _:
            return None


def _shaped_alike(
    source: Source, call: ast.Call, path: str | None, definition: Definition, given: Given
) -> Made | None:
    """What keeps the shape of the tensor that it is given: `nn.init.kaiming_normal_(torch.empty(…))`, `….mul_(0.1)`."""
    match call:
        case ast.Call(func=ast.Attribute(value=inner, attr=method), args=args) if path is None and (
            method in _IN_PLACE
            or (method in _PLAIN and all(is_number(source, each, definition.method.node, given) for each in args))
        ):
            made = _made(source, inner, definition, given)
        case ast.Call(args=[inner, *_]) if path == "torch.autograd.Variable" or _fills(path):
            made = _made(source, inner, definition, given)
        case _:
            return None
    return None if made is None else Made("other", made.axes, factory=made.factory)


def _fills(path: str | None) -> bool:
    return path is not None and path.startswith("torch.nn.init.") and path.endswith("_")


def _returned(source: Source, call: ast.Call) -> Made | None:
    """What a function of the file makes and returns, with the shape that this call of it asks for."""
    function = returning_function(source, call)
    given = None if function is None else handed(function, call)
    if function is None or given is None or not all(is_plain(value) for value in given.values()):
        return None
    last = function.body[-1]
    assert isinstance(last, ast.Return)
    assert last.value is not None
    made = _made(source, last.value, Definition(last, last.value, Method(function, None)), given)
    if made is None:
        return None
    texts = {name: source.says(value) for name, value in given.items()}
    axes = tuple(axis for one in made.axes for axis in with_arguments(one, texts))
    local = set(source.scopes.inside(function).bindings)
    used = {node.id for axis in axes for node in ast.walk(ast.parse(axis.lstrip("*"))) if isinstance(node, ast.Name)}
    plain = {node.id for value in given.values() for node in ast.walk(value) if isinstance(node, ast.Name)}
    return None if used - plain & local or made.factory else Made("other", axes)


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


def _scaled(source: Source, left: ast.expr, right: ast.expr, definition: Definition, given: Given) -> Made | None:
    """A maker scaled or shifted by a plain number keeps its shape."""
    for tensor, other in ((left, right), (right, left)):
        if is_number(source, other, definition.method.node, given):
            made = _made(source, tensor, definition, given)
            return None if made is None else Made("other", made.axes, factory=made.factory)
    return None


def _local(source: Source, name: ast.Name, definition: Definition, given: Given) -> Made | None:
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
    made = _made(source, assignment.value, definition, given)
    return None if made is None else Made("other", made.axes, factory=made.factory)
