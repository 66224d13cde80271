"""Plan → text: carries out edits on the characters of the source. All that no edit names stays as it is, byte for byte.

Comments that stood inside replaced code are not lost: they move to lines of their own above the statement.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .layout import Layout, Patch
from .plan.edits import Edit, Enclose, Hole, Insert, Line, Part, Replace, ReplaceStatement, Rows, in_one_row
from .recognise.block import block_of
from .source import Source, Span


class CannotPlace(Exception):
    """New lines cannot be written where the statement stands (it shares its line with others)."""


@dataclass
class _Statement:
    """All that happens to one statement."""

    before: list[Line] = field(default_factory=list)
    lines: tuple[Line, ...] | None = None
    after: list[Line] = field(default_factory=list)


def rewrite(source: Source, edits: Sequence[Edit]) -> str:
    """The source's text with the edits carried out."""
    return _Rewriter(source, edits).text()


class _Rewriter:
    def __init__(self, source: Source, edits: Sequence[Edit]) -> None:
        self.source = source
        self.patches: list[Patch] = []
        statements: dict[ast.stmt, _Statement] = defaultdict(_Statement)
        for edit in edits:
            match edit:
                case Replace(node, parts):
                    if any(isinstance(part, Rows) for part in parts) and self._in_string(node):
                        parts = tuple(in_one_row(parts))
                    self._patch(source.span(node), parts, in_expression=True)
                    for comment in self._lost(source.span(node), parts):
                        statements[self._outer(node)].before.append(Line((comment,)))
                case Enclose(node, before, added):
                    inside = self.source.inside_brackets(node)
                    self._patch(Span(inside.start, inside.start), (before,), in_expression=True)
                    self._patch(Span(inside.end, inside.end), (added,), in_expression=True)
                case ReplaceStatement(node, lines):
                    statements[node].lines = lines
                case Insert(node, lines, after):
                    (statements[node].after if after else statements[node].before).extend(lines)
        self.gone = {node for node, change in statements.items() if change.lines == ()}
        for node in sorted(filter(_is_block, statements), key=lambda node: -node.lineno):  # what ends deeper, first
            self._after_block(node, statements[node])
        for node, change in statements.items():
            self._change(node, change)

    def text(self) -> str:
        """The whole new text."""
        return Layout(self.source, self.patches).text()

    def _patch(self, span: Span, parts: tuple[Part, ...], *, in_expression: bool = False) -> None:
        self.patches.append(Patch(span, parts, len(self.patches), in_expression))

    def _outer(self, node: ast.AST) -> ast.stmt:
        """The statement before which a line may be written: not one that shares its line with what precedes it."""
        statement = self.source.statement(node)
        while self._shares_line(statement) and isinstance(around := self.source.parent(statement), ast.stmt):
            statement = around
        return statement

    def _in_string(self, node: ast.AST | None) -> bool:
        """Whether an expression stands in an f-string, which before Python 3.12 ends with its line."""
        while not (node is None or isinstance(node, (ast.stmt, ast.JoinedStr))):
            node = self.source.parent(node)
        return isinstance(node, ast.JoinedStr)

    def _lost(self, span: Span, parts: tuple[Part, ...]) -> list[str]:
        """Comments inside a replaced range that no hole carries over."""
        kept = [self.source.span(part.node) for part in in_one_row(parts) if isinstance(part, Hole)]
        found = self.source.comments_in(span)
        return [text for place, text in found if not any(hole.holds(place) for hole in kept)]

    def _change(self, node: ast.stmt, change: _Statement) -> None:
        if self._shares_line(node):
            self._change_inline(node, change)
            return
        lines = self.source.lines
        span = self.source.span(node)
        first = _first_line(node)
        indent = lines.indentation(first)
        before, after = list(change.before), list(change.after)
        if change.lines is not None:
            holes = tuple(part for line in change.lines for part in line.parts)
            lost = [Line((comment,)) for comment in self._lost(span, holes)]
            if change.lines:
                before += lost
                self._patch(span, change.lines[0].parts)
                after = [*change.lines[1:], *after]
            else:
                self._delete(node, lost, after, indent)
                after = []
        if before:
            self._insert(lines.line_span(first).start, before, indent)
        if after:
            stop = lines.line_stop(node.end_lineno or node.lineno)
            parts = [part for line in after for part in (lines.newline, *self._line(line, indent))]
            self._patch(Span(stop, stop), tuple(parts))

    def _after_block(self, node: ast.stmt, change: _Statement) -> None:
        """Lines after a block stand below its last line, which may be one that goes."""
        if change.lines is None and not self._shares_line(node):
            lines = self.source.lines
            end = lines.line_span(node.end_lineno or node.lineno).end
            self._insert(end, change.after, lines.indentation(_first_line(node)))
            change.after = []

    def _insert(self, start: int, new: Sequence[Line], indent: str) -> None:
        """Whole lines at the start of a line, or at the end of a text whose last line has no end."""
        newline = self.source.lines.newline
        parts = [part for line in new for part in (*self._line(line, indent), newline)]
        if parts and start == len(self.source.text) and not self.source.text.endswith(("\n", "\r")):
            parts = [newline, *parts[:-1]]
        if parts:
            self._patch(Span(start, start), tuple(parts))

    def _delete(self, node: ast.stmt, lost: list[Line], after: list[Line], indent: str) -> None:
        """Take a statement's whole lines away; its trailing comment stays, and a block never becomes empty."""
        lines = self.source.lines
        last = node.end_lineno or node.lineno
        span = Span(lines.line_span(self._top(node)).start, lines.line_span(last).end)
        trailing = Span(self.source.span(node).end, lines.line_stop(last))
        lost = lost + [Line((text,)) for _, text in self.source.comments_in(trailing)]
        body = block_of(self.source, node)
        if all(sibling in self.gone for sibling in body) and node is body[0] and not after:
            after = [Line(("pass",))]
        kept = [*lost, *after]
        parts = [part for line in kept for part in (*self._line(line, indent), lines.newline)]
        if parts and span.end == len(self.source.text) and not self.source.text.endswith(("\n", "\r")):
            parts.pop()
        self._patch(span, tuple(parts))

    def _top(self, node: ast.stmt) -> int:
        """The first line to delete with a statement: a method goes with the blank lines above it."""
        first = _first_line(node)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = self.source.lines
            while (
                first > 1
                and not self.source.text[lines.line_span(first - 1).start : lines.line_stop(first - 1)].strip()
            ):
                first -= 1
        return first

    def _change_inline(self, node: ast.stmt, change: _Statement) -> None:
        """`a; b` and `if x: a`: simple statements join with semicolons; a compound one has no place here."""
        lines = [*change.before, *(change.lines if change.lines is not None else [Line((Hole(node),))]), *change.after]  # type: ignore[arg-type]
        code = [line for line in lines if not _is_comment(line)]
        if any(line.depth or _is_compound(line) for line in code) or (
            change.before and any(map(_is_comment, change.before))
        ):
            raise CannotPlace(self.source.says(node))
        if change.lines is None and not change.before and not change.after:
            return
        if change.lines is None:
            end = self.source.span(node).end
            start = self.source.span(node).start
            if change.before:
                self._patch(Span(start, start), tuple(p for line in change.before for p in (*line.parts, "; ")))
            if change.after:
                self._patch(Span(end, end), tuple(p for line in change.after for p in ("; ", *line.parts)))
            return
        parts = [part for line in code for part in ("; ", *line.parts)][1:]
        self._patch(self.source.span(node), tuple(parts) or ("pass",))

    def _shares_line(self, node: ast.stmt) -> bool:
        return shares_line(self.source, node)

    def _line(self, line: Line, indent: str) -> tuple[Part, ...]:
        if not line.parts:
            return ()
        return (indent + self.source.indent_unit * line.depth, *line.parts)


def shares_line(source: Source, node: ast.stmt) -> bool:
    """Whether a statement has company on its first or last line."""
    lines = source.lines
    span = source.span(node)
    head = source.text[lines.line_span(_first_line(node)).start : span.start]
    tail = source.text[span.end : lines.line_stop(node.end_lineno or node.lineno)]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.decorator_list:
        head = head[: head.find("@")] if "@" in head else head
    return bool(head.strip()) or not (not tail.strip() or tail.lstrip().startswith("#"))


def _is_block(node: ast.stmt) -> bool:
    return isinstance(getattr(node, "body", None), list) or isinstance(node, ast.Match)


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min(node.lineno, *(decorator.lineno for decorator in decorators)) if decorators else node.lineno


def _is_comment(line: Line) -> bool:
    return bool(line.parts) and isinstance(line.parts[0], str) and line.parts[0].startswith("#")


def _is_compound(line: Line) -> bool:
    last = line.parts[-1] if line.parts else ""
    return isinstance(last, str) and last.endswith(":")
