"""Puts functions below a class statement: they move to the right and become methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ..source import Source, Span
from ..to_pure.heads import argument, head_span
from ..to_pure.lift import string_rows
from .groups import Group
from .write import Writer

_TO_US = "# nnflip:"
"""Remarks to nnflip itself, such as where a notebook's cells begin, stay where they are."""


def sink(source: Source, writers: Sequence[Writer], base: str) -> str:
    """The text with the functions of these models, whose bodies are rewritten, as classes below `base` (nn.Module)."""
    defined = {node.name: node for node in source.tree.body if isinstance(node, ast.FunctionDef)}
    patches: list[tuple[Span, str]] = []
    for writer in writers:
        nodes = sorted((defined[one.name] for one in writer.group.functions), key=lambda node: node.lineno)
        spans = [_whole(source, node) for node in nodes]
        text = source.lines.newline.join(_class(source, writer, defined, base))
        for span in spans[:-1]:
            after = source.text[span.end :]
            patches.append((Span(span.start, span.end + len(after) - len(after.lstrip())), ""))
        patches.append((spans[-1], text))  # the last place: what the heads name has been defined by then
    text = source.text
    for span, new in sorted(patches, key=lambda patch: patch[0].start, reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


def _whole(source: Source, node: ast.FunctionDef) -> Span:
    """A function with its decorators and the remarks just above it."""
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    while first > 1:
        row = source.lines.line_span(first - 1)
        text = source.text[row.start : row.end]
        if not text.startswith("#") or text.startswith(_TO_US):
            break
        first -= 1
    return Span(source.lines.line_span(first).start, source.lines.line_stop(node.end_lineno or first))


def _class(source: Source, writer: Writer, defined: Mapping[str, ast.FunctionDef], base: str) -> Iterator[str]:
    """The rows of one class."""
    group, unit = writer.group, source.indent_unit
    yield f"class {group.name}({base}):"
    init = [*_constructor(source, writer, defined)]
    yield from init
    for index, name in enumerate(group.methods):
        if index or init:
            yield ""
        yield from _shifted(source, defined[name], unit, _method_head(writer.source, group, name))


def _constructor(source: Source, writer: Writer, defined: Mapping[str, ast.FunctionDef]) -> Iterator[str]:
    """`__init__`: what made the parameters, then what made the buffers."""
    group, unit = writer.group, source.indent_unit
    lines = [*writer.settings(), *writer.stateless()]
    if not group.makers and not lines:
        return
    first = group.makers[0] if group.makers else group.forward
    head = f"def __init__({', '.join(['self', *_constructor_arguments(writer.source, group, first)])}):"
    if not group.makers:
        yield unit + head
        yield f"{unit * 2}super().__init__()"
        yield from (unit * 2 + "".join(str(part) for part in one.parts) for one in lines)
        return
    yield from _shifted(source, defined[first.name], unit, head)
    if group.state is not None and group.init is not None:
        node = defined[group.state.name]
        rows = list(_shifted(source, node, unit, ""))
        body = [row for row in rows[_head_rows(source, node) :] if row.strip() != "pass"]
        yield from body


def _constructor_arguments(source: Source, group: Group, node: ast.FunctionDef) -> Iterator[str]:
    if group.makers:
        yield from _arguments(source, node, 0, ())
        return
    by_name = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    yield from (argument(source, one, value) for one, value in by_name if one.arg in group.handed)


def _method_head(source: Source, group: Group, name: str) -> str:
    node = group.methods[name]
    arguments = ["self", *_arguments(source, node, 2, ("training", "prefix", *group.handed))]
    returns = f" -> {source.says(node.returns)}" if node.returns is not None else ""
    return f"def {group.method_name(name)}({', '.join(arguments)}){returns}:"


def _arguments(source: Source, node: ast.FunctionDef, skip: int, without: Sequence[str]) -> Iterator[str]:
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults)) + list(given.defaults)
    yield from (argument(source, one, value) for one, value in list(zip(plain, defaults, strict=True))[skip:])
    named = [
        (one, value) for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if one.arg not in without
    ]
    if given.vararg is not None:
        yield f"*{argument(source, given.vararg, None)}"
    elif named:
        yield "*"
    yield from (argument(source, one, value) for one, value in named)
    if given.kwarg is not None:
        yield f"**{argument(source, given.kwarg, None)}"


def _head_rows(source: Source, node: ast.FunctionDef) -> int:
    """How many rows a function has before its body, remarks above it included."""
    whole = _whole(source, node)
    return source.lines.line_of(head_span(source, node).end) - source.lines.line_of(whole.start) + 1


def _shifted(source: Source, node: ast.FunctionDef, unit: str, head: str) -> Iterator[str]:
    """The rows of a function under another head, one level further in; rows inside strings stay."""
    whole, span = _whole(source, node), head_span(source, node)
    kept = set(string_rows(node))
    first, last = source.lines.line_of(whole.start), source.lines.line_of(whole.end)
    top, bottom = source.lines.line_of(span.start), source.lines.line_of(span.end)
    for number in range(first, last + 1):
        row = source.text[source.lines.line_span(number).start : source.lines.line_stop(number)]
        if number == top:
            rest = source.text[span.end : source.lines.line_stop(bottom)]
            yield unit + head + rest
        elif not top < number <= bottom:
            yield row if number in kept or not row.strip() else unit + row
