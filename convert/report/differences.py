"""The unified diff between a file as it is and as it would be."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from .paint import Paint

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def unified(old: str, new: str, name: str, paint: Paint | None = None) -> Iterator[str]:
    """Lines of a diff that `patch` and `git apply` take, each with its line end; texts with their own line ends.

    Only `\\n` ends a line here, as in those programs; a carriage return before it is a part of the line.
    """
    paint = paint or Paint()
    before, after = old.split("\n"), new.split("\n")
    lines = unified_diff(_with_ends(before), _with_ends(after), f"a/{name}", f"b/{name}")
    for number, line in enumerate(lines):
        style = "bold" if number < 2 else _STYLES.get(line[0], "")
        body, end, _ = line.partition("\n")
        yield (paint(body, style) if style else body) + "\n"
        if not end:
            yield "\\ No newline at end of file\n"


def _with_ends(lines: list[str]) -> list[str]:
    ended = [line + "\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended
