"""The models that a file writes as functions of explicit weights, as facts: enough to build, run and compare them.

The names are those that the classes would have, so that a file and its conversion pair up by themselves.
"""

from __future__ import annotations

import ast
from dataclasses import asdict, dataclass

from ..outcome import CannotRead
from ..plan.plan import Kept
from ..source import Source
from .candidate import Candidate, candidate_of
from .shared import shared_candidate, shared_groups
from .takers import Takers


@dataclass(frozen=True)
class Described:
    """One model: its function, and where its weights come from.

    `argument` is that by which the function is handed them; None where they are the module's own variables. `maker` is
    a function that returns them, `variable` one of the module that holds them; `places` are variables of the module,
    each with the key inside it, or None for a tensor itself. `listed` where they are a list.
    """

    name: str
    function: str
    keys: tuple[str, ...]
    buffers: tuple[str, ...]
    argument: str | None = None
    maker: str | None = None
    variable: str | None = None
    places: tuple[tuple[str, str | None], ...] = ()
    listed: bool = False


def described_models(text: str) -> list[dict[str, object]]:
    """Every such model of a file, as plain values; none where the text cannot be read."""
    try:
        source = Source(text, "<string>")
    except (CannotRead, RecursionError):
        return []
    takers, taken = Takers(source), set(source.names)
    found: list[Described] = []
    groups = [(group, None) for group in takers.groups()]
    for number, (group, variables) in enumerate([*groups, *shared_groups(takers)]):
        try:
            if variables is None:
                candidate = candidate_of(takers, group, taken, number)
            else:
                candidate = shared_candidate(takers, group, variables, taken, number)
        except Kept:
            continue
        taken.add(candidate.name)
        one = _described(source, candidate)
        found += [one] if one is not None else []
    return [asdict(one) for one in found]


def _described(source: Source, candidate: Candidate) -> Described | None:
    making, keys, buffers = candidate.making, candidate.making.keys, tuple(sorted(candidate.buffers))
    if candidate.is_shared:
        places = tuple(_place(candidate, key) for key in keys)
        return Described(candidate.name, candidate.root.name, keys, buffers, places=places)
    listed = isinstance(getattr(making.statements[0], "value", None), ast.List)
    if making.function is not None:
        maker, variable = making.name, None
    elif making.statements[0] in source.tree.body:
        maker, variable = None, making.name
    else:
        return None  # a local variable of a function: nobody outside can reach it
    return Described(
        candidate.name, candidate.root.name, keys, buffers, candidate.root.argument, maker, variable, listed=listed
    )


def _place(candidate: Candidate, key: str) -> tuple[str, str | None]:
    """The variable that holds a weight, and its key in there."""
    for entry in candidate.making.entries:
        match entry.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if entry.key == key and value is entry.value:
                return name, None
            case ast.Assign(targets=[ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name))]) if entry.key == key:
                return name, key
    return candidate.making.name, key
