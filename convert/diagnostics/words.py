"""Words by which people name codes: `NF301`, the beginning of codes `NF3`, or a slug `dropout-always-on`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from . import CODES, OPT_IN, Diagnostic


class UnknownCode(ValueError):
    """A word that names no code; the message suggests one that does."""


def code_words(values: Iterable[str]) -> tuple[str, ...]:
    """The words of comma-separated texts, codes in capitals and slugs in small letters. Raises UnknownCode."""
    slugs = {row.slug for row in CODES.values()}
    found = []
    for word in (part.strip() for value in values for part in value.split(",")):
        code, slug = word.upper(), word.lower()
        if slug in slugs:
            found.append(slug)
        elif word and any(each.startswith(code) for each in CODES):
            found.append(code)
        elif word:
            close = get_close_matches(slug, slugs, n=1) or get_close_matches(code, CODES, n=1)
            raise UnknownCode(f"{word}: no such code" + (f"; did you mean {close[0]!r}?" if close else ""))
    return tuple(found)


def is_named(found: Diagnostic, words: Collection[str]) -> bool:
    """Whether one of the words names the finding's code."""
    return found.slug in words or any(found.code.startswith(word) for word in words)


def is_chosen(found: Diagnostic, select: Collection[str], ignore: Collection[str]) -> bool:
    """Whether a finding is to be told: selected, or nothing was selected, and not ignored.

    A code that is told only on request must be selected in full, not by the beginning that it shares with others.
    """
    if is_named(found, ignore):
        return False
    if found.code in OPT_IN:
        return found.code in select or found.slug in select
    return not select or is_named(found, select)
