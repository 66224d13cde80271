"""Lists of a file's own modules written as `nn.ModuleList([Block(i) for i in range(n)])`, which functions can follow.

A Sequential of them becomes such a list and a method that runs it; one that a loop fills is written in one piece. Keys
and the order in which modules are made stay what they were.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from ..recognise.model import Attribute, Definition, Model, models_of
from ..source import Source, Span

Patches = list[tuple[Span, str]]


def arranged(text: str, path: str, only: Collection[str]) -> str:
    """The text with such lists in the constructors of its models, one after the other; of all where none is named."""
    for _ in range(2 * text.count("ModuleList") + 2 * text.count("Sequential")):
        source = Source(text, path)
        models = list(models_of(source))
        names = {model.name for model in models}
        if _asks_for_sequentials(source):
            return text
        wanted = [model for model in models if not only or model.name in only]
        patches = next((found for model in wanted for found in _in_class(model, names) if found), None)
        if patches is None:
            return text
        for span, new in sorted(patches, key=lambda patch: patch[0].start, reverse=True):
            text = text[: span.start] + new + text[span.end :]
    return text


def _asks_for_sequentials(source: Source) -> bool:
    """Whether something tells modules by their being Sequentials, which they would no longer be."""
    calls = [call for call in source.every(ast.Call) if isinstance(call.func, ast.Name)]
    asked = [call for call in calls if call.func.id in {"isinstance", "type", "issubclass"}]  # type: ignore[attr-defined]
    return any(
        isinstance(node, (ast.Name, ast.Attribute)) and source.path_of(node) == "torch.nn.Sequential"
        for call in asked
        for node in source.walk(call)
    )


def _in_class(model: Model, classes: Collection[str]) -> Iterator[Patches]:
    if model.init is None or model.init.self_name is None:
        return
    body = model.init.node.body
    for attribute in model.attributes.values():
        match attribute.definitions:
            case [Definition(ast.Assign(value=ast.Call() as value) as statement, _, method, "assign")] if (
                method is model.init and statement in body and not attribute.odd and not attribute.named
            ):
                path = model.source.path_of(value.func)
                if path == "torch.nn.Sequential" and not value.keywords:
                    yield _from_local(model, statement, value, classes) or _as_list(model, attribute, value, classes)
                elif path == "torch.nn.ModuleList" and not value.keywords:
                    yield _from_local(model, statement, value, classes) or _grown(model, attribute, value, classes)
            case _:
                continue


def _makes(node: ast.expr, classes: Collection[str]) -> bool:
    """Whether an expression makes a module of the file's own."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes


def _as_list(model: Model, attribute: Attribute, value: ast.Call, classes: Collection[str]) -> Patches:
    """`nn.Sequential(A(), B())` → `nn.ModuleList([A(), B()])`, and a method that runs it where it was called."""
    source, name = model.source, attribute.name
    given: ast.expr | None
    match value.args:
        case [ast.Starred(value=ast.ListComp(elt=element) | ast.GeneratorExp(elt=element) as given)]:
            made = [element]
        case [ast.Starred(value=ast.List(elts=elements) as given)]:
            made = list(elements)
        case _:
            given, made = None, list(value.args)
    calls = [source.parent(use) for use in attribute.uses]
    runner = f"run_{name.lstrip('_')}"
    fine = all(
        isinstance(call, ast.Call) and call.func is use and len(call.args) == 1 and not call.keywords
        for call, use in zip(calls, attribute.uses, strict=True)
    )
    owner = value.func.value if isinstance(value.func, ast.Attribute) else None
    inside = any(isinstance(call, ast.Call) and isinstance(call.args[0], ast.Starred) for call in calls if call) or any(
        model.method_of(use) is model.init for use in attribute.uses
    )
    taken = runner in model.methods or runner in model.attributes or name.startswith("__")
    if owner is None or not fine or inside or taken or not made or not all(_makes(one, classes) for one in made):
        return []
    span, last = source.span(value), value.args[-1]
    opened = source.lines.span(value.args[0]).start if given is None else source.span(given).start
    closed = source.span(last).end if given is None else source.span(given).end
    text = source.text[opened:closed]
    if isinstance(given, ast.GeneratorExp):
        text = text[1:-1] if text.startswith("(") else text
    listed = f"[{text}]" if not isinstance(given, (ast.List, ast.ListComp)) else text
    if source.comments_in(Span(span.start, opened)) or source.comments_in(Span(closed, span.end)):
        return []
    patches = [(span, f"{source.says(owner)}.ModuleList({listed})")]
    patches += [
        (source.span(use), f"{model.init.self_name if model.init else 'self'}.{runner}") for use in attribute.uses
    ]
    return [*patches, _runner(model, name, runner)] if attribute.uses else patches


