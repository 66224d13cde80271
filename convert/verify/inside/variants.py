"""Other values for the arguments of a constructor that have a default: a lost `stride=stride` shows in no other way."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from .usage import Path, Use

_LARGEST = 4  # what is larger is a width or a count of classes, and not a setting
_TINY = 1e-2


def defaults(model: type[Any]) -> dict[str, Any]:
    """The arguments that nobody has to give, with what they are then: numbers, flags and words only."""
    try:
        found = list(inspect.signature(model.__init__).parameters.values())[1:]
    except (TypeError, ValueError):
        return {}
    return {one.name: one.default for one in found if type(one.default) in (bool, int, float, str)}


def variants(given: Mapping[str, Any], used: Mapping[Path, Use]) -> Iterator[dict[str, Any]]:
    """Sets of other values: each flag, small number and word alone, all fractions together."""
    fractions = {name: _other_fraction(value) for name, value in given.items() if type(value) is float}
    if fractions:
        yield fractions
    for name, value in given.items():
        if type(value) is bool:
            yield {name: not value}
        elif type(value) is int and 0 <= value <= _LARGEST:
            yield {name: value + 1}
        elif type(value) is str:
            words = used.get((name,), Use()).words
            yield from ({name: word} for word in dict.fromkeys(words) if word != value)


def _other_fraction(value: float) -> float:
    """A rate of 0 becomes one that shows; an eps becomes larger, for half of it shows nowhere."""
    if value == 0:
        return 0.25
    return value * 100 if 0 < value < _TINY else value / 2
