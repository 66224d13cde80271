"""Old keys → new keys for one set of named tensors, by the state maps of the classes that may lie in it.

A class may be the whole (`conv.weight`), be wrapped (`module.conv.weight`), and hold objects of other converted classes
(`block1.*` in its own map, `block1.w` in theirs). An object is known by its keys: all of the class and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .tensors import BadCheckpoint

_SHOWN = 5


@dataclass(frozen=True)
class ClassMap:
    """What a conversion did to the state of one class. `optional` may be absent; `order` is that of its
    parameters, before and after, if known.

    Keys that end in `.*` stand for a child whose own class decides its keys.
    """

    name: str
    moves: Mapping[str, tuple[str, bool]]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    order: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @property
    def changes(self) -> bool:
        """Whether any key differs at all."""
        return bool(self.added or self.removed) or any(
            old != new or turned for old, (new, turned) in self.moves.items()
        )

    def reversed(self) -> ClassMap:
        """The way back. Of several old keys that share a new one, each gets its entry."""
        moves = {new: (old, turned) for old, (new, turned) in self.moves.items() if old not in self.removed}
        order = None if self.order is None else (self.order[1], self.order[0])
        optional = frozenset(self.moves[key][0] for key in self.optional if key in self.moves)
        return ClassMap(self.name, moves, self.removed, self.added, optional, order)


@dataclass
class Carried:
    """The way of every key: `moves` old → (new, transposed); what is new; what goes; where each class was found."""

    moves: dict[str, tuple[str, bool]] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    places: list[tuple[str, str, ClassMap]] = field(default_factory=list)


def carry(keys: Iterable[str], maps: Mapping[str, ClassMap], model: str | None = None) -> Carried | None:
    """Where every key goes; None if no class of the map is found. `model`: the class to look for first.

    Raises BadCheckpoint where two classes could be meant.
    """
    names = dict.fromkeys(keys)
    tops = [maps[model]] if model else list(maps.values())
    found = Carried(moves={key: (key, False) for key in names})
    if not _settle(names, "", "", tops, list(maps.values()), found):
        return None
    for each in maps.values():
        _add_inside(names, each, found)
    return found


def complaint(keys: Iterable[str], of: ClassMap) -> tuple[int, str]:
    """How a set of keys differs from those of a class: in how many, and what is missing and what unexpected."""
    names = list(keys)
    prefixes = {prefix for key in _plain(of) for prefix in _ending(names, key)}
    prefix = max(sorted(prefixes), key=lambda each: len(_plain(of).keys() & _below(names, each).keys()), default="")
    here = _below(names, prefix)
    missing = [key for key in (*of.moves, *of.removed) if not _is_given(key, here, of)]
    unexpected = [prefix + key for key in here if not _is_known(key, of)]
    said = [f"missing {_listed(missing)}"] if missing else []
    said += [f"unexpected {_listed(unexpected)}"] if unexpected else []
    return len(missing) + len(unexpected), "; ".join(said) or "no such keys"


def _settle(
    keys: Mapping[str, None],
    before: str,
    after: str,
    tops: list[ClassMap],
    maps: list[ClassMap],
    found: Carried,
) -> bool:
    """Find objects of the classes among the keys below a prefix, outermost first, and note where their keys go."""
    fitting = sorted(
        ((prefix, each) for each in tops for prefix in _fitting(keys, each)),
        key=lambda item: (item[0].count("."), not item[1].changes),
    )
    taken: dict[str, ClassMap] = {}
    for prefix, each in fitting:
        if prefix in taken and taken[prefix].moves != each.moves and (each.changes or taken[prefix].changes):
            where = f"the keys below {prefix!r}" if prefix else "the keys"
            raise BadCheckpoint(f"{where} fit {taken[prefix].name} and {each.name} alike; say which with --model")
        if not any(prefix.startswith(outer) for outer in taken):
            taken[prefix] = each
            _place(keys, prefix, before, after, each, maps, found)
    return bool(taken)


def _place(
    keys: Mapping[str, None],
    prefix: str,
    before: str,
    after: str,
    of: ClassMap,
    maps: list[ClassMap],
    found: Carried,
) -> None:
    """Note where the keys of one object go; `before` and `after` are what its surroundings are called."""
    here = _below(keys, prefix)
    old_root, new_root = before + prefix, after + prefix
    found.places.append((old_root, new_root, of))
    for key in here:
        if key in of.moves:
            new, turned = of.moves[key]
            found.moves[old_root + key] = new_root + new, turned
    for old, (new, _) in of.moves.items():
        if old.endswith(".*"):
            inside = _below(here, old[:-1])
            child = old_root + old[:-1], new_root + new[:-1]
            for key in inside:
                found.moves[child[0] + key] = child[1] + key, False
            _settle(inside, *child, maps, maps, found)
    found.added += [new_root + key for key in of.added]
    gone = [old_root + key for key in of.removed if key in here]
    found.removed += gone
    for key in gone:
        found.moves.pop(key, None)


def _add_inside(keys: Mapping[str, None], of: ClassMap, found: Carried) -> None:
    """What is new in an object that the map of its surroundings spells out key by key."""
    for prefix in _prefixes(keys, of) if of.added else ():
        pairs = [(found.moves.get(prefix + old), new) for old, (new, _) in of.moves.items() if not old.endswith(".*")]
        roots = {move[0].removesuffix(new) if move and move[0].endswith(new) else None for move, new in pairs}
        if len(roots) == 1 and (root := roots.pop()) is not None:
            found.added += [root + key for key in of.added if root + key not in found.added]


def _fitting(keys: Mapping[str, None], of: ClassMap) -> Iterator[str]:
    """Prefixes below which exactly the keys of a class stand."""
    for prefix in _prefixes(keys, of):
        here = _below(keys, prefix)
        complete = all(_is_given(key, here, of) for key in (*of.moves, *of.removed))
        if complete and all(_is_known(key, of) for key in here):
            yield prefix


def _prefixes(keys: Iterable[str], of: ClassMap) -> list[str]:
    """Where an object of the class may lie: before every place at which the longest of its keys ends."""
    plain = sorted(_plain(of), key=len, reverse=True)
    if not plain:
        return [""]
    certain = next((key for key in plain if key not in of.optional), plain[0])
    return _ending(keys, certain) or [""]


def _ending(keys: Iterable[str], tail: str) -> list[str]:
    return [key[: len(key) - len(tail)] for key in keys if key == tail or key.endswith(f".{tail}")]


def _plain(of: ClassMap) -> dict[str, None]:
    return {key: None for key in (*of.moves, *of.removed) if not key.endswith(".*")}


def _below(keys: Iterable[str], prefix: str) -> dict[str, None]:
    return {key[len(prefix) :]: None for key in keys if key.startswith(prefix)}


def _is_given(key: str, here: Mapping[str, None], of: ClassMap) -> bool:
    """A child may have no state of its own: its wildcard asks for nothing."""
    return key.endswith(".*") or key in here or key in of.optional


def _is_known(key: str, of: ClassMap) -> bool:
    return key in of.moves or key in of.removed or any(w.endswith(".*") and key.startswith(w[:-1]) for w in of.moves)


def _listed(keys: list[str]) -> str:
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(keys[:_SHOWN]) + more
