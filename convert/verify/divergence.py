"""The first operation in which two runs part, with the line in each file and the size of the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .compare import difference
from .guess import guess, guess_beside
from .layers import Row, aligned
from .result import Divergence, Mismatch
from .sides import Sides
from .traces import Parting, parting
from .wire import Message


def first(
    sides: Sides,
    observe: dict[str, Any],
    blobs: tuple[bytes, ...],
    mode: str,
    beside: Mapping[int, int],
    mismatches: Sequence[Mismatch],
) -> Divergence | None:
    """Observes both sides once more, comparing each intermediate result.

    `beside` knows for lines of B the line of A: an operation that A lacks in this mode it may have in the other.
    """
    a, b = sides.ask_both(observe, blobs=blobs)
    if "failure" in a.body or "failure" in b.body:
        return None
    found = parting(a.body["trace"], b.body["trace"])
    if found is None:
        return _beside_forward(a, b, mode, mismatches)
    a_line = a.body["trace"][found.a]["line"] if found.a is not None else None
    b_line = b.body["trace"][found.b]["line"] if found.b is not None else None
    if found.only == "B" and b_line is not None:
        a_line = beside.get(b_line, a_line)
    elif found.only == "A":
        b_line = next((theirs for theirs, ours in beside.items() if ours == a_line), b_line)
    cause = guess(a.body["trace"], b.body["trace"], (found.a, found.b), mode)
    return Divergence(a_line, b_line, found.what, _size(sides, found), mode, cause)


def measured(sides: Sides, observe: dict[str, Any], blobs: tuple[bytes, ...], most: int = 300) -> tuple[Row, ...]:
    """Observes one case again: its operations side by side, with how far their results are apart."""
    a, b = sides.ask_both(observe, blobs=blobs)
    if "failure" in a.body or "failure" in b.body:
        return ()
    rows = list(aligned(a.body["trace"], b.body["trace"]))
    for index, row in enumerate(rows[:most]):
        if row.at is not None and row.mark != "=":
            rows[index] = replace(row, max_abs=_size(sides, Parting(*row.at, "")))
    return tuple(rows)


def _beside_forward(a: Message, b: Message, mode: str, mismatches: Sequence[Mismatch]) -> Divergence | None:
    """Forward gives the same numbers and yet gradients or buffers differ: the first call that is not the same one."""
    cause = guess_beside(mismatches, a.body["trace"], b.body["trace"])
    for one, other in zip(a.body["trace"], b.body["trace"], strict=False):
        if (one["op"], one["inputs"], one["static"]) != (other["op"], other["inputs"], other["static"]):
            return Divergence(
                one["line"], other["line"], "the same numbers, calculated in another way", None, mode, cause
            )
    return Divergence(None, None, mismatches[0].what, None, mode, cause) if cause else None


def _size(sides: Sides, found: Parting) -> float | None:
    if found.a is None or found.b is None:
        return None
    a, b = sides.ask_both(
        {"ask": "value", "index": found.a, "position": 0}, {"ask": "value", "index": found.b, "position": 0}
    )
    if a.body["dtype"] is None or a.body != b.body:
        return None
    return difference(a.blobs[0], b.blobs[0], a.body["dtype"])[1]
