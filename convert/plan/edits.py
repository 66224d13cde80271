"""Edits as data: what is to change, aimed at nodes of the Source. `rewrite` carries them out.

A text of an edit is a row of parts: plain strings, and Holes that stand for an expression of the source as it will read
after its own edits. That is how `self.relu(F.conv2d(x, …))` can change outside and inside at once.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..source import Source


@dataclass(frozen=True)
class Hole:
    """An expression of the source, rendered with the edits inside it."""

    node: ast.expr


@dataclass(frozen=True)
class Rows:
    """The arguments of a call: in one row where the line has room for them, else (or `always`) one on a line."""

    arguments: tuple[tuple[Part, ...], ...]
    always: bool = False


Part = str | Hole | Rows


@dataclass(frozen=True)
class Line:
    """One new line of code: `depth` further levels of indentation, then parts."""

    parts: tuple[Part, ...]
    depth: int = 0


@dataclass(frozen=True)
class Replace:
    """Write something else in place of an expression."""

    node: ast.expr
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class ReplaceStatement:
    """Write lines in place of a statement; none at all deletes it."""

    node: ast.stmt
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Insert:
    """Write lines before or after a statement, at its indentation."""

    node: ast.stmt
    lines: tuple[Line, ...]
    after: bool = False


@dataclass(frozen=True)
class Enclose:
    """Write something just inside the brackets of a call, before its first argument and after its last."""

    node: ast.Call
    before: str
    after: str


Edit = Replace | ReplaceStatement | Insert | Enclose


@dataclass
class EditList:
    """The edits of a plan while it is being made, and the torch modules its new text needs a name for."""

    edits: list[Edit] = field(default_factory=list)

    def says(self, source: Source, node: ast.expr) -> str:
        """An expression's text with the replacements by plain text that are decided so far."""
        inside = set(ast.walk(source.origin(node)))
        replaced = [edit for edit in self.edits if isinstance(edit, Replace) and edit.node in inside]
        found = [edit for edit in replaced if all(isinstance(part, str) for part in edit.parts)]
        if source.origin(node) is not node:
            return _respelled(source, source.says(node), found)
        pieces: list[str] = []
        position = source.span(node).start
        for edit in sorted(found, key=lambda edit: source.span(edit.node)):
            span = source.span(edit.node)
            pieces += [source.text[position : span.start], *(str(part) for part in edit.parts)]
            position = span.end
        return "".join([*pieces, source.text[position : source.span(node).end]]) if found else source.says(node)

    def replace(self, node: ast.expr, *parts: Part) -> None:
        self.edits.append(Replace(node, parts))

    def replace_statement(self, node: ast.stmt, *lines: Line) -> None:
        self.edits.append(ReplaceStatement(node, lines))

    def enclose(self, node: ast.Call, before: str, after: str) -> None:
        self.edits.append(Enclose(node, before, after))

    def insert(self, node: ast.stmt, *lines: Line, after: bool = False) -> None:
        self.edits.append(Insert(node, lines, after))


def _respelled(source: Source, text: str, edits: Sequence[Replace]) -> str:
    """A text that is written nowhere, with what is replaced in the expression it stands for replaced here too."""
    for edit in edits:
        new = "".join(str(part) for part in edit.parts)
        text = re.sub(rf"(?<![\w.]){re.escape(source.says(edit.node))}(?!\w)", lambda _, new=new: new, text)  # type: ignore[misc]
    return text


def in_one_row(parts: Sequence[Part]) -> Iterator[str | Hole]:
    """Parts with the arguments of every call in one row."""
    for one in parts:
        if isinstance(one, Rows):
            for index, argument in enumerate(one.arguments):
                yield from (", ",) if index else ()
                yield from in_one_row(argument)
        else:
            yield one


def arguments(args: Iterable[ast.expr], keywords: Iterable[ast.keyword], between: str = "") -> Iterator[Part]:
    """The arguments of a call as they stand, with commas; `between` is what comes before the first."""
    words = [("", node) for node in args]
    words += [("**" if word.arg is None else f"{word.arg}=", word.value) for word in keywords]
    for name, node in words:
        yield from (between + name, Hole(node))
        between = ", "


def part(source: Source, node: ast.expr) -> Part:
    """An expression as part of new text; one that is written nowhere in the file is its own text."""
    return Hole(node) if source.origin(node) is node else source.says(node)


def line(*parts: Part, depth: int = 0) -> Line:
    """A line of code from its parts."""
    return Line(parts, depth)
