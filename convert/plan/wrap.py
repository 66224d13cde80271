"""Long statements of the plan's own making: `x = F.batch_norm(`, its arguments a level deeper, `)`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .edits import Line, Rows, line

WIDTH = 100


def statement_lines(text: str, depth: int) -> list[Line]:
    """A statement that gives a call's value away; its arguments go over several lines where one is too short."""
    if split := _split(text):
        head, arguments = split
        return [line(head, Rows(tuple((one,) for one in arguments)), ")", depth=depth)]
    return [line(text, depth=depth)]


def statement_rows(text: str, unit: str, margin: int) -> list[str]:
    """Such a statement as rows of text that begin `margin` columns from the left."""
    if (split := _split(text)) is None or margin + len(text) <= WIDTH:
        return [text]
    head, arguments = split
    return [head, *(unit + row for row in argument_rows(arguments, margin + len(unit))), ")"]


def argument_rows(arguments: Sequence[str], margin: int, *, always: bool = False) -> list[str]:
    """The rows of a call's arguments, `margin` columns from the left: all in one if it fits, else one in each."""
    together = ", ".join(arguments)
    if not always and "\n" not in together and margin + len(together) <= WIDTH:
        return [together]
    return [f"{argument}," for argument in arguments]


def _split(text: str) -> tuple[str, list[str]] | None:
    """What comes before the arguments of the call, and these."""
    if "\n" in text or not text.endswith(")"):
        return None
    call = getattr(ast.parse(text).body[0], "value", None)
    if not isinstance(call, ast.Call) or not (call.args or call.keywords):
        return None
    arguments: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    encoded = text.encode()
    rows = [encoded[node.col_offset : node.end_col_offset].decode() for node in arguments]
    return encoded[: min(node.col_offset for node in arguments)].decode(), rows
