"""Which classes of a file ran, told from the lines that a trace names."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from ..written import HANDED, model_name


def classes_of_lines(text: str, lines: Iterable[int | None]) -> frozenset[str]:
    """Names of the classes in whose body at least one of the lines lies, or in that of a function that was a method."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    ran = {line for line in lines if line is not None}
    parts = [*_classes(tree), *_functions(tree)]
    return frozenset(name for name, node in parts if any(node.lineno <= line <= (node.end_lineno or 0) for line in ran))


def _classes(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    yield from ((node.name, node) for node in tree.body if isinstance(node, ast.ClassDef))


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """`block_forward(params, buffers, …)` and all functions of that kind whose names begin like it."""
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    handed = {name: node for name, node in defined.items() if [one.arg for one in node.args.args[:2]] == list(HANDED)}
    stems = sorted((name.removesuffix("forward") for name in handed if name.endswith("forward")), key=len)
    for name, node in handed.items():
        stem = next((one for one in reversed(stems) if name.lstrip("_").startswith(one)), None)
        if stem is not None:
            made = (defined.get(f"{stem}init_{what}") for what in ("params", "buffers"))
            yield model_name(stem, (ast.get_docstring(one) for one in made if one is not None)), node
