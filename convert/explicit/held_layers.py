"""Writes objects that hold a layer's tensors as that layer: what it is, a class with the same lines has told.

The lines of the method that makes the object are tried as a constructor, and one call of torch as its forward: what
the class becomes is what the object is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..outcome import Conversion, Converted, ModelOutcome, Options
from ..plan.guards import Guards
from ..plan.plan import Kept
from ..recognise.returned import is_plain
from ..recognise.surroundings import Surroundings
from ..source import Source, Span
from ..style import style_of
from .held import HeldCall, Maker, held_makers, without
from .pieces import Patched, Row, whole_lines
from .places import lines_of

Convert = Callable[[str, Options, Mapping[str, bool]], Conversion]
_NAME, _INPUT = "NnflipHeld", "nnflip_input"


@dataclass(frozen=True)
class Layer:
    """What a maker makes: the statements that make it in its local, and the constructor where that is all."""

    lines: tuple[str, ...]
    constructor: str | None


class HeldLayers:
    """Puts such layers into a text. `converted`: class → what became of its sites; `before`: class → its style."""

    def __init__(self, source: Source, surroundings: Surroundings, options: Options, convert: Convert) -> None:
        self.source = source
        self.patched = Patched(source)
        self.converted: dict[str, list[Converted]] = {}
        self.before: dict[str, str] = {}
        makers = [
            one for one in held_makers(source, surroundings) if not options.only or one.model.name in options.only
        ]
        layers: dict[Maker, Layer] = {}
        out: set[Maker] = set()
        for maker in makers:
            layer = _solved(source, maker, options, convert, Guards(maker.model, surroundings))
            if layer is None:
                out.add(maker)
            else:
                layers[maker] = layer
        self.makers = without(makers, out)
        for maker in self.makers:
            self._write_maker(maker, layers[maker])
        for held in dict.fromkeys(held for maker in self.makers for held in maker.calls):
            self._write_call(held)

    def rows(self) -> list[Row]:
        """The rows of the whole text."""
        return self.patched.all_rows()

    def told(self, outcome: ModelOutcome) -> ModelOutcome:
        """An outcome with what has been done here."""
        sites = [*outcome.converted, *self.converted.get(outcome.name, ())]
        before = self.before.get(outcome.name, outcome.style_before)
        return replace(outcome, style_before=before, converted=tuple(sorted(sites, key=lambda one: one.line)))

    def _write_maker(self, maker: Maker, layer: Layer) -> None:
        source, node = self.source, maker.method.node
        self.before.setdefault(maker.model.name, str(style_of(maker.model)))
        said = self.converted.setdefault(maker.model.name, [])
        texts = [_called(source, maker, member.node, layer) for member in maker.members]
        for member, text in zip(maker.members, texts, strict=True):
            made = text or layer.lines[0].partition(" = ")[2]
            said.append(Converted(member.node.lineno, f"{' '.join(source.says(member.node).split())} → {made}"))
        if all(texts):
            for member, text in zip(maker.members, texts, strict=True):
                self.patched.put(source.span(member.node), text or "")
            first = node.lineno
            while first > 1 and not source.text[source.lines.line_span(first - 1).start :].split("\n", 1)[0].strip():
                first -= 1  # the blank lines before it
            self.patched.put_rows(whole_lines(source, first, node.end_lineno or node.lineno), ())
            return
        indent = source.lines.indentation(node.body[0].lineno)
        rows = [Row(indent + line, node.body[0].lineno) for line in layer.lines]
        rows.append(Row(f"{indent}return {maker.name}", node.body[-1].lineno))
        span = Span(lines_of(source, node.body[0]).start, lines_of(source, node.body[-1]).end)
        self.patched.put_rows(span, rows)

    def _write_call(self, held: HeldCall) -> None:
        """`F.linear(x, fc.weight, fc.bias)` → `fc(x)`; what stands in the place of x may change as well."""
        source, whole = self.source, self.source.span(held.call.node)
        place = source.span(held.call.args["input"])
        owner = source.says(held.owner)
        self.patched.put(Span(whole.start, place.start), f"{owner}(")
        self.patched.put(Span(place.end, whole.end), ")")
        site = Converted(held.call.node.lineno, f"{held.call.written} → {owner}")
        self.converted.setdefault(held.makers[0].model.name, []).append(site)


def _solved(source: Source, maker: Maker, options: Options, convert: Convert, guards: Guards) -> Layer | None:
    """The layer that all calls make of a maker's objects; None where there is none, or something would see it."""
    found = {layer for held in maker.calls for layer in [_solved_call(source, maker, held, options, convert)]}
    layer = found.pop() if len(found) == 1 else None
    if layer is None:
        return None
    try:
        pair = maker.calls[0].call.pairs[0]
        for path in {one.module_path for held in maker.calls for one in held.call.pairs}:
            guards.check_kind(path)
        if pair.mode:
            guards.check_mode()
    except Kept:
        return None
    return layer


def _solved_call(source: Source, maker: Maker, held: HeldCall, options: Options, convert: Convert) -> Layer | None:
    text = _as_class(source, maker, held)
    if text is None:
        return None
    done = convert(text, Options("module", init=options.init), {})
    outcome = next((model for model in done.models if model.name == _NAME), None)
    if outcome is None or outcome.kept or outcome.added or outcome.removed or not done.changed:
        return None
    heads = {move.key.rpartition(".")[0] for move in outcome.state_map.values()}
    same = all(move.key.rpartition(".")[2] == key and not move.transform for key, move in outcome.state_map.items())
    slots = [slot.key for slot in held.call.pairs[0].slots]
    order = [key for key in slots if key in outcome.state_map]
    head = heads.pop() if len(heads) == 1 else ""
    if not head or not same or order != list(outcome.state_map):
        return None
    return _layer(done.text, head, maker.name)


