"""What a walk does to one kind of layer, told for a layer that has become parameters of its owner.

`if isinstance(m, nn.Linear): init.zeros_(m.bias)` → `init.zeros_(m.fc_bias)` for a linear layer with that bias.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..inline.value import parsed
from ..source import Source
from ..source.literal import is_literal
from .functions import mentions
from .kinds import ASKED, asks_further, tested_kinds
from .walkers import Walk, draws


class CannotTell(Exception):
    """The walk does something to the layer that its parameters alone do not allow."""


@dataclass(frozen=True)
class Effect:
    """Lines of code with their depth of indentation, and whether they draw random numbers."""

    lines: tuple[tuple[int, str], ...]
    draws: bool


@dataclass(frozen=True)
class Held:
    """A layer's tensors by slot: the attribute's name, "" for a tensor that is None; `maybe` are those that may be.

    `kind` is its torch class; `answers` are settings and sizes with `{self}` for its owner.
    """

    kind: str
    tensors: Mapping[str, str]
    maybe: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)


def effect_of(source: Source, walk: Walk, held: Held) -> Effect:
    """What the walk does to a layer. Raises CannotTell."""
    done: list[ast.stmt] = []
    lines = tuple(_flow(source, walk, held, walk.body, done))
    return Effect(lines, any(draws(source, node) for part in done for node in ast.walk(part)))


def _flow(
    source: Source, walk: Walk, held: Held, body: Sequence[ast.stmt], done: list[ast.stmt], depth: int = 0
) -> Iterator[tuple[int, str]]:
    """The chains of a body, one after the other; `done` collects the statements that concern the layer."""
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _chain(source, walk, held, statement, done, depth)


def _chain(
    source: Source, walk: Walk, held: Held, branch: ast.If, done: list[ast.stmt], depth: int
) -> Iterator[tuple[int, str]]:
    """The branch of a chain that the layer takes."""
    kinds = tested_kinds(source, walk.name, branch.test)
    if kinds is None and not mentions(branch.test, walk.name):
        yes = list(_flow(source, walk, held, branch.body, done, depth + 1))
        no = list(_flow(source, walk, held, branch.orelse, done, depth + 1))
        yield from _either(_one_line(source.says(branch.test)), yes, no, depth)
    elif kinds is None or held.kind not in kinds:
        yield from _flow(source, walk, held, branch.orelse, done, depth)
    else:
        rest = asks_further(source, walk.name, branch.test)
        later = [inner for part in branch.orelse if rest for inner in ast.walk(part)]
        if rest is None or any(
            _looks_for(source, walk, held.kind, one.test) for one in later if isinstance(one, ast.If)
        ):
            raise CannotTell
        lines = list(_guarded(source, walk, held, rest, branch.body, depth=depth))
        done += branch.body if lines else []
        yield from lines


def _looks_for(source: Source, walk: Walk, kind: str, test: ast.expr) -> bool:
    return kind in (tested_kinds(source, walk.name, test) or [])


def _either(
    test: str, yes: Sequence[tuple[int, str]], no: Sequence[tuple[int, str]], depth: int
) -> Iterator[tuple[int, str]]:
    """Lines under a test, and lines under its opposite."""
    if yes:
        yield depth, f"if {test}:"
        yield from yes
    if no:
        yield depth, "else:" if yes else f"if not ({test}):"
        yield from no


def _guarded(
    source: Source,
    walk: Walk,
    held: Held,
    tests: Sequence[ast.expr],
    body: Sequence[ast.stmt],
    orelse: Sequence[ast.stmt] = (),
    depth: int = 0,
) -> Iterator[tuple[int, str]]:
    """A body under tests, of which those that are certain fall away, and what is done where they fail."""
    told = [_told(source, walk, held, test) for test in tests]
    texts = [text for text in told if isinstance(text, str)]
    if False in told:
        yield from _statements(source, walk, held, orelse, depth)
    elif not texts:
        yield from _statements(source, walk, held, body, depth)
    else:
        yes = list(_statements(source, walk, held, body, depth + 1))
        no = list(_statements(source, walk, held, orelse, depth + 1))
        yield from _either(" and ".join(texts), yes, no, depth)


def _statements(
    source: Source, walk: Walk, held: Held, body: Sequence[ast.stmt], depth: int
) -> Iterator[tuple[int, str]]:
    for statement in body:
        match statement:
            case ast.If(test=test, body=inner, orelse=orelse):
                yield from _guarded(source, walk, held, [test], inner, orelse, depth)
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Expr() | ast.Assign() | ast.AugAssign():
                yield depth, _one_line(_respelled(source, walk, held, statement))
            case ast.Pass():
                continue
            case _:
                raise CannotTell


def _one_line(text: str) -> str:
    """Code as one line, however it was written."""
    text = textwrap.dedent(text)
    if "\n" not in text and "\r" not in text:
        return text
    try:
        return ast.unparse(ast.parse(text))
    except SyntaxError:
        return ast.unparse(ast.parse(f"({text})", mode="eval"))


def _told(source: Source, walk: Walk, held: Held, test: ast.expr) -> bool | str:
    """Whether a test holds for the layer: certain, or how it reads now."""
    kinds = tested_kinds(source, walk.name, test)
    if kinds is not None and asks_further(source, walk.name, test) == []:
        return held.kind in kinds
    match test:
        case ast.Call(func=ast.Name(id="hasattr"), args=[ast.Name(id=name), ast.Constant(value=str(slot))]) if (
            name == walk.name and slot in held.tensors.keys() | ASKED
        ):
            return slot in held.tensors
        case ast.Compare(
            left=ast.Attribute(value=ast.Name(id=name), attr=slot),
            ops=[ast.Is() | ast.IsNot() | ast.NotEq() | ast.Eq() as operator],
            comparators=[ast.Constant(value=None)],
        ) if name == walk.name and slot in held.tensors:
            if slot in held.maybe:
                return _respelled(source, walk, held, test)
            is_there = bool(held.tensors[slot])
            return is_there == isinstance(operator, (ast.IsNot, ast.NotEq))
        case ast.Compare(
            left=ast.Attribute(value=ast.Name(id=name), attr=attr),
            ops=[ast.Is() | ast.IsNot() as operator],
            comparators=[ast.Constant(value=None)],
        ) if name == walk.name and is_literal(parsed(held.answers.get(attr, "()[0]"))):
            return (held.answers[attr] != "None") == isinstance(operator, ast.IsNot)
        case ast.BoolOp(op=ast.And(), values=values):
            told = [_told(source, walk, held, value) for value in values]
            texts = [text for text in told if isinstance(text, str)]
            return False if False in told else " and ".join(texts) if texts else True
        case _:
            if any(isinstance(node, ast.BoolOp) for node in ast.walk(test)):
                raise CannotTell
            return _respelled(source, walk, held, test)


def _respelled(source: Source, walk: Walk, held: Held, node: ast.AST) -> str:
    """The node's text with `m.weight` written as the owner's parameter."""
    outer = source.span(node)
    pieces, position = [], outer.start
    if walk.key and any(isinstance(inner, ast.Name) and inner.id == walk.key for inner in ast.walk(node)):
        raise CannotTell  # the name is the owner's there
    places = [inner for inner in ast.walk(node) if isinstance(inner, ast.Name) and inner.id == walk.name]
    for name in sorted(places, key=lambda place: (place.lineno, place.col_offset)):
        use = source.parent(name)
        if not isinstance(use, ast.Attribute) or not _is_read(use):
            raise CannotTell
        place, text = _said(source, walk, held, use)
        span = source.span(place)
        pieces += [source.text[position : span.start], text]
        position = span.end
    return "".join([*pieces, source.text[position : outer.end]])


def _said(source: Source, walk: Walk, held: Held, use: ast.Attribute) -> tuple[ast.expr, str]:
    """What stands for `m.weight`, `m.out_channels`, `m.kernel_size[0]`, and which expression it stands for."""
    if tensor := held.tensors.get(use.attr):
        return use, f"{walk.name}.{tensor}"
    answer = held.answers.get(use.attr)
    if answer is None:
        raise CannotTell
    match parsed(answer), source.parent(use):
        case ast.Tuple(elts=elements), ast.Subscript(slice=ast.Constant(value=int(index))) as item if index < len(
            elements
        ):
            return item, ast.unparse(elements[index]).replace("{self}", walk.name)
        case _:
            return use, answer.replace("{self}", walk.name)


def _is_read(use: ast.Attribute) -> bool:
    return isinstance(use.ctx, ast.Load)
