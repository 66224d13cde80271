"""Words a user chooses from, with a suggestion for a mistyped one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches

import typer


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'module'?`, or nothing if no known word is close."""
    words = list(dict.fromkeys(known))
    lowered = {each.lower(): each for each in words}
    close = get_close_matches(word, words, n=1) or get_close_matches(word.lower(), lowered, n=1, cutoff=0.55)
    return f"; did you mean {close[0] if close[0] in words else lowered[close[0]]!r}?" if close else ""


def one_of(known: tuple[str, ...]) -> Callable[[str | None], str | None]:
    """A typer callback that accepts one of `known`, or None."""

    def check(value: str | None) -> str | None:
        if value is not None and value not in known:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(known)}{did_you_mean(value, known)}")
        return value

    return check


def some_of(known: tuple[str, ...]) -> Callable[[list[str] | None], list[str]]:
    """A typer callback that accepts any number of `known`, one per option or separated by commas."""

    def check(values: list[str] | None) -> list[str]:
        words = [word.strip() for value in values or () for word in value.split(",") if word.strip()]
        for word in words:
            one_of(known)(word)
        return words

    return check