def _as_class(source: Source, maker: Maker, held: HeldCall) -> str | None:
    """The lines of a maker as those of a constructor, and a call as its forward."""
    node, call = maker.method.node, held.call
    name, owner = maker.name, ast.unparse(held.owner)
    span = source.span(call.node)
    if source.comments_in(span) or any(type(one).__name__ == "JoinedStr" for one in source.ancestors(call.node)):
        return None
    if call.method is None or call.method.self_name != "self" or "input" not in call.args:
        return None
    arguments = [one.arg for one in node.args.args[1:]]
    if {"self", _INPUT} & {*arguments, name}:
        return None
    body = Patched(source)
    for inner in source.walk(node):
        if isinstance(inner, ast.Name) and inner.id == name:
            body.put(source.span(inner), "self")
    first, last = node.body[1], node.body[-1]
    rows = body.rows(Span(lines_of(source, first).start, lines_of(source, last).start))
    forward = Patched(source)
    for inner in source.walk(call.node):
        if isinstance(inner, ast.expr) and ast.unparse(inner) == owner:
            forward.put(source.span(inner), "self")
    forward.put(source.span(call.args["input"]), _INPUT)
    imports = [source.says(one) for one in source.tree.body if isinstance(one, (ast.Import, ast.ImportFrom))]
    outer = {one.id for one in ast.walk(call.node) if isinstance(one, ast.Name)} & {*arguments, "self"}
    if not outer <= {"self"}:
        return None
    base = source.says(node.body[0].value.func)  # type: ignore[attr-defined]
    head = [*imports, f"class {_NAME}({base}):"]
    head.append(f"    def __init__({', '.join(['self', *_signature(source, node)])}):")
    head.append("        super().__init__()")
    indent = source.lines.indentation(first.lineno)
    lines = ["        " + row.text.removeprefix(indent) if row.text.strip() else "" for row in rows]
    said = " ".join(forward.text(span).split("\n"))
    return "\n".join([*head, *lines, f"    def forward(self, {_INPUT}):", f"        return {said}", ""])


def _signature(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """The arguments of a maker after self, with their defaults."""
    names = [one.arg for one in node.args.args[1:]]
    defaults = [source.says(one) for one in node.args.defaults]
    plain = len(names) - len(defaults)
    return [*names[:plain], *(f"{n}={d}" for n, d in zip(names[plain:], defaults, strict=True))]


def _layer(text: str, head: str, name: str) -> Layer | None:
    """What the constructor of a converted class says of its one layer."""
    node = next(one for one in ast.parse(text).body if isinstance(one, ast.ClassDef) and one.name == _NAME)
    init, forward = (next(m for m in node.body if getattr(m, "name", "") == word) for word in ("__init__", "forward"))
    assert isinstance(init, ast.FunctionDef)
    assert isinstance(forward, ast.FunctionDef)
    if ast.unparse(forward.body[-1]) != f"return self.{head}({_INPUT})" or len(forward.body) != 1:
        return None
    rows = text.split("\n")
    first, last = init.body[1], init.body[-1]
    made = isinstance(first, ast.Assign) and ast.unparse(first.targets[0]) == f"self.{head}"
    if not made or not isinstance(first, ast.Assign) or not isinstance(first.value, ast.Call):
        return None
    indent = " " * first.col_offset
    lines = [row.removeprefix(indent) for row in rows[init.body[0].lineno : last.end_lineno]]
    said = [re.sub(rf"\bself\.{re.escape(head)}\b", name, line) for line in lines if line.strip()]
    if any(re.search(r"\bself\b", line) for line in said):
        return None
    alone = len(init.body) == 2 and len(said) == 1
    return Layer(tuple(said), said[0].partition(" = ")[2] if alone else None)


def _called(source: Source, maker: Maker, node: ast.expr, layer: Layer) -> str | None:
    """The constructor with the arguments of one call of the maker; None where it has to stay a method."""
    names = [one.arg for one in maker.method.node.args.args[1:]]
    if layer.constructor is None or not isinstance(node, ast.Call) or len(node.args) > len(names):
        return None
    given: dict[str, ast.expr] = dict(zip(reversed(names), reversed(maker.method.node.args.defaults), strict=False))
    given.update(zip(names, node.args, strict=False))
    given.update({keyword.arg or "": keyword.value for keyword in node.keywords})
    if set(given) != set(names) or any(not is_plain(one) for one in given.values()):
        return None
    text, tree = layer.constructor.encode(), ast.parse(layer.constructor, mode="eval")
    parents = {child: one for one in ast.walk(tree) for child in ast.iter_child_nodes(one)}
    found = [one for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id in given]
    for one in sorted(found, key=lambda name: -name.col_offset):
        said = source.says(given[one.id])
        tight = isinstance(parents[one], (ast.BinOp, ast.UnaryOp, ast.Attribute, ast.Subscript))
        said = f"({said})" if tight and not isinstance(given[one.id], (ast.Name, ast.Constant)) else said
        text = text[: one.col_offset] + said.encode() + text[one.end_col_offset :]
    return text.decode()
