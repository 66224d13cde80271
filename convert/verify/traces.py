"""Compares two traces: whether they are the same calculation, and if not, the first operation that really differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Call = dict[str, Any]
Trace = Sequence[Call]

_RESHAPES = {"view", "reshape", "flatten", "_unsafe_view"}
"""The same elements in the same order under the shape of the output, whichever of them is called."""


@dataclass(frozen=True)
class Parting:
    """Where two traces part: the index of the operation in each (None: that side has none), and what it is.

    `only` is "A" or "B" when it is an operation that the other side does not have.
    """

    a: int | None
    b: int | None
    what: str
    only: str = ""


def same(a: Trace, b: Trace) -> bool:
    """Whether both make the same calls, with the same arguments from the same places, in the same order."""
    return len(a) == len(b) and all(essence(one) == essence(other) for one, other in zip(a, b, strict=True))


def essence(call: Call) -> tuple[Any, ...]:
    """A call without the line that made it and without the bits it gave."""
    outputs = [_kind(one) for one in call["outputs"]]
    if spoken(call["op"]) in _RESHAPES:
        return "reshape", call["inputs"], {}, outputs
    return call["op"], call["inputs"], call["static"], outputs


def _kind(output: Any) -> Any:
    return {key: output[key] for key in output if key != "digest"} if isinstance(output, dict) else output


def constants(trace: Trace) -> bool:
    """Whether a call was given numbers of unknown origin, which another input might change."""
    return any(
        _holds(call["inputs"], "constant") or _holds(list(call["static"].values()), "constant") for call in trace
    )


def _holds(value: Any, word: str) -> bool:
    if isinstance(value, list):
        return bool(value and value[0] == word) or any(_holds(one, word) for one in value)
    return False


def parting(a: Trace, b: Trace) -> Parting | None:
    """The first operation whose result the other side never has and that is not made good later.

    `x @ w` then `+ b` against one `linear` differ on the way and meet again: that is no parting.
    """
    ours, theirs = _first_bad(a, b), _first_bad(b, a)
    if ours is None and theirs is None:
        return None
    what, only = _what(a, b, ours, theirs)
    return Parting(ours, theirs, what, only)


def _first_bad(trace: Trace, other: Trace) -> int | None:
    theirs = {digest for call in other for digest in digests(call)}
    consumers: dict[int, list[int]] = {}
    for index, call in enumerate(trace):
        for source in _sources([call["inputs"], list(call["static"].values())]):
            consumers.setdefault(source, []).append(index)
    bad: set[int] = set()
    for index in range(len(trace) - 1, -1, -1):
        unmatched = [digest for digest in digests(trace[index]) if digest not in theirs]
        used_by = consumers.get(index, [])
        if unmatched and (not used_by or any(user in bad for user in used_by)):
            bad.add(index)
    return min(bad, default=None)


def digests(call: Call) -> list[str | None]:
    """The bits of what a call gave, in short; None where they were not noted."""
    return [one.get("digest") for one in call["outputs"] if isinstance(one, dict)]


def _sources(value: Any) -> list[int]:
    """Indices of the earlier calls a description refers to."""
    if not isinstance(value, list):
        return []
    if len(value) == 3 and value[0] == "op":
        return [value[1]]
    return [source for one in value for source in _sources(one)]


def _what(a: Trace, b: Trace, ours: int | None, theirs: int | None) -> tuple[str, str]:
    """In words, and the side that alone has the operation, if one has."""
    if ours is None or theirs is None:
        side, trace, at = ("B", b, theirs) if ours is None else ("A", a, ours)
        return f"{spoken(trace[at or 0]['op'])} is in {side} only", side
    one, other = a[ours], b[theirs]
    if spoken(one["op"]) != spoken(other["op"]):
        return _which_is_extra(a, b, ours, theirs)
    return differs(one, other) or f"{spoken(one['op'])} gives other numbers", ""


def differs(one: Call, other: Call) -> str:
    """What is not the same in two calls of one operation: an argument, or where an input comes from; "" if nothing."""
    name = spoken(one["op"])
    for key in [*one["static"], *(key for key in other["static"] if key not in one["static"])]:
        left, right = one["static"].get(key), other["static"].get(key)
        if left != right:
            return f"{name}: {key} is {plain(left)} in A and {plain(right)} in B"
    if len(one["inputs"]) != len(other["inputs"]):
        return f"{name} is given {len(one['inputs'])} inputs in A and {len(other['inputs'])} in B"
    for index, (left, right) in enumerate(zip(one["inputs"], other["inputs"], strict=True)):
        if left != right and not (_sources(left) and _sources(right)):
            return f"{name}: input {index + 1} is {plain(left)} in A and {plain(right)} in B"
    return ""


def named_state(call: Call) -> list[str]:
    """The parameters and buffers a call is given, by name."""
    return list(_names([*call["inputs"], *call["static"].values()]))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list) and value:
        if value[0] in ("parameter", "buffer"):
            yield str(value[1])
        else:
            for one in value:
                yield from _names(one)


def _which_is_extra(a: Trace, b: Trace, ours: int, theirs: int) -> tuple[str, str]:
    """An operation that the other side does not have at all is named as such."""
    one, other = spoken(a[ours]["op"]), spoken(b[theirs]["op"])
    in_a, in_b = {spoken(call["op"]) for call in a}, {spoken(call["op"]) for call in b}
    if other not in in_a and one in in_b:
        return f"{other} is in B only, before {one}", "B"
    if one not in in_b and other in in_a:
        return f"{one} is in A only, before {other}", "A"
    return f"{one} in A is {other} in B", ""


def spoken(op: str) -> str:
    """`aten.max_pool2d.default` → `max_pool2d`."""
    parts = op.split(".")
    return parts[1] if parts[0] == "aten" and len(parts) > 1 else op


def plain(value: Any) -> str:
    """A description as a user would write it."""
    if isinstance(value, list) and value:
        if value[0] == "number":
            return str(value[2])
        if value[0] in ("parameter", "buffer"):
            return str(value[1]) + (" (transposed)" if "transposed" in value else "")
        if value[0] == "input":
            return f"input {value[1]}"
        if value[0] == "op":
            return "an earlier result"
        if value[0] == "alias":
            return f"a view of {plain(value[1])}"
        if value[0] == "constant":
            return f"a constant {value[1]}{value[2]}"
        if value[0] == "object":
            return str(value[2] or value[1])
        return f"[{', '.join(plain(one) for one in value)}]"
    return "not given" if value is None else str(value)
