"""Both versions of a file beside each other, where the terminal is wide enough; nothing that `patch` could take."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from shutil import get_terminal_size

from .paint import Paint, clean

WIDE = 160
"""Columns from which on two versions have room beside each other."""


def side_by_side(old: str, new: str, name: str, width: int, paint: Paint) -> Iterator[str]:
    """Lines of what changed with three around it, each with its line end: before `│` after, in `width` columns."""
    before, after = _lines(old), _lines(new)
    half = (width - 3) // 2
    digits = len(str(max(len(before), len(after), 1)))
    groups = list(SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(3))
    if groups:
        yield f"{paint.bold(_cell(f'a/{name}', half))} │ {paint.bold(f'b/{name}')}\n"
    for group in groups:
        yield paint("─" * (half + 1) + "┼" + "─" * (half + 1), "cyan") + "\n"
        for kind, a_start, a_end, b_start, b_end in group:
            for a, b in zip_longest(range(a_start, a_end), range(b_start, b_end)):
                left = "" if a is None else f"{a + 1:>{digits}} {_shown(before[a])}"
                right = "" if b is None else f"{b + 1:>{digits}} {_shown(after[b])}"
                left, right = _cell(left, half), _cell(right, half)
                if kind != "equal":
                    left, right = paint(left, "red"), paint(right, "green")
                yield f"{left} │ {right}".rstrip() + "\n"


def room() -> int:
    """The columns of the terminal on stdout if both versions have room there, else 0."""
    columns = get_terminal_size().columns if sys.stdout.isatty() else 0
    return columns if columns >= WIDE else 0


def _lines(text: str) -> list[str]:
    """Numbered as editors do it: a form feed ends no line."""
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def _shown(line: str) -> str:
    return clean(line.expandtabs(4))


def _cell(text: str, width: int) -> str:
    return f"{text[: width - 1]}…" if len(text) > width else text.ljust(width)
