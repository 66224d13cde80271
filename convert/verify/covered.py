"""Which classes of a file ran, told from the lines that a trace names."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def classes_of_lines(text: str, lines: Iterable[int | None]) -> frozenset[str]:
    """Names of the top-level classes in whose body at least one of the lines lies."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    ran = {line for line in lines if line is not None}
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(node.lineno <= line <= (node.end_lineno or 0) for line in ran)
    )
