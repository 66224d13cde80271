"""The heads of functions that were methods: `def forward(self, x)` → `def forward(params, buffers, x, *, training)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..recognise.model import Method
from ..source import Source, Span
from .form import Form
from .shape import is_static

_WIDTH = 100


def signature(
    source: Source, method: Method, first: Sequence[str], more: Sequence[str] = (), *, whole: bool = False
) -> list[str]:
    """The arguments as text: `first` in place of self, `more` at the end of those that are given by name.

    `whole` for a method that has no self.
    """
    given = method.node.args
    plain = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults)) + list(given.defaults)
    found = list(first)
    for one, default in list(zip(plain, defaults, strict=True))[0 if whole else 1 :]:
        found.append(argument(source, one, default))
    if given.vararg is not None:
        found.append(f"*{argument(source, given.vararg, None)}")
    elif given.kwonlyargs or more:
        found.append("*")
    found += [argument(source, one, value) for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    found += more
    return [*found, f"**{argument(source, given.kwarg, None)}"] if given.kwarg is not None else found


def argument(source: Source, node: ast.arg, default: ast.expr | None) -> str:
    """`width: int = 8` as it stands."""
    if default is None:
        return source.says(node)
    return f"{source.says(node)}{' = ' if node.annotation is not None else '='}{source.says(default)}"


def head_of(form: Form, method: Method) -> str:
    """The whole head of the function that a method becomes, from `def` to the colon."""
    name, source = method.name, form.facts.model.source
    if name == "__init__":
        return _joined(form.names["init_params"], signature(source, method, ()), "")
    says = "" if method.node.returns is None else f" -> {source.says(method.node.returns)}"
    if is_static(method.node):
        return _joined(form.names[name], signature(source, method, (), whole=True), says)
    more = ["training", *(() if form.is_root else ("prefix",)), *_handed(form, name)]
    given_back = name == "forward" and form.is_root and form.changes
    says = "" if given_back else says
    return _joined(form.names[name], signature(source, method, ("params", "buffers"), more), says)


def _handed(form: Form, name: str) -> Iterator[str]:
    init = form.facts.model.init
    for one in form.handed[name]:
        assert init is not None
        nodes = [*init.node.args.posonlyargs, *init.node.args.args, *init.node.args.kwonlyargs]
        node = next(each for each in nodes if each.arg == one)
        yield argument(form.facts.model.source, node, form.facts.arguments[one])


def _joined(name: str, arguments: Sequence[str], returns: str) -> str:
    text = f"def {name}({', '.join(arguments)}){returns}:"
    if len(text) <= _WIDTH:
        return text
    rows = "".join(f"    {one},\n" for one in arguments)
    return f"def {name}(\n{rows}){returns}:"


def head_span(source: Source, node: ast.FunctionDef) -> Span:
    """From `def` to the colon before the body."""
    start = source.span(node).start
    if node.decorator_list:
        start = source.text.index("def", source.span(node.decorator_list[-1]).end)
    first = node.body[0]
    stop = source.lines.line_span(first.lineno).start
    return Span(start, source.text.rindex(":", start, _before_comments(source, start, stop)) + 1)


def _before_comments(source: Source, start: int, stop: int) -> int:
    """Where comments begin that stand between a head and its body."""
    node_end = stop
    for place, _ in source.comments_in(Span(start, stop)):
        line_start = source.lines.line_span(source.lines.line_of(place.start)).start
        before = source.text[line_start : place.start].strip()
        if before.endswith(":") or not before:
            node_end = min(node_end, place.start)
    return node_end
