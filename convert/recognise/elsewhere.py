"""What the other files of a run do to the classes of one: the uses that its own text cannot show.

Which files can reach which, and what they do, is read in `together`; here is only what the guards ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """A place in another file."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Elsewhere:
    """Places in other files, by what they reach.

    `attributes`: attribute → a place that reads or sets it on an object which may be of a class of ours. `keys`: the
    first part of a state_dict key → a string that reads as one. `bases`: class → a class that derives from it. `kinds`:
    layer, as torch's path → a walker that looks for it, "" for one that may look for any. `by_name`: "" → a place that
    reads parameters by name or in order. `names`: name → a place that imports it from another file.
    """

    attributes: Mapping[str, Place] = field(default_factory=dict)
    keys: Mapping[str, Place] = field(default_factory=dict)
    bases: Mapping[str, Place] = field(default_factory=dict)
    kinds: Mapping[str, Place] = field(default_factory=dict)
    by_name: Mapping[str, Place] = field(default_factory=dict)
    names: Mapping[str, Place] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def walker(self, module: str) -> Place | None:
        """A place that walks over modules and may meet a layer of this torch class."""
        return self.kinds.get(module) or self.kinds.get("")


def joined(parts: Iterable[Elsewhere]) -> Elsewhere:
    """What all of several files do."""
    parts = list(parts)
    return Elsewhere(**{each.name: _first_of(getattr(part, each.name) for part in parts) for each in fields(Elsewhere)})


def _first_of(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for part in parts:
        found = {**part, **found}
    return found
