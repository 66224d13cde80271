"""Where a statement stands among its neighbours."""

from __future__ import annotations

import ast

from ..source import Source


def block_of(source: Source, statement: ast.stmt) -> list[ast.stmt]:
    """The list of statements that holds this one."""
    parent = source.parent(statement)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return [statement]


def previous_statement(source: Source, statement: ast.stmt) -> ast.stmt | None:
    """The statement just before, in the same block."""
    block = block_of(source, statement)
    index = block.index(statement)
    return block[index - 1] if index else None


def next_statements(source: Source, statement: ast.stmt) -> list[ast.stmt]:
    """The statements after this one, in the same block."""
    block = block_of(source, statement)
    return block[block.index(statement) + 1 :]
