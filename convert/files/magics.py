"""IPython's own syntax in a notebook cell: `%matplotlib inline`, `!pip install x`, `%%time`.

Such lines are masked by statements that do nothing, and come back as they were. What a magic may run as Python counts
as a use of the attributes it names.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

_LINE = re.compile(r"^(?P<indent>[ \t]*)(?P<magic>[%!?].*)$")
_ATTRIBUTE = re.compile(r"\.([A-Za-z_]\w*)")
_PYTHON_CELLS = re.compile(r"%%(time|timeit|capture|prun|memit)\b")
_MARK = "# nnflip: magic {}"


@dataclass(frozen=True)
class Masked:
    """A cell as Python, and the lines that were masked, by number of their mark."""

    text: str
    lines: tuple[str, ...] = ()


def mask(cell: str) -> Masked | None:
    """The cell as Python; None where it is Python with an error, or with syntax that is not known here."""
    if _parses(cell):
        return Masked(cell)
    head, _, _ = cell.lstrip().partition("\n")
    if head.startswith("%%") and not _PYTHON_CELLS.match(head):
        return _masked_lines(cell, whole=True)  # another language
    masked = _masked_lines(cell, whole=False)
    return masked if _parses(masked.text) else None


def unmask(text: str, masked: Masked) -> str:
    """The text with its magics back. Raises ValueError where one is lost."""
    lines = text.split("\n")
    for number, line in enumerate(masked.lines):
        places = [at for at, row in enumerate(lines) if row.endswith(_MARK.format(number))]
        if len(places) != 1:
            raise ValueError("a magic of the notebook was lost")
        lines[places[0]] = line
    return "\n".join(lines)


def _masked_lines(cell: str, *, whole: bool) -> Masked:
    rows: list[str] = []
    hidden: list[str] = []
    for row in cell.split("\n"):
        found = _LINE.match(row)
        if not whole and found is None:
            rows.append(row)
            continue
        indent, magic = ("", "") if whole or found is None else (found["indent"], found["magic"])
        names = _ATTRIBUTE.findall(magic) if magic.startswith("%") else []
        statement = "; ".join(f"_.{name}" for name in names) or "pass"
        rows.append(f"{indent}{statement}  {_MARK.format(len(hidden))}")
        hidden.append(row)
    return Masked("\n".join(rows), tuple(hidden))


def _parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True
