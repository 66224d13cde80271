"""Runs pairs that agree once more with other values for the constructor's defaults, while there is time.

`Block(8, 8)` says nothing of `stride=2`: a version that has lost `stride=stride` is the same until somebody passes it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from .literals import unpacked
from .pair import PairCheck, PairFound
from .sides import SideFailed

_MOST = 6
_SHARE = 0.5  # of the time that is left, for all pairs together


def with_other_arguments(found: Sequence[tuple[PairCheck, PairFound]], deadline: float) -> Iterator[PairFound]:
    """What was found of each pair, or the first difference under other arguments; a note tells of those that agree.

    Once a process has died or the time is over, the rest is as it was found.
    """
    start = time.monotonic()
    until = start + _SHARE * (deadline - start)
    for check, one in found:
        if one.verdict.verdict in ("proven", "equal") and check.is_guessed and time.monotonic() < until:
            try:
                one = _further(check, one, until)
            except SideFailed:
                until = start
        yield one


def _further(check: PairCheck, found: PairFound, until: float) -> PairFound:
    check.until = until
    longest, agreed = check.took, []
    for changed in _variants(check):
        begun = time.monotonic()
        if begun + longest > until:
            break
        other = check.found_with(changed)
        if other is None:
            continue
        longest = max(longest, time.monotonic() - begun)
        if other.verdict.verdict == "different":
            verdict = replace(other.verdict, reason=f"with {_spoken(changed)}: {other.verdict.reason}")
            return replace(found, verdict=verdict, rows=other.rows)
        if other.verdict.verdict != "inconclusive":
            agreed.append(_spoken(changed))
    if not agreed:
        return found
    note = f"run with other arguments too: {'; '.join(agreed)}"
    return replace(found, verdict=replace(found.verdict, notes=(*found.verdict.notes, note)))


def _variants(check: PairCheck) -> list[dict[str, Any]]:
    """Those of A of which all defaults are B's as well."""
    questions = [{"ask": "variants", "model": name} for name in check.names]
    a, b = check.sides.ask_both(questions[0], questions[1])
    ours, theirs = a.body["defaults"], b.body["defaults"]
    shared = {name for name, value in ours.items() if name in theirs and theirs[name] == value}
    return [one for one in a.body["variants"] if one.keys() <= shared][:_MOST]


def _spoken(changed: dict[str, Any]) -> str:
    return ", ".join(f"{name}={unpacked(value)!r}" for name, value in changed.items())
