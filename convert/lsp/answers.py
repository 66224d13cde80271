"""What an editor may ask of one file's text: findings, the page of what stands somewhere, and how a class converts.

Lines and columns count from 0, columns in characters.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from .. import check_source, convert_source
from ..batch.deep_stack import TooDeep, run_deep
from ..diagnostics import OPT_IN, Diagnostic
from ..diagnostics.words import is_chosen, is_named
from ..files.settings import BadSettings, Settings, settings_for
from ..outcome import STYLES, CannotRead, Conversion, Options
from ..recognise.model import models_of
from ..report.page import as_markdown
from ..report.topics import pages_about
from ..source import Source

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass(frozen=True)
class Place:
    """A range of the text."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Edit:
    """Text to stand in a range's place."""

    place: Place
    text: str


@dataclass(frozen=True)
class Action:
    """One way to convert a class, with the edits of the whole file that it takes."""

    title: str
    edits: tuple[Edit, ...]


def findings(text: str, path: Path) -> list[tuple[Place, Diagnostic]]:
    """What `check` tells of a file, by the project's settings; nothing while it is not Python."""
    try:
        settings = settings_for(path)
    except BadSettings:
        settings = Settings()
    try:
        found = run_deep(lambda: check_source(text, also=OPT_IN, path=str(path)))
    except (CannotRead, TooDeep):
        return []
    lines = lines_of(text)
    silenced = settings.ignored_in(path)
    told = [
        each for each in found if is_chosen(each, settings.select, settings.ignore) and not is_named(each, silenced)
    ]
    return [(_place(each, lines), each) for each in told]


def page_at(text: str, line: int, column: int) -> tuple[Place, str] | None:
    """The page of the torch function or module that is named at a place, as Markdown."""
    source = _read(text)
    if source is None:
        return None
    lines = lines_of(text)
    for node in (*source.every(ast.Attribute), *source.every(ast.Name)):
        if not node.lineno <= line + 1 <= (node.end_lineno or node.lineno):
            continue
        place = _node_place(node, lines)
        if (place.line, place.column) <= (line, column) < (place.end_line, place.end_column):
            path = source.path_of(node)
            pages = pages_about(path) if path else []
            if pages:
                return place, "\n".join(as_markdown(page, level=3) for page in pages)
    return None


def conversions(text: str, path: Path, first: int, last: int) -> Iterator[Action]:
    """The ways to convert the classes that a range of lines touches; those that would change nothing are left out."""
    source = _read(text)
    for model in models_of(source) if source is not None else ():
        node = model.node
        start = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        if start - 1 > last or (node.end_lineno or node.lineno) - 1 < first:
            continue
        for style in STYLES:
            done = _converted(text, Options(to=style, only=frozenset({model.name})), str(path))  # type: ignore[arg-type]
            if done is not None and done.changed:
                kept = sum(len(each.kept) for each in done.models if each.name == model.name)
                aside = f" ({kept} kept)" if kept else ""
                yield Action(f"Convert {model.name} to {_said(style)}{aside}", tuple(edits_between(text, done.text)))


def edits_between(old: str, new: str) -> Iterator[Edit]:
    """The fewest whole lines to replace so that one text becomes the other."""
    before, after = lines_of(old), lines_of(new)
    for kind, start, stop, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            place = Place(*_start_of(before, start), *_start_of(before, stop))
            yield Edit(place, "".join(after[first:last]))


def lines_of(text: str) -> list[str]:
    """The lines as an editor counts them, with their ends."""
    return _LINE.findall(text)


def _start_of(lines: list[str], number: int) -> tuple[int, int]:
    """Where a line begins; past the last one, where the text ends."""
    if number < len(lines) or not lines or lines[-1].endswith(("\n", "\r")):
        return number, 0
    return number - 1, len(lines[-1])


def _converted(text: str, options: Options, path: str) -> Conversion | None:
    try:
        return run_deep(lambda: convert_source(text, options, path=path))
    except (CannotRead, TooDeep):
        return None


def _read(text: str) -> Source | None:
    try:
        return run_deep(lambda: Source(text, "<editor>"))
    except (CannotRead, TooDeep):
        return None


def _said(style: str) -> str:
    said = {"module": "modules", "functional": "functional style", "recommended": "the recommended style"}
    return {**said, "pure": "functions of its parameters"}.get(style, style)


def _place(found: Diagnostic, lines: list[str]) -> Place:
    """A finding's own text if it is all on one line, else the rest of its line."""
    line = found.line - 1
    if line >= len(lines):
        return Place(line, 0, line, 0)
    text = lines[line].rstrip("\r\n")
    column = _characters(text, found.column)
    whole = found.what and text.startswith(found.what, column)
    end = column + len(found.what) if whole else max(len(text.rstrip()), column)
    return Place(line, column, line, end)


def _node_place(node: ast.expr, lines: list[str]) -> Place:
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
    start = _characters(lines[node.lineno - 1], node.col_offset)
    return Place(node.lineno - 1, start, end_line - 1, _characters(lines[end_line - 1], end_column))


def _characters(line: str, offset: int) -> int:
    """A column of `ast`, which counts bytes, in characters."""
    return len(line.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))
