"""Where functions and statements stand, line by line, and what a method makes of a function's head."""

from __future__ import annotations

import ast
import io
import tokenize

from ..source import Source, Span
from .pieces import whole_lines


def method_arguments(function: ast.FunctionDef | None, without: str | None) -> str:
    """The arguments of a method, from those of a function."""
    assert function is not None
    arguments = ast.parse(ast.unparse(function)).body[0].args  # type: ignore[attr-defined]
    for group in (arguments.posonlyargs, arguments.args):
        group[:] = [argument for argument in group if argument.arg != without]
    (arguments.posonlyargs or arguments.args).insert(0, ast.arg("self"))
    return ast.unparse(arguments)


def docstring_rows(function: ast.FunctionDef) -> int:
    """How many rows of a body its docstring takes."""
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return (first.end_lineno or first.lineno) - first.lineno + 1
    return 0


def lines_of(source: Source, node: ast.stmt) -> Span:
    return whole_lines(source, node.lineno, node.end_lineno or node.lineno)


def lines_with_blanks(source: Source, function: ast.FunctionDef) -> Span:
    """A function's lines and the blank lines after it, which set it off."""
    last = function.end_lineno or function.lineno
    total = source.lines.line_of(len(source.text))
    while (
        last < total
        and not source.text[source.lines.line_span(last + 1).start : source.lines.line_stop(last + 1)].strip()
    ):
        last += 1
    return whole_lines(source, first_line(source, function), last)


def first_line(source: Source, statement: ast.stmt) -> int:
    """Where the comment just above a statement begins, else the statement."""
    line = statement.lineno
    while line > 1:
        row = source.text[source.lines.line_span(line - 1).start :].lstrip(" \t")
        if not row.startswith("#") or row.startswith("# nnflip:"):  # which tells notebooks' cells apart
            break
        line -= 1
    return line


def header_end(source: Source, function: ast.FunctionDef) -> int:
    """The line on which `def …:` ends."""
    start = source.lines.line_span(function.lineno).start
    rows = io.StringIO(source.text[start:], newline="").readline
    depth = 0
    for token in tokenize.generate_tokens(rows):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
            if token.string == ":" and depth == 0:
                return function.lineno + token.start[0] - 1
    return function.lineno


def in_string(source: Source, node: ast.AST) -> bool:
    """Whether a node stands in an f-string, where old Pythons do not tell its place."""
    return any(type(around).__name__ in {"JoinedStr", "TemplateStr"} for around in source.ancestors(node))
