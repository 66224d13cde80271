"""Arithmetic that joins two tensors, as a fact: `x + y`, `x += y`, `torch.add(x, y)`, `torch.cat([x, y], 1)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .model import Model
from .values import is_tensor

_CAT = {"torch.cat", "torch.concat", "torch.concatenate"}


@dataclass(frozen=True)
class Join:
    """One place where tensors meet: "add" or "cat", and its arguments, the name of a keyword before its value."""

    node: ast.expr | ast.AugAssign
    name: str
    arguments: tuple[tuple[str, ast.expr], ...]
    certain: bool


def joins(model: Model) -> Iterator[Join]:
    """Every join in a class, inner before outer; `certain` where both sides are tensors beyond doubt."""
    found = [
        join for method in model.methods.values() for node in ast.walk(method.node) if (join := _read(model, node))
    ]
    yield from sorted(found, key=lambda join: (join.node.end_lineno or 0, join.node.end_col_offset or 0))


def _read(model: Model, node: ast.AST) -> Join | None:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _sum(model, node, left, right)
        case ast.AugAssign(target=left, op=ast.Add(), value=right):
            return _sum(model, node, left, right)
        case ast.Call(func=func, args=[left, right], keywords=[]) if model.source.path_of(func) == "torch.add":
            return _sum(model, node, left, right)
        case ast.Call(func=func, args=args, keywords=keywords) if model.source.path_of(func) in _CAT:
            names = ["tensors", "dim"][len(args) :]
            given = [(keyword.arg, keyword.value) for keyword in keywords]
            plain = len(args) in (1, 2) and not any(isinstance(each, ast.Starred) for each in args)
            if plain and all(name == "dim" and name in names for name, _ in given):
                arguments = [("", each) for each in args] + [(f"{name}=", value) for name, value in given]
                return Join(node, "cat", tuple(arguments), certain=True)
    return None


def _sum(model: Model, node: ast.expr | ast.AugAssign, left: ast.expr, right: ast.expr) -> Join | None:
    """A sum of two tensors; None for what is clearly one of numbers or with a number."""
    if any(isinstance(side, ast.Constant | ast.List | ast.Tuple | ast.JoinedStr) for side in (left, right)):
        return None
    sides = [is_tensor(model, left), is_tensor(model, right)]
    return Join(node, "add", (("", left), ("", right)), certain=all(sides)) if any(sides) else None
