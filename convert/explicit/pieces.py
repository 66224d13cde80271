"""Text put together anew, row by row, each row with the line of the source that it came from.

A function that becomes a class moves, and so do the lines that make its weights. What is found in the new text must
still be told by the line that the user knows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from ..source import Source, Span


@dataclass(frozen=True)
class Row:
    """One line of text without its end, and the line of the source that it says something of."""

    text: str
    origin: int


@dataclass(frozen=True)
class Patch:
    """Other characters for a range of the source; `rows`, for a range of whole lines."""

    span: Span
    text: str = ""
    rows: tuple[Row, ...] | None = None


class Patched:
    """Patches of one source, and the text of any range with those inside it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._patches: list[Patch] = []

    def put(self, span: Span, text: str) -> None:
        """Write something else in place of a range."""
        self._patches.append(Patch(span, text))

    def put_rows(self, span: Span, rows: Iterable[Row]) -> None:
        """Write rows in place of whole lines."""
        self._patches.append(Patch(span, rows=tuple(rows)))

    def put_after(self, statement: ast.stmt, line: str) -> None:
        """Write a line after a statement's own."""
        number = statement.end_lineno or statement.lineno
        start = self.source.lines.line_span(number).end
        self._patches.append(Patch(Span(start, start), rows=(Row(line, number),)))

    def add(self, other: Patched) -> None:
        """Take over the patches of another."""
        self._patches += other._patches

    def all_rows(self) -> list[Row]:
        """The whole text."""
        return self.rows(Span(0, len(self.source.text)))

    def rows(self, span: Span) -> list[Row]:
        """A range as it reads with its patches; of patches that overlap, the outermost holds."""
        lines, text = self.source.lines, self.source.text
        made, here = "", lines.line_of(span.start)
        found: list[Row] = []
        for piece, start, is_source in self._pieces(span):
            if not isinstance(piece, str):
                found += piece
                continue
            parts = piece.split("\n")
            for number, part in enumerate(parts):
                made += part
                if number < len(parts) - 1:
                    found.append(Row(made.removesuffix("\r"), here))
                    made, start = "", start + (len(part) + 1 if is_source else 0)
                    here = lines.line_of(min(start, len(text)))
            if is_source and not made:
                here = lines.line_of(min(start, len(text)))
        return [*found, Row(made, here)]

    def text(self, span: Span) -> str:
        """A range as it reads with its patches."""
        return "\n".join(row.text for row in self.rows(span))

    def _pieces(self, span: Span) -> Iterable[tuple[str | tuple[Row, ...], int, bool]]:
        inside = [patch for patch in self._patches if span.holds(patch.span)]
        inside.sort(key=lambda patch: (patch.span.start, patch.span.end != patch.span.start, -patch.span.end))
        position = span.start
        for patch in inside:
            if patch.span.start < position:
                continue
            yield self.source.text[position : patch.span.start], position, True
            yield (patch.text if patch.rows is None else patch.rows), patch.span.start, False
            position = patch.span.end
            yield "", position, True
        yield self.source.text[position : span.end], position, True


class Origins:
    """Line of the new text → line of the source."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._origins = [row.origin for row in rows]

    def line(self, line: int) -> int:
        """Where a line came from."""
        return self._origins[min(line, len(self._origins)) - 1]


def whole_lines(source: Source, first: int, last: int) -> Span:
    """The characters of lines `first` to `last`, their ends included."""
    return Span(source.lines.line_span(first).start, source.lines.line_span(last).end)


def tidied(rows: Sequence[Row]) -> list[Row]:
    """Rows without the blank ones that stood around what is gone: of two gaps that meet, the wider stays."""
    found: list[Row] = []
    for gap, group in groupby(rows, key=lambda row: not row.text.strip()):
        run = list(group)
        found += _widest(run) if gap else run
    return found


def _widest(run: list[Row]) -> list[Row]:
    parts: list[list[Row]] = [[run[0]]]
    for one, other in pairwise(run):
        if other.origin - one.origin > 1:
            parts.append([])
        parts[-1].append(other)
    return max(parts, key=len)
