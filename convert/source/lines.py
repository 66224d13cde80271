"""Where a syntax tree's nodes stand in the text: line and UTF-8 column → offset into the string.

`ast` counts columns in UTF-8 bytes and takes CR, LF and CRLF as line ends; everything else here counts characters.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Whether `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end


class Lines:
    """The line table of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        ends = list(_LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._stops = [*(end.start() for end in ends), len(text)]
        self.newline = ends[0].group() if ends else "\n"
        self._ascii = text.isascii()

    def offset(self, line: int, column: int) -> int:
        """Offset of a place given as `ast` gives it: line from 1, column in UTF-8 bytes."""
        start = self._starts[line - 1]
        if self._ascii:
            return start + column
        row = self.text[start : self._stops[line - 1]]
        return start + len(row.encode("utf-8")[:column].decode("utf-8"))

    def span(self, node: ast.AST) -> Span:
        """The characters of a node that has a place (an expression, a statement, an argument)."""
        return Span(
            self.offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self.offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def line_of(self, offset: int) -> int:
        """The line, counted from 1, that holds an offset."""
        low, high = 0, len(self._starts)
        while high - low > 1:
            middle = (low + high) // 2
            if self._starts[middle] <= offset:
                low = middle
            else:
                high = middle
        return low + 1

    def line_span(self, line: int) -> Span:
        """The whole line, its line end included."""
        stop = self._starts[line] if line < len(self._starts) else len(self.text)
        return Span(self._starts[line - 1], stop)

    def line_stop(self, line: int) -> int:
        """Offset just before the line's end characters."""
        return self._stops[line - 1]

    def indentation(self, line: int) -> str:
        """The blanks that a line begins with."""
        row = self.text[self._starts[line - 1] : self._stops[line - 1]]
        return row[: len(row) - len(row.lstrip(" \t\f"))]
