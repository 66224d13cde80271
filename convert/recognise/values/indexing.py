"""What is taken out of a value: `x[0]` of a tensor or a tuple, what a loop runs over, what an assignment unpacks."""

from __future__ import annotations

import ast
from collections.abc import Callable as Function

from ..value import WHOLE, Array, Callable, Row, Value

Ask = Function[[ast.expr], Value | None]


def item(value: Value | None, place: int | None, of: int | None = None) -> Value | None:
    """One part of a value by its place, `of` so many; None as the place stands for any."""
    match value:
        case Array(tensor=certain):
            inner = value.within(1).shifted(-1)
            return inner if certain else None
        case Row(parts=parts) if parts is not None and place is not None and (of is None or of == len(parts)):
            return parts[place] if -len(parts) <= place < len(parts) else None
        case Row():
            return value.any_part()
        case Callable(listed=True, built=built):
            return Callable(built)
        case _:
            return None


def subscripted(value: Value | None, index: ast.expr, ask: Ask) -> Value | None:
    """`value[index]`."""
    held = ask(index)
    match value:
        case Array():
            return _indexed(value, index, ask)
        case Row(parts=parts, each=each, grows=grows):
            if not isinstance(index, ast.Slice):
                return item(value, _constant(index))
            if parts is None:
                return Row(None, each, grows)
            bounds = [None if one is None else _constant(one) for one in (index.lower, index.upper, index.step)]
            written = [one is not None for one in (index.lower, index.upper, index.step)]
            if any(there and bound is None for there, bound in zip(written, bounds, strict=True)):
                return Row(None, value.any_part(), grows)
            return Row(parts[slice(*bounds)], grows=grows)
        case Callable(listed=True, built=built):
            alone = held == WHOLE or _constant(index) is not None
            return Callable(built, listed=not alone) if alone or isinstance(index, ast.Slice) else None
        case _:
            return None


def _indexed(value: Array, index: ast.expr, ask: Ask) -> Array:
    """A tensor's part; how many axes it has where the index shows it."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    fewer = more = 0
    for part in parts:
        if isinstance(part, ast.Slice) or (isinstance(part, ast.Constant) and part.value is ...):
            continue
        if isinstance(part, ast.Constant) and part.value is None:
            more += 1
        elif _constant(part) is not None or ask(part) == WHOLE:
            fewer += 1
        else:
            return Array(value.tensor)
    return value.within(fewer).shifted(more - fewer)


def _constant(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
        case _:
            return None
