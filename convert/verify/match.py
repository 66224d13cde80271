"""Pairs the state of two models: by the map that a conversion gave, else by key, else by what alone fits.

What cannot be paired without guessing is said, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..outcome import StateMove

_COUNTER = "num_batches_tracked"


@dataclass(frozen=True)
class Pairing:
    """`pairs`: key of A, key of B, transposed. `problem`: what cannot be paired; `lacking`: no partner can exist.

    `fits_map` is false where the problem is the map that was given.
    """

    pairs: tuple[tuple[str, str, bool], ...] = ()
    problem: str = ""
    lacking: bool = False
    fits_map: bool = True
    notes: tuple[str, ...] = ()


Entry = Mapping[str, Any]
KeyPairs = list[tuple[str, str, bool]]


def paired(
    a: Sequence[Entry],
    b: Sequence[Entry],
    state_map: Mapping[str, StateMove] | None,
    by_use: Mapping[str, str] | None = None,
    class_maps: Mapping[str, Mapping[str, StateMove]] | None = None,
) -> Pairing:
    """Pairs every entry of A with one of B; counters of batches may lack a partner.

    `state_map` is the model's own, `class_maps` those of all classes: where the model's says only `child.*`, the map of
    the child's class goes on.

    `by_use` is what the two calculations say of entries whose names and shapes do not tell.
    """
    if state_map is not None:
        return _by_map(a, b, state_map, class_maps or {})
    ours, theirs = {one["key"]: one for one in a}, {one["key"]: one for one in b}
    pairs = [(key, key, False) for key in ours if key in theirs and _alike(ours[key], theirs[key])]
    left, right = _open(a, b, pairs)
    pairs += _by_spelling(left, right)
    left, right = _open(a, b, pairs)
    for one in left:
        other = next((other for other in right if other["key"] == (by_use or {}).get(one["key"])), None)
        if other is not None and (_alike(one, other) or _alike(one, other, turned=True)):
            pairs.append((one["key"], other["key"], not _alike(one, other)))
    return _by_fit(pairs, *_open(a, b, pairs))


def _open(a: Sequence[Entry], b: Sequence[Entry], pairs: KeyPairs) -> tuple[list[Entry], list[Entry]]:
    """What has no partner yet and needs one."""
    ours, theirs = {key for key, _, _ in pairs}, {key for _, key, _ in pairs}
    left = [one for one in a if one["key"] not in ours and not _is_counter(one)]
    return left, [one for one in b if one["key"] not in theirs and not _is_counter(one)]


def _by_spelling(left: Sequence[Entry], right: Sequence[Entry]) -> KeyPairs:
    """`block.0.weight` and `block_0_weight`, where nothing else is spelled so."""
    found = []
    for one in left:
        spelled = [other for other in right if _spelling(other) == _spelling(one)]
        rivals = [other for other in left if _spelling(other) == _spelling(one)]
        if len(spelled) == len(rivals) == 1 and _alike(one, spelled[0]):
            found.append((one["key"], spelled[0]["key"], False))
    return found


def _spelling(entry: Entry) -> str:
    return str(entry["key"]).replace(".", "_").lower()


def _by_map(
    a: Sequence[Entry],
    b: Sequence[Entry],
    state_map: Mapping[str, StateMove],
    class_maps: Mapping[str, Mapping[str, StateMove]],
) -> Pairing:
    theirs = {one["key"]: one for one in b}
    pairs: KeyPairs = []
    for one in a:
        move = _move(one["key"].split("."), one.get("classes", ()), 0, state_map, class_maps)
        if move is None and _is_counter(one):
            continue
        if move is None and one["key"] in theirs and _alike(one, theirs[one["key"]]):
            move = StateMove(one["key"])  # what a hook makes in both: `weight_norm` adds `weight_g`
        if move is None:
            return Pairing(problem=f"the state map does not name {one['key']} of A", fits_map=False)
        if move.key not in theirs:
            return Pairing(
                problem=f"the state map sends {one['key']} to {move.key}, which B does not have", lacking=True
            )
        turned = move.transform == "transpose"
        if not _alike(one, theirs[move.key], turned=turned):
            shapes = f"{one['shape']} in A, {theirs[move.key]['shape']} in B"
            return Pairing(problem=f"{one['key']} → {move.key} differ in shape or dtype: {shapes}", lacking=True)
        pairs.append((one["key"], move.key, turned))
    taken = [key for _, key, _ in pairs]
    twice = sorted({key for key in taken if taken.count(key) > 1})
    if twice:
        return Pairing(problem=f"the state map sends two keys to {twice[0]}", fits_map=False)
    open_keys = [one["key"] for one in b if one["key"] not in taken and not _is_counter(one)]
    if open_keys:
        return Pairing(problem=f"the state map leads to no {', '.join(open_keys)} of B", lacking=True)
    return Pairing(tuple(pairs))


def _move(
    parts: Sequence[str],
    classes: Sequence[str],
    depth: int,
    state_map: Mapping[str, StateMove],
    class_maps: Mapping[str, Mapping[str, StateMove]],
) -> StateMove | None:
    """Where a key goes: by its own entry, or by the longest wildcard and then the map of the class it leads to.

    `classes[i]` is the class of the module at the first i parts; `state_map` belongs to the one at `depth`.
    """
    tail = parts[depth:]
    if ".".join(tail) in state_map:
        return state_map[".".join(tail)]
    for length in range(len(tail) - 1, -1, -1):
        child = state_map.get(".".join([*tail[:length], "*"]))
        if child is None:
            continue
        start = depth + length
        inner = next((d for d in range(max(start, 1), len(classes)) if classes[d] in class_maps), None)
        if inner is None:
            return StateMove(child.key[:-1] + ".".join(parts[start:]), child.transform)
        move = _move(parts, classes, inner, class_maps[classes[inner]], class_maps)
        if move is None:
            return None
        return StateMove(child.key[:-1] + ".".join([*parts[start:inner], move.key]), move.transform)
    return _by_class(parts, classes, depth, class_maps)


def _by_class(
    parts: Sequence[str], classes: Sequence[str], depth: int, class_maps: Mapping[str, Mapping[str, StateMove]]
) -> StateMove | None:
    """Where a key goes that no map names: a child of a computed name keeps it, and has the map of its class."""
    inner = next((d for d in range(depth + 1, min(len(classes), len(parts))) if classes[d] in class_maps), None)
    move = None if inner is None else _move(parts, classes, inner, class_maps[classes[inner]], class_maps)
    if inner is None or move is None:
        return None
    return StateMove(".".join([*parts[depth:inner], move.key]), move.transform)


def _by_fit(pairs: KeyPairs, left: Sequence[Entry], right: Sequence[Entry]) -> Pairing:
    """Pairs by shape where exactly one entry of each side has it; transposed matrices where no straight one fits."""
    for turned in (False, True):
        for one in list(left):
            fits = [other for other in right if _alike(one, other, turned=turned)]
            rivals = [other for other in left if _alike(one, other)]
            if len(fits) == 1 and len(rivals) == 1:
                pairs.append((one["key"], fits[0]["key"], turned))
                left = [other for other in left if other is not one]
                right = [other for other in right if other is not fits[0]]
    if not left and not right:
        return Pairing(tuple(pairs))
    a_keys, b_keys = ", ".join(one["key"] for one in left), ", ".join(one["key"] for one in right)
    if len(left) != len(right):
        said = f"the state has no partner: of A {a_keys or 'none'}, of B {b_keys or 'none'}"
        return Pairing(problem=said, lacking=True)
    return Pairing(problem=f"it is not clear which state of A ({a_keys}) is which of B ({b_keys}): give --map")


def _alike(one: Entry, other: Entry, *, turned: bool = False) -> bool:
    shape = list(reversed(one["shape"])) if turned else list(one["shape"])
    fits_turn = not turned or len(shape) == 2
    return (
        fits_turn and shape == list(other["shape"]) and one["dtype"] == other["dtype"] and one["kind"] == other["kind"]
    )


def _is_counter(entry: Entry) -> bool:
    """A batch counter: the module has one, `F.batch_norm` does not."""
    return bool(entry["key"].rpartition(".")[2].startswith(_COUNTER)) or (
        entry["kind"] == "buffer" and not entry["shape"] and entry["dtype"] == "int64"
    )


def broken_tie(a: Sequence[Entry], b: Sequence[Entry], pairing: Pairing) -> str | None:
    """Names a parameter that one side shares between two keys and the other does not."""
    a_tied, b_tied = {one["key"]: one["tied"] for one in a}, {one["key"]: one["tied"] for one in b}
    a_group: dict[str, str] = {}
    b_group: dict[str, str] = {}
    for a_key, b_key, _ in pairing.pairs:
        left, right = a_group.setdefault(a_tied[a_key], a_key), b_group.setdefault(b_tied[b_key], a_key)
        if left != right:
            shared = "A" if left != a_key else "B"
            return f"{a_key} is shared with another entry in {shared} only"
    return None
