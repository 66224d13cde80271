"""Optimiser state follows the parameters: it is kept by number, and the numbers are the order of the parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .carry import Carried, ClassMap
from .tensors import BadCheckpoint, Stored

_BUFFERS = frozenset({"running_mean", "running_var", "num_batches_tracked"})


def is_optimiser(value: Any) -> bool:
    """Whether an object is what an optimiser's `state_dict()` gives."""
    return isinstance(value, dict) and isinstance(value.get("state"), dict) and _groups(value) is not None


def reorder(optimiser: dict[str, Any], tensors: Mapping[str, Stored], carried: Carried) -> dict[str, Any]:
    """The same optimiser state over the new order of the parameters, transposed where they are.

    Raises BadCheckpoint where it is not certain which number belongs to which parameter.
    """
    before, after = _orders(tensors, carried)
    groups = _groups(optimiser) or []
    numbers = [number for group in groups for number in group["params"]]
    _check(optimiser, before, numbers, len(groups), tensors, moved=[carried.moves[key][0] for key in before] != after)
    old_of = {carried.moves[key][0]: number for key, number in zip(before, numbers, strict=True)}
    turned = {carried.moves[key][0]: carried.moves[key][1] for key in before}
    state: dict[Any, Any] = {}
    for number, key in zip(numbers, after, strict=True):
        if old_of[key] in optimiser["state"]:
            own = optimiser["state"][old_of[key]]
            shape = next(tensors[old].shape for old in before if carried.moves[old][0] == key)
            state[number] = {name: _turned(value, shape, turned[key]) for name, value in own.items()}
    return {**optimiser, "state": state, "param_groups": _renamed(groups, after)}


def _groups(optimiser: dict[str, Any]) -> list[dict[str, Any]] | None:
    groups = optimiser.get("param_groups")
    fine = isinstance(groups, list) and all(isinstance(g, dict) and isinstance(g.get("params"), list) for g in groups)
    return groups if fine else None


def _orders(tensors: Mapping[str, Stored], carried: Carried) -> tuple[list[str], list[str]]:
    """The model's parameters as `parameters()` gives them: old keys in the old order, new keys in the new one."""
    before = list(dict.fromkeys(_parameters(list(tensors), carried, side=0)))
    tied: dict[object, str] = {}
    before = [key for key in before if tied.setdefault(tensors[key].place, key) == key]
    new = {carried.moves[key][0]: None for key in before}
    after = [key for key in _parameters([move[0] for move in carried.moves.values()], carried, side=1) if key in new]
    if len(after) != len(before):
        raise BadCheckpoint("the optimiser cannot be carried over: its parameters are tied in another way than before")
    return before, after


def _parameters(keys: Sequence[str], carried: Carried, side: int) -> list[str]:
    """The keys that are parameters, in order: own order where a class was found, else the order of the state itself."""
    placed = {(old, new)[side]: of for old, new, of in carried.places}
    if not placed:
        return []
    return [
        key
        for root in _outermost(placed)
        for key in _inside(root, [k for k in keys if k.startswith(root)], placed, side)
    ]


def _outermost(placed: Mapping[str, ClassMap]) -> list[str]:
    return [root for root in placed if not any(root != other and root.startswith(other) for other in placed)]


def _inside(root: str, keys: Sequence[str], placed: Mapping[str, ClassMap], side: int) -> list[str]:
    """The parameters of what lies below a prefix; below one that no class of the map fits, nothing was converted."""
    of = placed.get(root)
    if of is None:
        inner = {other: each for other, each in placed.items() if other.startswith(root)}
        found: list[str] = []
        for key in keys:
            home = next((other for other in _outermost(inner) if key.startswith(other)), None)
            if home is None:
                found += [key] if key.rpartition(".")[2] not in _BUFFERS else []
            elif not any(each.startswith(home) for each in found):
                found += _inside(home, [k for k in keys if k.startswith(home)], placed, side)
        return found
    if of.order is None:
        raise BadCheckpoint(
            f"the optimiser cannot be carried over: the order of {of.name}'s parameters is not certain "
            "(leave the optimiser out with --drop-optimizer)"
        )
    given = set(keys)
    listed: list[str] = []
    for key in of.order[side]:
        if key.endswith(".*"):
            child = root + key[:-1]
            listed += _inside(child, [k for k in keys if k.startswith(child)], placed, side)
        elif root + key in given:
            listed.append(root + key)
    return listed


def _check(
    optimiser: dict[str, Any],
    before: Sequence[str],
    numbers: Sequence[Any],
    groups: int,
    tensors: Mapping[str, Stored],
    *,
    moved: bool,
) -> None:
    cure = "leave it out with --drop-optimizer"
    if len(numbers) != len(before):
        raise BadCheckpoint(
            f"the optimiser has {len(numbers)} parameters and the model {len(before)}; "
            f"which is which is not certain ({cure})"
        )
    if moved and groups > 1:
        raise BadCheckpoint(
            f"the optimiser has {groups} parameter groups; which parameter is which is not certain ({cure})"
        )
    for key, number in zip(before, numbers, strict=True):
        for name, value in optimiser["state"].get(number, {}).items():
            if _is_other(value, tensors[key]):
                raise BadCheckpoint(
                    f"the optimiser's {name} number {number} has shape {list(value.shape)}, but {key} has "
                    f"{list(tensors[key].shape)}: its parameters are in another order than the model's ({cure})"
                )


def _is_other(value: Any, parameter: Stored) -> bool:
    """Whether a tensor of an optimiser cannot belong to a parameter: as many axes, but of other lengths."""
    if not isinstance(value, Stored) or not value.shape:
        return False
    return len(value.shape) == len(parameter.shape) and value.shape != parameter.shape


def _turned(value: Any, shape: tuple[int, ...], turned: bool) -> Any:
    return value.transposed() if turned and isinstance(value, Stored) and value.shape == shape else value


def _renamed(groups: list[dict[str, Any]], after: Sequence[str]) -> list[dict[str, Any]]:
    """Groups of an optimiser made from named parameters say the names too."""
    found: list[dict[str, Any]] = []
    position = 0
    for group in groups:
        stop = position + len(group["params"])
        names = {"param_names": list(after[position:stop])} if "param_names" in group else {}
        found.append({**group, **names})
        position = stop
    return found
