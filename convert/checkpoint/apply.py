"""A whole checkpoint carried over: every set of named tensors in it that fits, and the optimisers beside them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .carry import Carried, ClassMap, carry, complaint
from .optimiser import is_optimiser, reorder
from .tensors import BadCheckpoint, Stored, tensor

_DEEPEST = 4


@dataclass
class Applied:
    """The objects after carrying over, and what was done, in words."""

    root: Any
    said: list[str] = field(default_factory=list)


def apply(
    root: Any, maps: Mapping[str, ClassMap], *, model: str | None = None, drop_optimizer: bool = False
) -> Applied:
    """Carry over everything in a checkpoint that belongs to the models of a map. Raises BadCheckpoint."""
    found: dict[int, tuple[dict[str, Stored], Carried]] = {}
    states = dict(_states(root))
    for state in states.values():
        carried = carry(_tensors(state), maps, model)
        if carried is not None:
            found[id(state)] = _tensors(state), carried
    if not found:
        raise BadCheckpoint(_misfit(states, maps, model))
    applied = Applied(None)
    applied.root = _rebuilt(root, "", found, drop_optimizer, applied, 0)
    return applied


def _states(value: Any, where: str = "", depth: int = 0) -> list[tuple[str, dict[str, Any]]]:
    """Every dict with named tensors, by where it lies; optimisers hold theirs by number."""
    if not isinstance(value, dict) or is_optimiser(value) or depth > _DEEPEST:
        return []
    inner = [found for key, item in value.items() for found in _states(item, f"{where}[{key!r}]", depth + 1)]
    return [(where, value), *inner] if _tensors(value) else inner


def _tensors(state: Mapping[Any, Any]) -> dict[str, Stored]:
    return {key: value for key, value in state.items() if isinstance(key, str) and isinstance(value, Stored)}


def _misfit(states: Mapping[str, Any], maps: Mapping[str, ClassMap], model: str | None) -> str:
    if not states:
        return "holds no named tensors"
    candidates = [maps[model]] if model else [each for each in maps.values() if each.changes] or list(maps.values())
    state = _tensors(max(states.values(), key=len))
    said = [(complaint(state, each), each.name) for each in candidates]
    if not said:
        return "cannot be carried over: the report knows no model"
    (_, difference), name = min(said, key=lambda pair: pair[0][0])
    return f"does not fit {name}: {difference}"


def _rebuilt(
    value: Any,
    where: str,
    found: Mapping[int, tuple[dict[str, Stored], Carried]],
    drop: bool,
    applied: Applied,
    depth: int,
) -> Any:
    """The objects again, with what was found in its new form; everything else is the same object."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return value
    if is_optimiser(value):
        return _optimiser(value, where, list(found.values()), applied)
    if id(value) in found:
        return _state(value, where, *found[id(value)], applied)
    kept = {key: item for key, item in value.items() if not (drop and is_optimiser(item))}
    dropped = [key for key in value if key not in kept]
    applied.said += [f"{where}[{key!r}]: left out" for key in dropped]
    items = {key: _rebuilt(item, f"{where}[{key!r}]", found, drop, applied, depth + 1) for key, item in kept.items()}
    return _alike(value, items)


def _alike(value: dict[Any, Any], items: dict[Any, Any]) -> dict[Any, Any]:
    if not isinstance(value, OrderedDict):
        return items
    made = OrderedDict(items)
    vars(made).update(vars(value))
    return made


def _state(
    value: dict[Any, Any], where: str, tensors: Mapping[str, Stored], carried: Carried, applied: Applied
) -> dict[Any, Any]:
    items: dict[Any, Any] = {}
    for key, item in value.items():
        if key not in tensors:
            items[key] = item
        elif key in carried.moves:
            new, turned = carried.moves[key]
            stored = item.transposed() if turned else item
            if new in items and items[new].content() != stored.content():
                raise BadCheckpoint(f"{key} and another key both become {new}, but their values differ")
            items[new] = stored
    for key in carried.added:
        if key not in items:
            items[key] = _fresh(key)
    moved = sum(new != old or turned for old, (new, turned) in carried.moves.items())
    names = ", ".join(dict.fromkeys(of.name for _, _, of in carried.places))
    extra = f", {len(carried.added)} added" if carried.added else ""
    gone = f", {len(carried.removed)} left out" if carried.removed else ""
    applied.said.append(f"{where or 'state'}: {names}, {moved} of {len(tensors)} entries moved{extra}{gone}")
    return _alike(value, items)


def _fresh(key: str) -> Stored:
    """A batch counter at zero: the one entry that a conversion may add."""
    if key.rpartition(".")[2] != "num_batches_tracked":
        raise BadCheckpoint(f"{key} is new, and nothing is known of its value")
    return tensor(bytes(8), "int64", ())


def _optimiser(
    value: dict[str, Any], where: str, found: list[tuple[dict[str, Stored], Carried]], applied: Applied
) -> dict[str, Any]:
    """An optimiser's state, by the one set of tensors it can belong to."""
    results: list[dict[str, Any]] = []
    reasons: list[BadCheckpoint] = []
    for tensors, carried in found:
        try:
            results.append(reorder(value, tensors, carried))
        except BadCheckpoint as reason:
            reasons.append(reason)
    if not results:
        raise reasons[0]
    numbers = [[list(each["state"]), [id(s) for s in each["state"].values()]] for each in results]
    if len(results) > 1 and len({tuple(t) for t, _ in found}) > 1 and any(each != numbers[0] for each in numbers):
        raise BadCheckpoint(
            f"{where}: it is not certain whose parameters it holds (leave it out with --drop-optimizer)"
        )
    applied.said.append(f"{where}: optimiser state in the order of the new parameters")
    return results[0]