def _runner(model: Model, name: str, runner: str) -> tuple[Span, str]:
    """The method that runs a list of modules, at the end of the class."""
    source, unit = model.source, model.source.indent_unit
    end = source.lines.line_stop(model.node.end_lineno or model.node.lineno)
    rows = (
        "",
        f"{unit}def {runner}(self, x):",
        f"{unit * 2}for layer in self.{name}:",
        f"{unit * 3}x = layer(x)",
        f"{unit * 2}return x",
    )
    return Span(end, end), "".join(source.lines.newline + row for row in rows)


def _grown(model: Model, attribute: Attribute, value: ast.Call, classes: Collection[str]) -> Patches:
    """`self.blocks = nn.ModuleList()` and a loop that appends to it → one statement where the loop was."""
    source, init = model.source, model.init
    assert init is not None
    empty = not value.args or (isinstance(value.args[0], ast.List) and not value.args[0].elts)
    uses = [use for use in attribute.uses if model.method_of(use) is init]
    if not empty or len(uses) != 1 or not isinstance(value.func, ast.Attribute):
        return []
    loop = _appending(model, uses[0], classes)
    definition = attribute.definitions[0].statement
    if loop is None or source.comments_in(_rows(source, definition)):
        return []
    listed = f"{source.says(value.func)}([{_comprehended(source, loop)}])"
    return [(_rows(source, definition), ""), (source.span(loop), f"{source.says(uses[0])} = {listed}")]


def _from_local(model: Model, statement: ast.stmt, value: ast.Call, classes: Collection[str]) -> Patches:
    """`layers = []`, a loop that appends to it and `nn.Sequential(*layers)` just after that → one statement."""
    source, init = model.source, model.init
    assert init is not None
    match value.args:
        case [ast.Starred(value=ast.Name() as last)] | [ast.Name() as last]:
            handed = value.args[0]
        case _:
            return []
    names = [node for node in source.walk(init.node) if isinstance(node, ast.Name) and node.id == last.id]
    place = init.node.body.index(statement)
    stores = [node for node in names if not isinstance(node.ctx, ast.Load)]
    reads = [node for node in names if isinstance(node.ctx, ast.Load) and node is not last]
    if place == 0 or len(stores) != 1 or len(reads) != 1:
        return []
    first = source.statement(stores[0])
    loop = _appending(model, reads[0], classes)
    match first:
        case ast.Assign(targets=[_], value=ast.List(elts=[])) if first in init.node.body:
            pass
        case _:
            return []
    if loop is None or init.node.body[place - 1] is not loop or source.comments_in(_rows(source, first)):
        return []
    star = "*" if isinstance(handed, ast.Starred) else ""
    return [
        (_rows(source, first), ""),
        (_rows(source, loop), ""),
        (source.span(handed), f"{star}[{_comprehended(source, loop)}]"),
    ]


def _appending(model: Model, use: ast.expr, classes: Collection[str]) -> ast.For | None:
    """`for i in range(n): <use>.append(Block(i))` at the top level of the constructor, and nothing else in the loop."""
    source, init = model.source, model.init
    assert init is not None
    call = source.parent(source.parent(use) or use)
    loop = source.parent(source.statement(use))
    match loop, call:
        case (
            ast.For(body=[ast.Expr(value=only)], orelse=[]),
            ast.Call(func=ast.Attribute(attr="append"), args=[made], keywords=[]),
        ) if only is call and loop in init.node.body:
            inner = [node for node in source.walk(made) if isinstance(node, ast.expr)]
            if not any(_makes(node, classes) for node in inner) or source.comments_in(source.span(loop)):
                return None
            given = {node.id for node in source.walk(loop.target) if isinstance(node, ast.Name)}
            again = [n for n in source.walk(init.node) if isinstance(n, ast.Name) and n.id in given]
            return loop if all(_is_of_loop(source, node) for node in again) else None
        case _:
            return None


def _is_of_loop(source: Source, node: ast.Name) -> bool:
    """Whether a name belongs to a loop around it, whichever: what it was before or is afterwards is not read."""
    for around in source.ancestors(node):
        loops = [around] if isinstance(around, ast.For) else getattr(around, "generators", [])
        if any(isinstance(one, ast.Name) and one.id == node.id for loop in loops for one in source.walk(loop.target)):
            return True
    return False


def _comprehended(source: Source, loop: ast.For) -> str:
    """`Block(i) for i in range(n)`."""
    (only,) = loop.body
    assert isinstance(only, ast.Expr)
    assert isinstance(only.value, ast.Call)
    return f"{source.says(only.value.args[0])} for {source.says(loop.target)} in {source.says(loop.iter)}"


def _rows(source: Source, node: ast.stmt) -> Span:
    """The whole lines of a statement."""
    lines = source.lines
    return Span(lines.line_span(node.lineno).start, lines.line_span(node.end_lineno or node.lineno).end)
