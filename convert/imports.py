"""Imports after a rewriting: a file gains those its new text needs and loses those it no longer uses because of us."""

from __future__ import annotations

import ast
import sys

from .source import Source

_STATEMENTS = {
    "torch": "import torch",
    "torch.nn.functional": "import torch.nn.functional as F",
    "math": "import math",
}
_OURS = ("torch", "math")


def settle_imports(before: Source, after: Source, wanted: set[str]) -> str:
    """The rewritten text with its imports put in order.

    `wanted` are module paths whose usual name the new text uses. An import goes only if it bound one name of torch or
    math that was used before and is not used now.
    """
    text = after.text
    gone = _unused(before, after)
    for statement in reversed(gone):
        text = _without(after, text, statement)
    if wanted:
        text = _with(Source(text, after.path), sorted(wanted, key=lambda path: (path != "math", path)))
    return text


def _unused(before: Source, after: Source) -> list[ast.stmt]:
    used_before, used_now = _uses(before), _uses(after)
    exported = _exported(after)
    found: list[ast.stmt] = []
    for statement in after.tree.body:
        if not isinstance(statement, (ast.Import, ast.ImportFrom)) or len(statement.names) != 1:
            continue
        alias = statement.names[0]
        module = alias.name if isinstance(statement, ast.Import) else statement.module or ""
        bound = alias.asname or alias.name.partition(".")[0]
        if module.partition(".")[0] not in _OURS or bound == "*" or bound in exported:
            continue
        if bound in used_before and bound not in used_now and not _has_comment(after, statement):
            found.append(statement)
    return found


def _uses(source: Source) -> set[str]:
    return {node.id for node in source.every(ast.Name) if isinstance(node.ctx, ast.Load)}


def _exported(source: Source) -> set[str]:
    """Names listed in `__all__`, as far as they are literal strings anywhere in the file."""
    return {
        element.value
        for node in source.tree.body
        if isinstance(node, (ast.Assign, ast.AugAssign))
        for element in ast.walk(node.value)
        if isinstance(element, ast.Constant) and isinstance(element.value, str)
    }


def _has_comment(source: Source, statement: ast.stmt) -> bool:
    row = source.lines.line_span(statement.end_lineno or statement.lineno)
    return "#" in source.text[row.start : row.end] or ";" in source.text[row.start : row.end]


def _without(source: Source, text: str, statement: ast.stmt) -> str:
    """Take an import's lines away, and the blank line after it where it stood alone."""
    lines = source.lines
    start = lines.line_span(statement.lineno).start
    last = statement.end_lineno or statement.lineno
    end = lines.line_span(last).end
    alone_above = not source.text[:start].strip() or source.text[:start].endswith(lines.newline * 2)
    following = source.text[end:]
    if alone_above and following.startswith(lines.newline):
        end += len(lines.newline)
    return text[:start] + text[end:]


def _with(source: Source, wanted: list[str]) -> str:
    text = source.text
    for path in wanted:
        here = Source(text, source.path) if text is not source.text else source
        text = _add_math(here) if path == "math" else _add_torch(here, _STATEMENTS[path])
    return text


def _imports(source: Source) -> list[ast.stmt]:
    return [node for node in source.tree.body if isinstance(node, (ast.Import, ast.ImportFrom)) and not _future(node)]


def _future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _family(node: ast.stmt) -> str:
    name = node.names[0].name if isinstance(node, ast.Import) else getattr(node, "module", None) or ""
    return name.partition(".")[0]


def _add_torch(source: Source, statement: str) -> str:
    """After the last top-level import of torch; `import torch` before the first."""
    imports = _imports(source)
    torch_imports = [node for node in imports if _family(node) == "torch"] or imports
    if statement == "import torch" and torch_imports:
        start = source.lines.line_span(torch_imports[0].lineno).start
        return source.text[:start] + statement + source.lines.newline + source.text[start:]
    # stay inside the first run of torch imports, where a reader looks for it
    last = torch_imports[0]
    for node in torch_imports[1:]:
        if node.lineno - (last.end_lineno or last.lineno) <= 1:
            last = node
    end = source.lines.line_stop(last.end_lineno or last.lineno)
    return source.text[:end] + source.lines.newline + statement + source.text[end:]


def _add_math(source: Source) -> str:
    """Standard library first: with its own kind, else above everything with a blank line after it."""
    imports = _imports(source)
    first = imports[0]
    start = source.lines.line_span(first.lineno).start
    gap = "" if _family(first) in sys.stdlib_module_names else source.lines.newline
    return source.text[:start] + "import math" + source.lines.newline + gap + source.text[start:]
