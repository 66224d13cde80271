"""Takes class statements away from around their methods: these move to the left and become functions.

Text inside strings of several lines stays where it is, but for docstrings.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from ..plan.wrap import statement_rows
from ..source import Source, Span
from ..source.lines import Lines
from ..written import model_said
from .form import Form
from .heads import head_of, head_span
from .shape import is_static

_LONGEST = 120


def lift(source: Source, forms: Sequence[Form]) -> str:
    """The text with the classes of these forms, whose bodies are rewritten already, as functions."""
    return placed(source, functions_of(source, forms), frozenset())


def functions_of(source: Source, forms: Sequence[Form]) -> dict[str, str]:
    """The text of each class's functions, two blank lines between them."""
    by_name = {form.facts.model.name: form for form in forms}
    classes = [node for node in source.tree.body if isinstance(node, ast.ClassDef) and node.name in by_name]
    return {node.name: _functions(source, node, by_name[node.name]) for node in classes}


def named(text: str, name: str) -> str:
    """Functions of a class, with its name in the docstring of the first where none of them says it."""
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    first = functions[0].body[0]
    if any(model_said(ast.get_docstring(node)) == name for node in functions) or not isinstance(first, ast.Expr):
        return text
    lines = Lines(text)
    end = lines.span(first).end
    end -= 3 if text[:end].endswith(('"""', "'''")) else 1
    start = lines.line_span(lines.line_of(end)).start
    says = f"Initial parameters of {name}."
    if not text[start:end].strip():
        return f"{text[:end]}{says}{lines.newline}{text[start:]}"
    return f"{text[:end].rstrip()} {says}{text[end:]}"


def placed(source: Source, functions: Mapping[str, str], staying: Collection[str]) -> str:
    """The text with functions in the places of classes; those that are staying have them below."""
    text, newline = source.text, source.lines.newline
    for node in reversed(source.tree.body):
        if isinstance(node, ast.ClassDef) and node.name in functions:
            new = functions[node.name]
            span = Span(
                source.lines.line_span(node.lineno).start, source.lines.line_stop(node.end_lineno or node.lineno)
            )
            if node.name in staying:
                new = text[span.start : span.end] + newline * 3 * bool(new) + new
            text = text[: span.start] + new + text[span.end :]
    return text


def _functions(source: Source, node: ast.ClassDef, form: Form) -> str:
    """The functions of one class."""
    newline = source.lines.newline
    heads = {name: head_of(form, method) for name, method in form.facts.model.methods.items()}
    blocks = []
    start = _after_head(source, node)
    remarks = [text for place, text in source.comments_in(Span(source.span(node).start, start))]
    remarks += _orphaned(node)
    if "__init__" not in heads and form.makes_params:
        name, unit = form.names["init_params"], source.indent_unit
        says = f'"""Initial parameters of {node.name}."""'
        blocks.append(newline.join([f"def {name}():", unit + says, f"{unit}return {{}}"]))
    for statement in node.body:
        first = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", ()))])
        begin = source.lines.line_span(first).start
        stop = source.lines.line_span(statement.end_lineno or first).end
        above = source.text[start:begin]
        start = stop
        if not isinstance(statement, ast.FunctionDef):
            above += "".join(text + newline for _, text in source.comments_in(Span(begin, stop)))
            remarks += [row.strip() for row in above.splitlines() if row.strip()]
            continue
        if statement.name == "__init__" and not form.makes_params:
            continue
        block = _function(source, statement, heads, form)
        rows = [*remarks, *(row.strip() for row in above.splitlines() if row.strip())]
        remarks = []
        blocks.append(newline.join([*rows, block]))
    return (newline * 3).join([*blocks, *([newline.join(remarks)] if remarks else [])])


def _orphaned(node: ast.ClassDef) -> Iterator[str]:
    """The class's docstring as a remark, where forward has one of its own."""
    forward = next(one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "forward")
    if ast.get_docstring(forward) is not None:
        yield from (f"# {row}".rstrip() for row in (ast.get_docstring(node) or "").splitlines())


def _after_head(source: Source, node: ast.ClassDef) -> int:
    """The line after `class Net(nn.Module):`; comments above the first statement belong to that."""
    first = node.body[0]
    line = min([first.lineno, *(one.lineno for one in getattr(first, "decorator_list", ()))])
    while line > node.lineno + 1 and _is_remark(source, line - 1):
        line -= 1
    return source.lines.line_span(line).start


def _is_remark(source: Source, line: int) -> bool:
    row = source.lines.line_span(line)
    text = source.text[row.start : row.end].strip()
    return not text or text.startswith("#")


