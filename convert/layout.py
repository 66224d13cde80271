"""Patches → text: a source with what is written in place of parts of it, and how long calls spread over lines."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .plan.edits import Hole, Part, Rows, in_one_row
from .plan.wrap import WIDTH, argument_rows
from .source import Source, Span


@dataclass(frozen=True)
class Patch:
    """A range of the text and what is written there."""

    span: Span
    parts: tuple[Part, ...]
    order: int
    in_expression: bool


@dataclass(frozen=True)
class _Room:
    """What stands on the same line before and after a text that is being written."""

    before: str
    after: str


class Layout:
    """The text of a source with its patches. One inside another lives on only through a hole of it."""

    def __init__(self, source: Source, patches: Sequence[Patch]) -> None:
        self.source = source
        # insertions stand before what they precede, outer replacements before those inside them
        self.patches = sorted(patches, key=lambda p: (p.span.start, p.span.start != p.span.end, -p.span.end, p.order))

    def text(self) -> str:
        """The whole new text."""
        return self._render(Span(0, len(self.source.text)), self.patches, _Room("", ""))

    def _render(self, span: Span, patches: Sequence[Patch], room: _Room | None) -> str:
        """The text of a range with these patches; without `room`, calls do not spread."""
        pieces: list[str] = []
        position = span.start
        for patch in patches:
            if patch.span.start < position:
                continue
            pieces.append(self.source.text[position : patch.span.start])
            if room is None or all(isinstance(part, str) for part in patch.parts):
                pieces.extend(self._plain(patch.parts))
            else:
                rest = self._rest(patch.span.end, span.end)
                after = rest if patch.span.end + len(rest) < span.end else rest + room.after
                pieces.append(self._spread(patch.parts, _Room(_last_line([room.before, *pieces]), after)))
            position = patch.span.end
        pieces.append(self.source.text[position : span.end])
        return "".join(pieces)

    def _rest(self, start: int, end: int) -> str:
        """What follows on the same line of the source."""
        stop = self.source.text.find("\n", start, end)
        return self.source.text[start : end if stop < 0 else stop]

    def _plain(self, parts: Sequence[Part]) -> Iterator[str]:
        """Parts as texts, every call in one row."""
        for one in in_one_row(parts):
            yield one if isinstance(one, str) else self._hole(one, None)

    def _spread(self, parts: Sequence[Part], room: _Room) -> str:
        """Parts in which calls spread over rows where their line has no room for them, the outer ones first."""
        pieces: list[str] = []
        for index, part in enumerate(parts):
            if isinstance(part, str):
                pieces.append(part)
                continue
            flat = "".join(self._plain((part,)))
            before = _last_line([room.before, *pieces])
            after = "".join(self._plain(parts[index + 1 :])) + room.after
            always = isinstance(part, Rows) and part.always
            if not always and all(len(row) <= WIDTH for row in _lines_of(flat, before, after)):
                pieces.append(flat)
            elif isinstance(part, Hole):
                pieces.append(self._hole(part, _Room(before, after)))
            elif len(part.arguments) == 1:
                pieces.append(self._spread(part.arguments[0], _Room(before, after)))
            else:
                pieces.extend(self._rows(part, before))
        return "".join(pieces)

    def _rows(self, rows: Rows, before: str) -> Iterator[str]:
        """The arguments a level deeper than the line that the call begins on: all on one line, else each on its own."""
        outside = self.source.lines.newline + before[: len(before) - len(before.lstrip())]
        inside = outside + self.source.indent_unit
        margin = inside.lstrip("\r\n")
        flat = ["".join(self._plain(argument)) for argument in rows.arguments]
        if len(found := argument_rows(flat, len(margin), always=rows.always)) == 1:
            yield from (inside, *found, outside)
            return
        for argument in rows.arguments:
            yield from (inside, self._spread(argument, _Room(margin, ",")), ",")
        yield outside

    def _hole(self, hole: Hole, room: _Room | None) -> str:
        span = self.source.span(hole.node)
        inside = self.patches[
            bisect_left(self.patches, span.start, key=_start) : bisect_right(self.patches, span.end, key=_start)
        ]
        text = self._render(span, [patch for patch in inside if patch.in_expression and span.holds(patch.span)], room)
        if isinstance(hole.node, (ast.Yield, ast.YieldFrom, ast.NamedExpr)) or (
            isinstance(hole.node, ast.GeneratorExp) and not text.startswith("(")
        ):
            return f"({text})"
        return text


def _start(patch: Patch) -> int:
    return patch.span.start


def _last_line(pieces: Sequence[str]) -> str:
    """What stands on the last line of a text given in pieces."""
    found: list[str] = []
    for piece in reversed(pieces):
        _, newline, tail = piece.rpartition("\n")
        found.append(tail if newline else piece)
        if newline:
            break
    return "".join(reversed(found))


def _lines_of(text: str, before: str, after: str) -> list[str]:
    """The lines that a text stands on, with what else is on the first and the last of them."""
    return f"{before}{text}{after.partition(chr(10))[0]}".splitlines()
