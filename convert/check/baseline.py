"""A baseline: the findings that a project has already, so that only new ones are told.

An entry is a file, a code and the source text of the site, with the number of such sites: lines may move freely, and a
line that is changed is told again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ..diagnostics import CODES, Diagnostic

Findings = Sequence[tuple[str, Diagnostic]]
"""Pairs of a file's name, as the baseline calls it, and a finding in it."""

Known = Mapping[tuple[str, str, str], int]
"""(file, code, source of the site) → how many."""

VERSION = 1


class BadBaseline(ValueError):
    """A text that is no baseline, in one line."""


def known_of(findings: Findings) -> Known:
    """The entries that make these findings known."""
    return Counter((name, found.code, found.what) for name, found in findings)


def split(findings: Findings, known: Known) -> tuple[list[bool], int]:
    """For every finding whether it is new, and how many entries were not found any more."""
    left = Counter(dict(known))
    new = []
    for name, found in findings:
        key = (name, found.code, found.what)
        new.append(left[key] <= 0)
        left[key] -= 1
    return new, sum(count for count in left.values() if count > 0)


def dump(known: Known) -> str:
    """The text of a baseline file, sorted, so that it reads well in a review."""
    rows = [
        {"path": name, "code": code, "slug": CODES[code].slug, "source": source, "count": count}
        for (name, code, source), count in sorted(known.items())
    ]
    return json.dumps({"version": VERSION, "findings": rows}, indent=2, ensure_ascii=False) + "\n"


def load(text: str) -> Known:
    """Read a baseline file. Raises BadBaseline."""
    try:
        read = json.loads(text)
        if read["version"] != VERSION:
            raise BadBaseline(f"is a baseline of version {read['version']}; this nnflip reads version {VERSION}")
        return _rows(read["findings"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, BadBaseline):
            raise
        raise BadBaseline("is not a baseline that nnflip wrote") from None


def _rows(rows: Iterable[Mapping[str, object]]) -> Known:
    known: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        name, code, source, count = row["path"], row["code"], row["source"], row["count"]
        if not (isinstance(name, str) and isinstance(code, str) and isinstance(source, str) and isinstance(count, int)):
            raise TypeError
        known[name, code, source] += count
    return known
