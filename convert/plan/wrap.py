"""Long statements of the plan's own making, one argument a line: `x = F.batch_norm(` … `)`."""

from __future__ import annotations

import ast

from .edits import Line, line

WIDTH = 100


def statement_lines(text: str, depth: int) -> list[Line]:
    """A statement that gives a call's value away, on one line where it fits, else with an argument on each."""
    if len(text) <= WIDTH or "\n" in text:
        return [line(text, depth=depth)]
    statement = ast.parse(text).body[0]
    call = getattr(statement, "value", None)
    if not isinstance(call, ast.Call) or not text.endswith(")"):
        return [line(text, depth=depth)]
    arguments: list[ast.AST] = [*call.args, *call.keywords]
    encoded = text.encode()
    first = min(node.col_offset for node in arguments)  # type: ignore[attr-defined]
    rows = [encoded[node.col_offset : node.end_col_offset].decode() for node in arguments]  # type: ignore[attr-defined]
    head = encoded[:first].decode()
    return [line(head, depth=depth), *(line(f"{row},", depth=depth + 1) for row in rows), line(")", depth=depth)]
