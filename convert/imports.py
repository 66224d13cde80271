"""Imports after a rewriting: a file gains those its new text needs and loses those it no longer uses because of us."""

from __future__ import annotations

import ast
import sys

from .source import Source, Span

Patch = tuple[Span, str]

_STATEMENTS = {
    "torch": "import torch",
    "torch.nn.functional": "import torch.nn.functional as F",
    "math": "import math",
    "functools.partial": "from functools import partial",
}
_STANDARD = ("math", "functools.partial")
_OURS = ("torch", "math", "functools")


def settle_imports(before: Source, after: Source, wanted: set[str]) -> str:
    """The rewritten text with its imports put in order.

    `wanted` are module paths whose usual name the new text uses. An import goes only if it bound one name of torch or
    math that was used before and is not used now.
    """
    gone = _unused(before, after)
    left = [node for node in after.tree.body if _is_import(node) and node not in gone]
    patches = [_without(after, statement) for statement in gone]
    standard = [_STATEMENTS[path] for path in _STANDARD if path in wanted]
    patches += [_standard(after, left, after.lines.newline.join(standard))] if standard else []
    patches += [_torch(after, left, _STATEMENTS[path]) for path in sorted(wanted.difference(_STANDARD))]
    text = after.text
    # from the end of the text backwards; of two at one place the later goes in first, so the earlier stands before it
    for _, (span, new) in sorted(enumerate(patches), key=lambda item: (item[1][0], item[0]), reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


def _is_import(node: ast.stmt) -> bool:
    """An import that others may stand beside: not `from __future__`, which comes first of all."""
    return isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module != "__future__")


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
    return set(source.reads)


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


def _without(source: Source, statement: ast.stmt) -> Patch:
    """Take an import's lines away, and the blank line after it where it stood alone."""
    lines = source.lines
    start = lines.line_span(statement.lineno).start
    end = lines.line_span(statement.end_lineno or statement.lineno).end
    alone_above = not source.text[:start].strip() or source.text[:start].endswith(lines.newline * 2)
    if alone_above and source.text[end:].startswith(lines.newline):
        end += len(lines.newline)
    return Span(start, end), ""


def _family(node: ast.stmt) -> str:
    name = node.names[0].name if isinstance(node, ast.Import) else getattr(node, "module", None) or ""
    return name.partition(".")[0]


def _torch(source: Source, imports: list[ast.stmt], statement: str) -> Patch:
    """After the first run of torch imports, where a reader looks for it; `import torch` before them."""
    torch_imports = [node for node in imports if _family(node) == "torch"] or imports
    if statement == "import torch" or not torch_imports:
        return _above(source, torch_imports[0] if torch_imports else _beginning(source), statement)
    last = torch_imports[0]
    for node in torch_imports[1:]:
        if node.lineno - (last.end_lineno or last.lineno) <= 1:
            last = node
    end, stop = source.span(last).end, source.lines.line_stop(last.end_lineno or last.lineno)
    rest = source.text[end:stop].strip()
    if rest and not rest.startswith("#"):
        return Span(end, end), f"; {statement}"
    return Span(stop, stop), source.lines.newline + statement


def _standard(source: Source, imports: list[ast.stmt], statement: str) -> Patch:
    """Standard library first: with its own kind, else above everything with a blank line after it."""
    kin = bool(imports) and _family(imports[0]) in sys.stdlib_module_names
    first = imports[0] if imports else _beginning(source)
    return _above(source, first, statement, gap="" if kin else source.lines.newline)


def _above(source: Source, node: ast.stmt, statement: str, gap: str = "") -> Patch:
    """On a line of its own above a statement; before it on the same line, where that has company."""
    start, place = source.lines.line_span(_first_line(node)).start, source.span(node).start
    if _first_line(node) == node.lineno and source.text[start:place].strip():
        return Span(place, place), f"{statement}; "
    return Span(start, start), statement + source.lines.newline + gap


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _beginning(source: Source) -> ast.stmt:
    """The first statement that is neither the docstring nor an import that comes first of all."""
    for index, node in enumerate(source.tree.body):
        docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not docstring and not future:
            return node
    raise AssertionError("a file that is rewritten has statements")
