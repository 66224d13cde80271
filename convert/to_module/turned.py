"""A parameter of (in, out) that becomes the weight of nn.Linear, which is (out, in): its values and uses, transposed.

`self.w = nn.Parameter(torch.randn(i, o))` → `self.fc.weight.copy_(torch.randn(i, o).t())`. A use in which the layout
would show without being told keeps the layer.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container

from ..plan.edits import Line, Part, arguments, line
from ..plan.initial import deliberate_line
from ..plan.plan import Kept, Plan
from ..source import Source
from ..source.literal import is_literal, literal_int
from .owned import Owned

_EITHER_WAY = {"device", "dtype", "is_cuda", "ndim", "requires_grad"}
_EITHER_WAY_CALLED = {"dim", "element_size", "nelement", "numel", "requires_grad_"}
_ALIKE = {"uniform_", "normal_", "trunc_normal_", "xavier_uniform_", "xavier_normal_"}
"""Functions of torch.nn.init that draw the same distribution for a matrix and its transpose."""

_EVEN = {"constant_", "zeros_", "ones_"}
_DRAWN = {"uniform_", "normal_", "exponential_", "cauchy_", "log_normal_"}
_SET = {"fill_", "zero_"}
_SCALED = {"mul_", "div_", "add_", "sub_"}
_DRAWING_MAKERS = {"rand", "randn"}


def turned_values(tensor: Owned, target: str, value: str, spell: Callable[[str], str], *, exact: bool) -> list[Line]:
    """The statements that give a weight the values of the parameter that it was: those that it drew where `exact`."""
    made_by = tensor.creation.made_by
    if made_by != "other" and not (exact and made_by in _DRAWING_MAKERS):
        spelled = deliberate_line(target, made_by, tensor.creation.fill, value, spell)
        return [] if spelled is None else [spelled]
    if not isinstance(tensor.creation.value, (ast.Call, ast.Name, ast.Attribute)):
        value = f"({value})"
    return [line(f"with {spell('torch.no_grad')}():"), line(f"{target}.copy_({value}.t())", depth=1)]


def follow_turned(
    plan: Plan, use: ast.Attribute, weight: str, spell: Callable[[str], str], handed: Container[int], *, exact: bool
) -> None:
    """Make another use of the parameter mean the same of the transposed weight. Raises Kept.

    `handed` are the nodes that calls of the layer were handed, by id: a local that holds the parameter for them alone.
    """
    source, edits = plan.model.source, plan.edits
    parent = source.parent(use)
    if _is_only_handed(plan, use, handed):
        edits.replace(use, weight)
        return
    match parent:
        case ast.Attribute(attr="shape") if (item := _item(source, parent)) is not None:
            edits.replace(item, f"{weight}.shape[{_other(item.slice)}]")
            return
        case ast.Attribute(attr="size") if (call := _called(source, parent)) is not None:
            if len(call.args) == 1 and not call.keywords and _other(call.args[0]) is not None:
                edits.replace(call, f"{weight}.size({_other(call.args[0])})")
                return
        case ast.Attribute(attr=attr) if attr in _EITHER_WAY:
            edits.replace(use, weight)
            return
        case ast.Attribute(attr=attr) if attr in _EITHER_WAY_CALLED and _called(source, parent) is not None:
            edits.replace(use, weight)
            return
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]) if (
            left is use
        ):
            edits.replace(use, weight)
            return
    if not _follow_filling(plan, use, weight, spell, exact=exact):
        raise Kept("NF261", use, name=use.attr, text=_around(source, use))


def _is_only_handed(plan: Plan, use: ast.Attribute, handed: Container[int]) -> bool:
    """`w = self.w`, or a part of `w, b = self.w, self.b`, where w goes nowhere but into the layer."""
    match plan.model.source.statement(use):
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is use:
            pass
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if use in values:
            target = names[values.index(use)] if len(names) == len(values) else None
            if not isinstance(target, ast.Name):
                return False
            name = target.id
        case _:
            return False
    method = plan.model.method_of(use)
    loads = [
        node
        for node in (ast.walk(method.node) if method is not None else ())
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]
    return bool(loads) and all(id(node) in handed for node in loads)


def _follow_filling(plan: Plan, use: ast.Attribute, weight: str, spell: Callable[[str], str], *, exact: bool) -> bool:
    """A statement that fills the parameter: `nn.init.xavier_uniform_(self.w)`, `self.w.data.uniform_(-s, s)`."""
    source = plan.model.source
    statement = source.statement(use)
    data = source.parent(use)
    through = isinstance(data, ast.Attribute) and data.attr == "data" and isinstance(data.ctx, ast.Load)
    tensor: ast.expr = data if through and isinstance(data, ast.Attribute) else use
    target = f"{weight}.data" if through else weight
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    call = statement.value
    path = source.path_of(call.func) or ""
    if path.startswith("torch.nn.init.") and path.endswith("_") and call.args[:1] == [tensor]:
        _follow_init(plan, statement, call, tensor, target, spell, exact=exact)
        return True
    match call.func:
        case ast.Attribute(value=owner, attr=name) if owner is tensor:
            if name in _SET or (name in _SCALED and all(is_literal(each) for each in call.args) and not call.keywords):
                plan.edits.replace(tensor, target)
                return True
            if name in _DRAWN:
                kept = f"{target}.t().contiguous()"
                if exact:
                    plan.edits.replace(
                        call, f"{target}.copy_({kept}.{name}(", *arguments(call.args, call.keywords), ").t())"
                    )
                else:
                    plan.edits.replace(tensor, target)
                return True
    return False


def _follow_init(
    plan: Plan,
    statement: ast.Expr,
    call: ast.Call,
    tensor: ast.expr,
    target: str,
    spell: Callable[[str], str],
    *,
    exact: bool,
) -> None:
    name = plan.model.source.says(call.func)
    kind = name.rpartition(".")[2]
    if kind in _EVEN or (kind in _ALIKE and not exact):
        plan.edits.replace(tensor, target)
    elif exact:
        rest = arguments(call.args[1:], call.keywords, ", ")
        drawn: tuple[Part, ...] = (f"{target}.copy_({name}({target}.t().contiguous()", *rest, ").t())")
        plan.edits.replace_statement(statement, line(f"with {spell('torch.no_grad')}():"), Line(drawn, 1))
    else:
        plan.edits.replace(tensor, f"{target}.t()")


def _around(source: Source, use: ast.Attribute) -> str:
    """The statement of a use, or as much of it as can be shown."""
    statement = source.statement(use)
    simple = isinstance(statement, (ast.Expr, ast.Assign, ast.AugAssign, ast.Return))
    text = " ".join(source.says(statement if simple else source.parent(use) or use).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _called(source: Source, node: ast.Attribute) -> ast.Call | None:
    call = source.parent(node)
    return call if isinstance(call, ast.Call) and call.func is node else None


def _item(source: Source, node: ast.Attribute) -> ast.Subscript | None:
    item = source.parent(node)
    fits = isinstance(item, ast.Subscript) and item.value is node and _other(item.slice) is not None
    return item if fits and isinstance(item, ast.Subscript) else None


def _other(axis: ast.expr) -> int | None:
    """The same axis of the transpose."""
    return {0: 1, 1: 0, -1: -2, -2: -1}.get(literal_int(axis) if literal_int(axis) is not None else 2)  # type: ignore[arg-type]
