"""What one file may do to the classes that it imports, read without knowing them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from ..recognise.elsewhere import Elsewhere, Place
from ..recognise.surroundings import Surroundings
from ..recognise.walkers import NAME_WALKS, WALKS, is_plain_checkpoint
from ..source import Source

_LONG = 60


def seen_in(surroundings: Surroundings) -> Elsewhere:
    """What one file may do to classes that it imports."""
    source, walkers = surroundings.source, surroundings.walkers
    kinds = [(kind, walk.node) for walk in walkers.walks if walk.among is None for kind in sorted(walk.kinds)]
    return Elsewhere(
        attributes=_places(source, surroundings.accesses_of_others()),
        keys=_places(source, _keys(surroundings)),
        bases=_places(source, _bases(source)),
        kinds=_places(source, [*kinds, *([("", walkers.every)] if walkers.every else [])]),
        by_name=_places(source, [("", walkers.by_name)] if walkers.by_name else []),
        names=_places(source, _names(source)),
    )


def helpers_in(surroundings: Surroundings) -> dict[str, Elsewhere]:
    """Top-level function → how it walks over modules or parameters, which may be those of whoever calls it."""
    source = surroundings.source
    kinds: dict[ast.AST, frozenset[str]] = {}
    for walk in surroundings.walkers.walks:
        kinds[walk.node] = kinds.get(walk.node, frozenset()) | walk.kinds
    found: dict[str, Elsewhere] = {}
    for function in source.tree.body:
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        inside = [node for node in source.walk(function) if isinstance(node, ast.Attribute)]
        walks = [(kind, node) for node in inside if node.attr in WALKS for kind in kinds.get(node, ("",))]
        named = [node for node in inside if node.attr in NAME_WALKS and not is_plain_checkpoint(source, node)]
        if walks or named:
            by_name = _places(source, [("", node) for node in named])
            found[function.name] = Elsewhere(kinds=_places(source, walks), by_name=by_name)
    return found


def names_in(source: Source) -> frozenset[str]:
    """Every name that the file speaks of: variables, attributes of what is not torch's, imports."""
    names = {node.id for node in source.every(ast.Name)}
    attributes = (node for node in source.every(ast.Attribute) if not (source.path_of(node) or "").startswith("torch."))
    names |= {node.attr for node in attributes}
    names |= {alias.name for statement in source.every(ast.ImportFrom) for alias in statement.names}
    return frozenset(names)


def _keys(surroundings: Surroundings) -> Iterator[tuple[str, ast.AST]]:
    """Strings with a dot that may be state_dict keys: "fc.weight"."""
    for head, strings in surroundings.strings.items():
        for string in strings:
            assert isinstance(string.value, str)
            if string.value.startswith(head + ".") and string.value.replace(".", "").isidentifier():
                yield head, string


def _bases(source: Source) -> Iterator[tuple[str, ast.AST]]:
    for node in source.every(ast.ClassDef):
        for base in node.bases:
            match base:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name, base


def _names(source: Source) -> Iterator[tuple[str, ast.AST]]:
    """Names that may come from another file: imported ones, all where one imports `*`."""
    for statement in source.every(ast.ImportFrom):
        yield from ((alias.name, statement) for alias in statement.names)
    if any(alias.name == "*" for statement in source.every(ast.ImportFrom) for alias in statement.names):
        yield from ((node.id, node) for node in source.every(ast.Name))


def _places(source: Source, found: Iterable[tuple[str, ast.AST]]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for name, node in found:
        if name not in places:
            text = " ".join(source.says(node).split())
            line = node.lineno  # type: ignore[attr-defined]
            places[name] = Place(source.path, line, text if len(text) <= _LONG else text[: _LONG - 3] + "...")
    return places
