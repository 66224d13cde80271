"""Definitions of one attribute of which a run meets one: in the branches of an `if`, perhaps after a first default."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import combinations

from ..source import Source
from .block import block_of
from .model import Definition


def first_of(source: Source, definitions: Sequence[Definition]) -> Definition | bool | None:
    """The default that the others replace; None where there is none, False where runs may meet them otherwise."""
    in_order = sorted(definitions, key=lambda one: one.statement.lineno)
    if _are_exclusive(source, in_order):
        return None
    first, *others = in_order
    block = block_of(source, first.statement)
    later = block[block.index(first.statement) + 1 :]
    inside = all(any(around in later for around in source.ancestors(one.statement)) for one in others)
    return first if inside and _are_exclusive(source, others) else False


def _are_exclusive(source: Source, definitions: Sequence[Definition]) -> bool:
    """Whether no run meets two of them."""
    return all(_part(source, one.statement, other.statement) for one, other in combinations(definitions, 2))


def _part(source: Source, one: ast.stmt, other: ast.stmt) -> bool:
    """Whether the nearest statement around both is an `if` that has them in different branches."""
    path = [one, *source.ancestors(one)]
    inner: ast.AST = other
    for around in source.ancestors(other):
        if around in path:
            branch = path[path.index(around) - 1]
            return isinstance(around, ast.If) and (branch in around.body) != (inner in around.body)
        inner = around
    return False