def _function(source: Source, node: ast.FunctionDef, heads: Mapping[str, str], form: Form) -> str:
    """One method moved to the left, under its new head."""
    newline = source.lines.newline
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    whole = Span(source.lines.line_span(first).start, source.lines.line_stop(node.end_lineno or first))
    rows = list(_moved(source, node, whole, len(source.lines.indentation(first))))
    if node.name not in heads:
        return newline.join(rows)
    if is_static(node):
        rows, first = rows[1:], first + 1  # the decorator goes
    rows = _remarks_below(node, rows, first, form.begun.get(node.name, 0))
    span = head_span(source, node)
    top, bottom = source.lines.line_of(span.start) - first, source.lines.line_of(span.end) - first
    head = heads[node.name].split("\n")
    head[-1] += source.text[span.end : source.lines.line_stop(bottom + first)]
    documented = ast.get_docstring(node) is not None
    body = rows[bottom + 1 :] if any(string_rows(node)) else list(_wrapped(rows[bottom + 1 :], form))
    return newline.join([*rows[:top], *head, *(() if documented else _docstring(form, node)), *body])


def _wrapped(rows: Sequence[str], form: Form) -> Iterator[str]:
    """Rows that have become too long, with the arguments of their call on a row each where these are plain.

    A call inside the call would stay on rows of its own when it is read back as a layer.
    """
    source = form.facts.model.source
    for row in rows:
        text = row.strip()
        given_back = ", buffers" if text.endswith("), buffers") else ""
        plain = text.removesuffix(given_back)
        returned = plain.startswith("return ")
        stated = f"_ = {plain[7:]}" if returned else plain
        if len(row) <= _LONGEST or text in source.text or not _is_plain_call(stated):
            yield row
            continue
        indent = row[: len(row) - len(row.lstrip())]
        texts = statement_rows(stated, source.indent_unit, len(indent))
        texts[0] = f"return {texts[0][4:]}" if returned else texts[0]
        texts[-1] += given_back
        yield from (indent + one for one in texts)


def _is_plain_call(text: str) -> bool:
    """`x = f(a, b, c=g(d))`: one statement, and no calls among what is given by position."""
    try:
        body = ast.parse(text).body
    except SyntaxError:  # a part of a statement of several rows
        return False
    call = getattr(body[0], "value", None) if len(body) == 1 else None
    if not isinstance(call, ast.Call) or not text.endswith(")"):
        return False
    return not any(isinstance(node, ast.Call) for argument in call.args for node in ast.walk(argument))


def _docstring(form: Form, node: ast.FunctionDef) -> Iterator[str]:
    """For a function without one: that of the class for forward, a plain one for what was the constructor."""
    source = form.facts.model.source
    first = form.facts.model.node.body[0]
    if node.name == "__init__":
        yield f'{source.indent_unit}"""Initial parameters of {form.facts.model.name}."""'
    elif node.name == "forward" and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        yield from (source.indent_unit + source.says(first)).splitlines()


def _remarks_below(node: ast.FunctionDef, rows: list[str], first: int, begun: int) -> list[str]:
    """A comment above the first statement stays with it: what the function now begins with goes before."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not begun:
        return rows
    before = node.body[0].end_lineno if body is not node.body else None
    start, stop = body[0].lineno - first, (body[begun - 1].end_lineno or first) - first + 1
    top = start
    while top - 1 > (before or node.lineno) - first and rows[top - 1].strip().startswith("#"):
        top -= 1
    return [*rows[:top], *rows[start:stop], *rows[top:start], *rows[stop:]]


def _moved(source: Source, node: ast.FunctionDef, span: Span, width: int) -> Iterator[str]:
    """The lines of a function, each with so many blanks fewer, but for lines that begin inside a string."""
    kept = set(string_rows(node))
    number = source.lines.line_of(span.start)
    last = source.lines.line_of(span.end)
    while number <= last:
        row = source.text[source.lines.line_span(number).start : source.lines.line_stop(number)]
        blanks = len(row) - len(row.lstrip(" \t"))
        yield row if number in kept else row[min(width, blanks) :]
        number += 1


def string_rows(node: ast.FunctionDef) -> Iterator[int]:
    """Lines of a function that begin inside a string, but for docstrings."""
    documents = {
        inner.body[0].value
        for inner in ast.walk(node)
        if isinstance(inner, ast.FunctionDef) and isinstance(inner.body[0], ast.Expr)
    }
    for inner in ast.walk(node):
        if not isinstance(inner, (ast.Constant, ast.JoinedStr)) or inner in documents:
            continue
        if isinstance(inner, ast.JoinedStr) or isinstance(inner.value, (str, bytes)):
            yield from range(inner.lineno + 1, (inner.end_lineno or inner.lineno) + 1)
