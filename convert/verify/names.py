"""Which names of torch a file uses, by their full dotted path, read from its syntax tree without running it."""

from __future__ import annotations

import ast


def torch_names(text: str) -> tuple[str, ...]:
    """`F.relu(x)` after `import torch.nn.functional as F` → `torch.nn.functional.relu`; empty if it does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    known = _imported(tree)
    found = {path for path in known.values() if "." in path}
    inner: set[int] = set()  # `a.b` inside `a.b.c` is not a use of its own
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in inner:
            path = _dotted(node, known, inner)
            if path is not None:
                found.add(path)
    return tuple(sorted(found))


def _imported(tree: ast.Module) -> dict[str, str]:
    """Local name → dotted path, for everything imported from torch."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "torch":
                    known[alias.asname or "torch"] = alias.name if alias.asname else "torch"
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "torch":
            for alias in node.names:
                if alias.name != "*" and not node.level:
                    known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return known


def _dotted(node: ast.Attribute, known: dict[str, str], inner: set[int]) -> str | None:
    parts: list[str] = []
    here: ast.expr = node
    while isinstance(here, ast.Attribute):
        parts.append(here.attr)
        inner.add(id(here))
        here = here.value
    if isinstance(here, ast.Name) and here.id in known:
        return ".".join([known[here.id], *reversed(parts)])
    return None
