"""Guesses in a few words what went wrong, from the two calls in which two runs part: what a user would look for.

`batch_norm: eps is 0.001 in A and 1e-05 in B` → `eps 0.001 against 1e-05`; `transpose` added → `weight is transposed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .result import Mismatch
from .traces import Call, Trace, plain, spoken

_TURNING = frozenset({"t", "transpose", "permute", "T", "mT", "swapaxes", "swapdims"})
_CONVERTING = frozenset({"to", "to_copy", "_to_copy", "type", "double", "float", "half"})
_LOST_AT = {"padding": 0, "dilation": 1, "groups": 1, "stride": 1, "output_padding": 0}


def guess(a: Trace, b: Trace, at: tuple[int | None, int | None], mode: str) -> str:
    """The likely cause where call `at[0]` of A and `at[1]` of B part; "" where nothing is known."""
    one, other = (trace[index] if index is not None else None for trace, index in zip((a, b), at, strict=True))
    for ours, theirs, side, lost in ((one, other, "B", a), (other, one, "A", b)):
        extra = _extra(ours, theirs, b if side == "B" else a, lost, side, mode)
        if extra:
            return extra
    if one is None or other is None:
        return ""
    if spoken(one["op"]) == spoken(other["op"]):
        return _in_arguments(one, other, mode) or _in_inputs(one, other)
    if _names(a) == _names(b):
        return "order of operations"
    return f"{spoken(other['op'])} in place of {spoken(one['op'])}"


def _extra(ours: Call | None, theirs: Call | None, trace: Trace, other: Trace, side: str, mode: str) -> str:
    """What an operation means that `theirs` is and that the other side does not have."""
    if theirs is None:
        return ""
    name = spoken(theirs["op"])
    if name in _names(other) and (ours is None or spoken(ours["op"]) == name or _names(trace) == _names(other)):
        return ""
    if name in _TURNING and _given_state(theirs):
        return f"weight is transposed in {side}"
    if "dropout" in name:
        return f"dropout active in eval in {side}" if mode == "eval" else f"dropout only in {side}"
    if name.endswith("_") and name not in _names(other):
        return f"a tensor is changed in place in {side}"
    if name in _CONVERTING:
        return f"dtype changed in {side}"
    return f"{name} only in {side}" if ours is None else ""


def _names(trace: Trace) -> list[str]:
    return sorted(spoken(call["op"]) for call in trace)


def _given_state(call: Call) -> bool:
    return bool(call["inputs"]) and isinstance(call["inputs"][0], list) and call["inputs"][0][:1] == ["parameter"]


def _in_arguments(one: Call, other: Call, mode: str) -> str:
    """What is said by the first static argument that is not the same."""
    for key in [*one["static"], *(key for key in other["static"] if key not in one["static"])]:
        ours, theirs = plain(one["static"].get(key)), plain(other["static"].get(key))
        if ours == theirs:
            continue
        if key in ("training", "train"):
            return _training(spoken(one["op"]), "A" if ours == "True" else "B", mode)
        if key == "grad_enabled":
            return f"gradients are switched off in {'A' if ours == 'False' else 'B'}"
        if key in _LOST_AT and {_single(ours), _single(theirs)} & {str(_LOST_AT[key])}:
            return f"{key} lost in {'A' if _single(ours) == str(_LOST_AT[key]) else 'B'}: {ours} against {theirs}"
        return f"{key} {ours} against {theirs}"
    return ""


def _single(shown: str) -> str:
    """`[[0, 0], [0, 0]]` → `0` where all are the same number."""
    numbers = set(shown.replace("[", "").replace("]", "").replace(" ", "").split(","))
    return numbers.pop() if len(numbers) == 1 else shown


def _training(op: str, side: str, mode: str) -> str:
    if "dropout" in op:
        return f"dropout {'active in eval' if mode == 'eval' else 'only active'} in {side}"
    if mode == "eval":
        return f"{op} uses the statistics of the batch in eval in {side}"
    return f"{op} uses its running statistics in training in {'B' if side == 'A' else 'A'}"


def _in_inputs(one: Call, other: Call) -> str:
    for ours, theirs in zip(one["inputs"], other["inputs"], strict=False):
        left, right = _state(ours), _state(theirs)
        if ours == theirs or not (left or right):
            continue
        if left and left == right:
            return f"{left} is transposed in one of them" if "transposed" in [*ours, *theirs] else f"{left} is changed"
        if ours is None or theirs is None:
            lost = left or right
            return f"{lost.rpartition('.')[2].rpartition('_')[2]} dropped in {'A' if ours is None else 'B'}: {lost}"
        if left and right:
            return f"swapped: {left} in A, {right} in B"
        return f"{left or right} is copied or changed before use in {'B' if left else 'A'}"
    return ""


def _state(value: Any) -> str:
    return str(value[1]) if isinstance(value, list) and value[:1] in (["parameter"], ["buffer"]) else ""


def guess_beside(mismatches: Sequence[Mismatch], a: Trace, b: Trace) -> str:
    """Where forward gives the same numbers: what the gradients, buffers or changed inputs say."""
    if any(one.section == "parameter" and "requires a gradient in" in one.what for one in mismatches):
        return "a parameter is frozen in one of them"
    cut = [one for one in mismatches if one.section.endswith("gradient") and one.what.endswith("None in B")]
    lost = [one for one in mismatches if one.section.endswith("gradient") and " is None in A and " in one.what]
    if cut or lost:
        return f"gradient detached in {'B' if cut else 'A'}"
    if any(one.section == "output" and "requires a gradient" in one.what for one in mismatches):
        return "gradient detached, or switched off by no_grad"
    if mismatches and all(one.section == "buffer" for one in mismatches):
        return _running(a, b) or "a buffer is not updated"
    if any(one.section == "input" for one in mismatches):
        return "an input is changed in place"
    if any(one.section == "output" for one in mismatches):
        return ""
    return "scaled or rerouted gradient" if any(one.section.endswith("gradient") for one in mismatches) else ""


def _running(a: Trace, b: Trace) -> str:
    """`momentum 0.2 against 0.1`, where that is what keeps the statistics apart."""
    for one, other in zip(a, b, strict=False):
        if spoken(one["op"]) == spoken(other["op"]):
            ours, theirs = plain(one["static"].get("momentum")), plain(other["static"].get("momentum"))
            if ours != theirs:
                return f"momentum {ours} against {theirs}"
    return ""
