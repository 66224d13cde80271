"""Jupyter notebooks: the code cells become one text, and a changed text goes back into the same cells.

Every line of the text stands on the line that it has in the `.ipynb` file, so that messages name that line. Outputs,
metadata, indentation and whatever was not touched stay byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ..diagnostics import diagnose
from ..outcome import CannotRead
from .magics import Masked, mask, unmask

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_OPENS, _ENDS = "# nnflip: cell {}", "# nnflip: end of cell {}"


@dataclass(frozen=True)
class Value:
    """A JSON value and where it stands in the text of the file."""

    value: Any
    start: int
    end: int


@dataclass(frozen=True)
class Cell:
    """A code cell: its source as JSON, and as Python with magics masked."""

    source: Value
    masked: Masked


@dataclass(frozen=True)
class NotebookText:
    """A notebook as it was read: its bytes, its code as one text, and its code cells."""

    raw: bytes
    text: str
    cells: tuple[Cell, ...]
    encoding: str = "utf-8"

    def encode(self, text: str) -> bytes:
        """The bytes of the notebook with another code. Raises ValueError if the cells are not told apart any more."""
        whole = self.raw.decode("utf-8")
        pieces: list[str] = []
        position = 0
        for number, cell in enumerate(self.cells):
            new = unmask(_piece(text, number, first=number == 0), cell.masked)
            old = _joined(cell.source.value)
            if new == old:
                continue
            pieces += [whole[position : cell.source.start], _written(whole, cell.source, new)]
            position = cell.source.end
        return "".join([*pieces, whole[position:]]).encode("utf-8")


def read_notebook(raw: bytes) -> NotebookText:
    """Read the code cells of a Python notebook; one in another language has no code here. Raises CannotRead."""
    try:
        whole = raw.decode("utf-8")
        start = 1 if whole.startswith("\ufeff") else 0
        top = dict(_members(whole, _value(whole, start)))
        cells = list(_cells(whole, top))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CannotRead(diagnose("NF103", 1, 0, reason=f"not a Jupyter notebook: {error}")) from None
    if not _is_python(top):
        return NotebookText(raw, "", ())
    rows: list[str] = []
    for number, cell in enumerate(cells):
        line = whole.count("\n", 0, _first_row(whole, cell.source)) + 1
        rows += [""] * (line - 2 - len(rows))
        rows += [_OPENS.format(number), *cell.masked.text.split("\n"), _ENDS.format(number)]
    return NotebookText(raw, "\n".join([*rows, ""]), tuple(cells))


def _cells(whole: str, top: dict[str, Value]) -> Iterator[Cell]:
    for each in _elements(whole, top["cells"]):
        members = dict(_members(whole, each))
        if members["cell_type"].value != "code":
            continue
        text = _joined(members["source"].value)
        line = whole.count("\n", 0, members["source"].start) + 1
        masked = mask(text)
        if masked is None or "\r" in text or "# nnflip: " in text:
            raise CannotRead(diagnose("NF101", line, 0, reason="a code cell is not valid Python"))
        yield Cell(members["source"], masked)


def _is_python(top: dict[str, Value]) -> bool:
    about = top["metadata"].value if "metadata" in top else {}
    names = [about.get("kernelspec", {}).get("language"), about.get("language_info", {}).get("name")]
    return all(name is None or str(name).lower() in {"python", "ipython"} for name in names)


def _joined(source: Any) -> str:
    if isinstance(source, str):
        return source
    if not (isinstance(source, list) and all(isinstance(row, str) for row in source)):
        raise TypeError("the source of a cell is neither a string nor a list of strings")
    return "".join(source)


def _first_row(whole: str, source: Value) -> int:
    """Where the first line of a cell's source stands."""
    rows = list(_elements(whole, source)) if isinstance(source.value, list) else []
    return rows[0].start if rows else source.start


def _piece(text: str, number: int, *, first: bool) -> str:
    """The text between a cell's marks; what stands above the first cell belongs to it."""
    opens, ends = _OPENS.format(number), _ENDS.format(number)
    lines = text.split("\n")
    if lines.count(opens) != 1 or lines.count(ends) != 1:
        raise ValueError("the cells of the notebook have run together")
    start, stop = lines.index(opens), lines.index(ends)
    above = [line for line in lines[:start] if line.strip()] if first else []
    return "\n".join([*above, *lines[start + 1 : stop]])


def _written(whole: str, source: Value, new: str) -> str:
    """A cell's new source as JSON in the manner of the old one; lines that are the same keep their bytes."""
    escaped = whole.isascii() and "\\u" in whole
    if isinstance(source.value, str):
        return json.dumps(new, ensure_ascii=escaped)
    rows = list(_elements(whole, source))
    old = [row.value for row in rows]
    lines = new.splitlines(keepends=True) if "\f" not in new else re.findall(r"[^\n]*\n|[^\n]+", new)
    tokens: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, lines, autojunk=False).get_opcodes():
        if tag == "equal":
            tokens += [whole[row.start : row.end] for row in rows[i1:i2]]
        else:
            tokens += [json.dumps(line, ensure_ascii=escaped) for line in lines[j1:j2]]
    if not rows:
        return f"[{', '.join(tokens)}]"
    opening, closing = whole[source.start : rows[0].start], whole[rows[-1].end : source.end]
    between = whole[rows[0].end : rows[1].start] if len(rows) > 1 else "," + opening[1:]
    return f"{opening}{between.join(tokens)}{closing}"


def _value(whole: str, at: int) -> Value:
    at = _after_space(whole, at)
    value, end = _DECODER.raw_decode(whole, at)
    return Value(value, at, end)


def _after_space(whole: str, at: int) -> int:
    found = _SPACE.match(whole, at)
    assert found is not None
    return found.end()


def _members(whole: str, of: Value) -> Iterator[tuple[str, Value]]:
    """The members of a JSON object, each with its place."""
    if not isinstance(of.value, dict):
        raise TypeError("an object is missing")
    at = _after_space(whole, of.start + 1)
    while whole[at] != "}":
        key = _value(whole, at)
        value = _value(whole, _after_space(whole, key.end) + 1)  # after the colon
        yield str(key.value), value
        at = _next(whole, value.end)


def _elements(whole: str, of: Value) -> Iterator[Value]:
    """The elements of a JSON array, each with its place."""
    if not isinstance(of.value, list):
        raise TypeError("a list is missing")
    at = _after_space(whole, of.start + 1)
    while whole[at] != "]":
        value = _value(whole, at)
        yield value
        at = _next(whole, value.end)


def _next(whole: str, at: int) -> int:
    at = _after_space(whole, at)
    return _after_space(whole, at + 1) if whole[at] == "," else at
