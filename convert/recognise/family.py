"""Classes of one file that derive from each other: what one hangs on self, the other may use.

A class joins a family where its one base is a model class of the same file: of any other base too little is known.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..source import Source
from .model import Model, read_class


def with_families(source: Source, models: Sequence[Model]) -> tuple[Model, ...]:
    """The model classes with those that derive from them, in order, each knowing its relatives.

    A layer that is defined in one class counts what classes derived from it do with it as its own uses.
    """
    by_node = {model.node: model for model in (*models, *derived_models(source, models))}
    for model in by_node.values():
        model.derived = tuple(other for other in by_node.values() if model in other.bases)
    _share(list(by_node.values()))
    return tuple(by_node[node] for node in source.every(ast.ClassDef) if node in by_node)


def derived_models(source: Source, models: Sequence[Model]) -> list[Model]:
    """The classes that derive from model classes of the file and are none of these, each knowing its bases only."""
    by_node = {model.node: model for model in models}
    found: list[Model] = []
    for node in source.every(ast.ClassDef):
        base = _base(source, node)
        if node not in by_node and base in by_node:
            parent = by_node[base]
            by_node[node] = read_class(source, node)
            by_node[node].bases = (parent, *parent.bases)
            found.append(by_node[node])
    return found


def _base(source: Source, node: ast.ClassDef) -> ast.ClassDef | None:
    """The class of the file that a class derives from, where it has no other base and the name means that class."""
    match node:
        case ast.ClassDef(bases=[ast.Name() as name], keywords=[]):
            found = source.definitions.get(name.id, [])
            scope = source.scopes.scope_binding(name)
            if scope is not source.scopes.root or len(found) != 1 or name.id in source.stores:
                return None
            (one,) = found
            plain = source.parent(one) is source.tree and len(source.scopes.root.bindings[name.id]) == 1
            return one if plain and isinstance(one, ast.ClassDef) else None
        case _:
            return None


def _share(models: Sequence[Model]) -> None:
    """Add what derived classes do with the attributes of a class to that class's facts."""
    own = {id(model): {name: tuple(one.uses) for name, one in model.attributes.items()} for model in models}
    for model in models:
        for other in model.derived:
            for name, attribute in model.attributes.items():
                theirs = other.attributes.get(name)
                if not attribute.definitions:
                    continue
                if name in other.class_names:
                    attribute.odd.append(other.node)
                if theirs is not None:
                    attribute.uses += own[id(other)][name]
                    model.own_nodes |= set(own[id(other)][name])
                    attribute.odd += [*_stores(other, name)]
                    attribute.named += [place for place in theirs.named if place not in attribute.named]


def _stores(model: Model, name: str) -> Iterator[ast.AST]:
    attribute = model.attributes[name]
    yield from (definition.statement for definition in attribute.definitions)
    yield from attribute.odd
