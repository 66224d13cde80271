"""Asks the referee about a mutant, with the inputs and the state map that the true pair was verified with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from suite import Twin, parsed
from truth import Setting, differ


def truly_differs(a: str, b: str, twin: Twin, settings: list[dict[str, Any]]) -> bool:
    """Whether any model of the pair behaves differently under real torch."""
    return any(differ(a, b, _setting(one, twin)) for one in settings)


def differs_by_more_than_rounding(a: str, b: str, twin: Twin, settings: list[dict[str, Any]]) -> bool:
    """The same in float64, where rounding is far below what is looked at."""
    return any(differ(a, b, replace(_setting(one, twin), double=True)) for one in settings)


def _setting(one: dict[str, Any], twin: Twin) -> Setting:
    keys = {
        old: (move.key, move.transform == "transpose")
        for old, move in twin.maps.get(one["model"], {}).items()
        if not old.endswith(".*")
    }
    cases = tuple(tuple(parsed(spec) for spec in case) for case in one["cases"])
    return Setting(one["model"], one["init_args"], cases, keys)
