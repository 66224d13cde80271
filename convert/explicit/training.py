"""Whether a tensor that a file makes trains, and the words that say so: nn.Parameter says it by itself.

`torch.randn(3, requires_grad=True)`, `torch.randn(3).requires_grad_()`, `Variable(torch.randn(3), requires_grad=True)`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from ..plan.plan import Kept
from ..source import Source, Span

Says = Literal["yes", "no", "parameter"]


@dataclass(frozen=True)
class Training:
    """`says`: whether the tensor trains; "parameter": it is an nn.Parameter already. `cuts`: what becomes needless."""

    says: Says
    cuts: tuple[Span, ...] = ()


def training_of(source: Source, value: ast.expr) -> Training:
    """Read one making of a tensor. Raises Kept where what trains is not what is kept."""
    span = source.span(value)
    match value:
        case ast.Call(func=ast.Attribute(value=inner, attr="requires_grad_") as func, args=args, keywords=[]) if _is_on(
            args
        ):
            _check_leaf(source, inner)
            place, dot = source.span(inner), source.text.rindex(".", 0, source.span(func).end)
            if source.text[span.start : place.start] == "(" and source.text[place.end : dot] == ")":
                return Training("yes", (Span(span.start, place.start), Span(place.end, span.end)))
            return Training("yes", (Span(dot, span.end),))
        case ast.Call(func=func) if source.path_of(func) == "torch.nn.Parameter":
            return Training("parameter")
        case ast.Call(func=func, args=[first], keywords=keywords) if source.path_of(func) == "torch.autograd.Variable":
            flag = _flag(keywords)
            if flag is None and keywords:
                raise Kept("NF287", value, text=source.says(value))
            place = source.span(first)
            return Training("yes" if flag else "no", (Span(span.start, place.start), Span(place.end, span.end)))
        case ast.Call(func=func, keywords=keywords) if (source.path_of(func) or "").startswith("torch."):
            flag = _flag(keywords)
            cuts = tuple(_cut(source, value, keyword) for keyword in keywords if keyword.arg == "requires_grad")
            return Training("yes" if flag else "no", cuts)
        case ast.Call(func=ast.Name(id=name)):
            returned = returned_value(source, name)
            said = "no" if returned is None else training_of(source, returned).says
            return Training("no" if said == "no" else "yes")
        case _:
            _check_leaf(source, value)
            return Training("no")


def returned_value(source: Source, name: str) -> ast.expr | None:
    """What a function at the top of the file returns, if it has one return at its end."""
    found = [node for node in source.tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    if len(found) != 1 or found[0].decorator_list or source.scopes.root.bindings.get(name) != {"?"}:
        return None
    returns = [node for node in ast.walk(found[0]) if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom))]
    last = found[0].body[-1]
    return last.value if returns == [last] and isinstance(last, ast.Return) else None


def _check_leaf(source: Source, value: ast.expr) -> None:
    """What is computed from a tensor that trains is no leaf: an optimiser could not train it."""
    for node in ast.walk(value):
        if isinstance(node, ast.keyword) and node.arg == "requires_grad" and _flag([node]) is not False:
            raise Kept("NF287", value, text=source.says(value))
        if isinstance(node, ast.Attribute) and node.attr == "requires_grad_":
            raise Kept("NF287", value, text=source.says(value))


def _is_on(args: list[ast.expr]) -> bool:
    return not args or (len(args) == 1 and isinstance(args[0], ast.Constant) and args[0].value is True)


def _flag(keywords: list[ast.keyword]) -> bool | None:
    for keyword in keywords:
        if keyword.arg == "requires_grad" and isinstance(keyword.value, ast.Constant):
            return bool(keyword.value.value)
    return None


def _cut(source: Source, call: ast.Call, keyword: ast.keyword) -> Span:
    """A keyword with the comma before it, or after it where it comes first."""
    parts = sorted([*call.args, *call.keywords], key=lambda part: source.span(part).start)
    number = parts.index(keyword)
    if number:
        return Span(source.span(parts[number - 1]).end, source.span(keyword).end)
    after = source.span(parts[1]).start if len(parts) > 1 else source.span(keyword).end
    return Span(source.span(keyword).start, after)
