"""Compares what two models start from: the same numbers under one seed, the same distributions, or neither."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from .sides import Sides
from .wire import Message

InitialState = Literal["identical", "same distribution", "different", ""]
_SEEDS = tuple(range(1, 9))
_CRITICAL = 2.0  # of the Kolmogorov-Smirnov statistic: one pair in a thousand of the same distribution lies above


def compared(sides: Sides, built: tuple[Message, Message], pairs: Sequence[tuple[str, str, bool]]) -> InitialState:
    """Bits first; where they differ, both are built under more seeds and the values of each entry laid side by side."""
    ours, theirs = ({one["key"]: one for one in side.body["state"]} for side in built)
    if all(ours[x]["digest"] == theirs[y]["digest"] for x, y, turned in pairs if not turned):
        return "identical"
    a, b = sides.ask_both({"ask": "initial", "seeds": list(_SEEDS)})
    if "failure" in a.body or "failure" in b.body:
        return "different"
    values = ((a.body["values"][x], b.body["values"][y]) for x, y, _ in pairs)
    return "same distribution" if all(same_distribution(*both) for both in values) else "different"


def same_distribution(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether two sorted samples may come from one distribution: the two-sample Kolmogorov-Smirnov test.

    A constant agrees only with the same constant.
    """
    if not a or not b or a == b:
        return list(a) == list(b)
    if a[0] == a[-1] or b[0] == b[-1]:
        return False
    return distance(a, b) <= _CRITICAL * math.sqrt((len(a) + len(b)) / (len(a) * len(b)))


def distance(a: Sequence[float], b: Sequence[float]) -> float:
    """The largest gap between the two empirical distribution functions; both sorted."""
    i = j = 0
    widest = 0.0
    while i < len(a) and j < len(b):
        value = min(a[i], b[j])
        while i < len(a) and a[i] <= value:
            i += 1
        while j < len(b) and b[j] <= value:
            j += 1
        widest = max(widest, abs(i / len(a) - j / len(b)))
    return widest
