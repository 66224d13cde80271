"""Colour for terminals, in the few styles we use; nothing where colour is not wanted."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_LABELS = {"converted": "green", "kept": "yellow", "state": "cyan", "note": "cyan", "verdict": "bold"}


@dataclass(frozen=True)
class Paint:
    """Wraps text in escape sequences if `colours` is on."""

    colours: bool = False

    def __call__(self, text: str, style: str) -> str:
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colours and text else text

    def bold(self, text: str) -> str:
        """Headings."""
        return self(text, "bold")

    def label(self, text: str, kind: str) -> str:
        """The first column of the summary."""
        return self(text, _LABELS[kind])


def paint_for(stream: TextIO) -> Paint:
    """Colours on a terminal, unless NO_COLOR (https://no-color.org) is set or the terminal is dumb."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Paint(wanted and stream.isatty())


def clean(text: str) -> str:
    """Text from a user's file or disk on one line, with control characters shown and not obeyed."""
    return "".join(each if each.isprintable() else _escape(each) for each in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
