"""Which state of A is which of B, told from where each is used: the n-th convolution of A beside the n-th of B.

A pairing found so is no guess about the verdict: the models are then compared under it, and it either holds or fails.
"""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher

from .traces import Call, Trace, named_state, spoken


def pairs_by_use(a: Trace, b: Trace) -> dict[str, str]:
    """Keys of A to keys of B, where every aligned use pairs them alike; the traces name each side's own keys."""
    matcher = SequenceMatcher(None, [_key(call) for call in a], [_key(call) for call in b], autojunk=False)
    there: defaultdict[str, set[str]] = defaultdict(set)
    back: defaultdict[str, set[str]] = defaultdict(set)
    for block in matcher.get_matching_blocks():
        for one, other in zip(a[block.a : block.a + block.size], b[block.b : block.b + block.size], strict=True):
            for left, right in zip(named_state(one), named_state(other), strict=False):
                there[left].add(right)
                back[right].add(left)
    return {
        left: next(iter(rights))
        for left, rights in there.items()
        if len(rights) == 1 and back[next(iter(rights))] == {left}
    }


def _key(call: Call) -> tuple[str, int, str]:
    shapes = [output["shape"] for output in call["outputs"] if isinstance(output, dict)]
    return spoken(call["op"]), len(named_state(call)), repr(shapes)
