"""Writes what makes the weights as the lines of an `__init__`: each entry becomes a parameter or a buffer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..plan.plan import Kept
from ..source import Span
from .candidate import Candidate
from .fresh import check_in_place
from .pieces import Patched, Row
from .places import lines_of
from .takers import Takers
from .uses import check_place
from .weights import Entry, bound_display, constant_key


class MakingWriter:
    """Patches the making of one candidate's weights where it moves."""

    def __init__(self, takers: Takers, candidate: Candidate, moved: Patched, nn: str) -> None:
        self.takers = takers
        self.source = takers.source
        self.candidate = candidate
        self.moved = moved
        self.nn = nn

    def write(self) -> None:
        """Add the patches. Raises Kept where a weight is used while it is made as a parameter must not be."""
        making = self.candidate.making
        for statement in making.dropped:
            self.moved.put_rows(lines_of(self.source, statement), ())
        self._follow_in_making()
        by_statement: dict[ast.stmt, list[Entry]] = {statement: [] for statement in making.statements}
        for entry in making.entries:
            by_statement[entry.statement].append(entry)
        for statement, entries in by_statement.items():
            for entry in entries:
                self._wrap(entry)
            match statement:
                case ast.Assign(targets=[ast.Subscript() as target]) if entries:
                    key = entries[0].key
                    if key in self.candidate.buffers:
                        self.moved.put(self.source.span(statement), self._definition(entries[0]))
                    else:
                        self.moved.put(self.source.span(target), f"self.{self.candidate.titles.attributes[key]}")
                case _:
                    indent = self.source.lines.indentation(statement.lineno)
                    self.moved.put_rows(
                        lines_of(self.source, statement), self._display_rows(statement, entries, indent)
                    )

    def _follow_in_making(self) -> None:
        """Weights that are read while they are made: `nn.init.normal_(params["w"])`."""
        making, source = self.candidate.making, self.source
        if making.function is None:
            return
        display = next((one for one in making.statements if bound_display(one)), None)
        name = "" if display is None else (bound_display(display) or ("",))[0]
        known = {id(node) for node in making.inside}
        for node in self.takers.names_of(making.function, name):
            parent = source.parent(node)
            key = constant_key(parent.slice) if isinstance(parent, ast.Subscript) and parent.value is node else None
            if id(node) in known:
                continue
            if key not in making.keys or not isinstance(parent, ast.Subscript) or not isinstance(parent.ctx, ast.Load):
                raise Kept("NF287", node, text=" ".join(source.says(source.statement(node)).split())[:60])
            check_in_place(source, [parent])
            check_place(source, parent)
            self.moved.put(source.span(parent), f"self.{self.candidate.titles.attributes[key or '']}")

    def _wrap(self, entry: Entry) -> None:
        """`torch.randn(3)` → `nn.Parameter(torch.randn(3))`."""
        training, span = self.candidate.training[entry.key], self.source.span(entry.value)
        for cut in training.cuts:
            self.moved.put(cut, "")
        if training.says != "parameter" and entry.key not in self.candidate.buffers:
            self.moved.put(Span(span.start, span.start), f"{self.nn}.Parameter(")
            self.moved.put(Span(span.end, span.end), ", requires_grad=False)" if self.candidate.frozen else ")")

    def _definition(self, entry: Entry) -> str:
        value = self.moved.text(self.source.span(entry.value))
        attribute = self.candidate.titles.attributes[entry.key]
        if entry.key in self.candidate.buffers:
            return f'self.register_buffer("{attribute}", {value})'
        return f"self.{attribute} = {value}"

    def _display_rows(self, statement: ast.stmt, entries: list[Entry], indent: str) -> Iterator[Row]:
        """The entries of `{…}` as statements, each with the comments that stood with it."""
        span = self.source.span(statement)
        comments = self.source.comments_in(Span(span.start, self.source.lines.line_stop(statement.end_lineno or 1)))
        left = list(comments)
        for entry in entries:
            place = self.source.span(entry.value)
            last = self.source.lines.line_of(place.end)
            before = [one for one in left if one[0].start < place.start]
            beside = [
                one for one in left if one[0].start > place.end and self.source.lines.line_of(one[0].start) == last
            ]
            for one in before:
                yield Row(f"{indent}{one[1]}", self.source.lines.line_of(one[0].start))
            texts = self._definition(entry).split("\n")
            tail = "".join(f"  {text}" for _, text in beside)
            for number, text in enumerate(texts):
                end = tail if number == len(texts) - 1 else ""
                yield Row((indent if not number else "") + text + end, entry.value.lineno + number)
            left = [one for one in left if one not in before and one not in beside]
        for one in left:
            yield Row(f"{indent}{one[1]}", self.source.lines.line_of(one[0].start))
