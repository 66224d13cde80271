"""Methods that no function is made of: those that a constructor calls go into it, those that print a module go."""

from __future__ import annotations

import ast
from collections.abc import Collection

from ..recognise.model import Method, Model, models_of
from ..rewrite import shares_line
from ..source import Source, Span

_PRINTING = {"extra_repr", "__repr__"}


def inlined(source: Source, names: Collection[str]) -> str:
    """The text with `self.reset_parameters()` of the named classes written out in their constructors."""
    patches: list[tuple[Span, str]] = []
    models = list(models_of(source))
    for model in models:
        if model.name not in names:
            continue
        others = [one for one in models if one is not model]
        for method in list(model.methods.values()):
            if method.name in _PRINTING and _is_for_printing(model, method):
                patches.append((_lines_of(source, method), ""))
                continue
            call = _only_call(model, method, others) if model.init is not None else None
            if call is not None and _fits(model, method):
                patches += _patches(model, method, call)
    text = source.text
    for span, new in sorted(patches, key=lambda patch: patch[0].start, reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


def _is_for_printing(model: Model, method: Method) -> bool:
    """How a module prints is nothing that functions have; a remark in it would be lost with it."""
    node, source = method.node, model.source
    if node.decorator_list or any(one.attr == method.name for one in source.every(ast.Attribute)):
        return False
    return not any(source.comments_in(_lines_of(source, method))) and len(model.methods) > 1


def _only_call(model: Model, method: Method, others: Collection[Model]) -> ast.stmt | None:
    """`self.reset_parameters()`, the one use of a method, at the top level of the constructor.

    What `others` call on themselves is a method of their own.
    """
    assert model.init is not None
    if method.name in {"__init__", "forward"} or method.self_name is None or model.attribute(method.name).named:
        return None
    uses = model.attribute(method.name).uses
    places = [
        node
        for node in model.source.every(ast.Attribute)
        if node.attr == method.name and not any(node in one.own_nodes for one in others)
    ]
    if len(uses) != 1 or len(places) != 1 or model.attribute(method.name).definitions:
        return None
    call = model.source.parent(uses[0])
    statement = model.source.parent(call) if call is not None else None
    plain = isinstance(call, ast.Call) and call.func is uses[0] and not call.args and not call.keywords
    if plain and isinstance(statement, ast.Expr) and statement in model.init.node.body:
        return None if shares_line(model.source, statement) else statement
    return None


def _fits(model: Model, method: Method) -> bool:
    """Whether the body means the same in the constructor: no arguments, no early return, no names in common."""
    init = model.init
    assert init is not None
    node, given = method.node, method.node.args
    if len(given.args) != 1 or given.vararg or given.kwonlyargs or given.kwarg or node.decorator_list:
        return False
    if method.self_name != init.self_name or shares_line(model.source, node.body[0]):
        return False
    if any(isinstance(inner, (ast.Return, ast.Yield, ast.YieldFrom, ast.Await)) for inner in ast.walk(node)):
        return False
    return not (_names(node) - {method.self_name}) & _locals(init.node) and not _locals(node) & _names(init.node)


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _locals(node: ast.AST) -> set[str]:
    stored = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
    given = {inner.arg for inner in ast.walk(node) if isinstance(inner, ast.arg)}
    return stored | (given - {"self"})


def _patches(model: Model, method: Method, call: ast.stmt) -> list[tuple[Span, str]]:
    """The body in place of the call's lines; the method's own lines go, with the blank ones above them."""
    source, lines = model.source, model.source.lines
    body = method.node.body[1:] if ast.get_docstring(method.node) is not None else method.node.body
    if not body:
        return []
    start = lines.line_span(body[0].lineno).start
    while start > 0 and _is_remark(source, lines.line_of(start) - 1, method.node.lineno):
        start = lines.line_span(lines.line_of(start) - 1).start
    end = lines.line_stop(body[-1].end_lineno or body[-1].lineno)
    place = Span(lines.line_span(call.lineno).start, lines.line_stop(call.end_lineno or call.lineno))
    return [(place, source.text[start:end]), (_lines_of(source, method), "")]


def _lines_of(source: Source, method: Method) -> Span:
    """A method with the blank lines above it."""
    lines = source.lines
    first, last = method.node.lineno, method.node.end_lineno or method.node.lineno
    while first > 1 and not source.text[lines.line_span(first - 1).start : lines.line_stop(first - 1)].strip():
        first -= 1
    return Span(lines.line_span(first).start, lines.line_span(last).end)


def _is_remark(source: Source, line: int, head: int) -> bool:
    """A comment on a line of its own between the head and the body."""
    row = source.text[source.lines.line_span(line).start : source.lines.line_stop(line)].strip()
    return line > head and row.startswith("#")
