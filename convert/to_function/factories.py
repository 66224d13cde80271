"""Factory functions whose layers have become functions: which of them nothing calls any more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Set

from ..inline import LAYER, Uses
from ..plan.edits import Line, line
from ..plan.plan import Kept, Plan
from ..recognise.model import Definition
from ..source import Source

_ASKED = re.compile(rf"\b{LAYER}\.(\w+)")


def together(uses: Iterable[Uses]) -> Uses:
    """The calls of factories of several definitions."""
    found: Uses = {}
    for one in uses:
        for function, places in one.items():
            found[function] = found.get(function, frozenset()) | places
    return found


def note_factories(plan: Plan, replaced: Set[ast.stmt]) -> None:
    """Note which calls of factories go with the replaced statements, and delete inner functions left unused."""
    definitions = [one for attribute in plan.model.attributes.values() for one in attribute.definitions]
    plan.through = together([plan.through, *(one.through for one in definitions if one.statement in replaced)])
    source = plan.model.source
    for function in covered(source, plan.through):
        inside = isinstance(source.parent(function), ast.FunctionDef | ast.AsyncFunctionDef)
        if inside and not source.comments_in(source.span(function)):
            plan.edits.replace_statement(function)


def asked_then(definition: Definition) -> list[str]:
    """What the calls that fill a layer ask of it."""
    return [name for call in definition.then for name in _ASKED.findall(call)]


def filling_lines(definition: Definition, texts: Mapping[str, str]) -> Iterator[Line]:
    """What a factory does to its layer after it has made it, `nn.init.zeros_(m.bias)`. Raises Kept.

    `texts`: what the layer is asked for → where that is now.
    """
    for call in definition.then:
        pieces = _ASKED.split(call)
        if not set(pieces[1::2]) <= texts.keys() or LAYER in "".join(pieces):
            raise Kept("NF214", name="", text=call.replace(LAYER, "layer"))
        yield line("".join(texts[piece] if index % 2 else piece for index, piece in enumerate(pieces)))


def covered(source: Source, through: Uses) -> set[ast.FunctionDef]:
    """The factories of which every call in the file was written out, or stands in such a factory itself."""
    found: set[ast.FunctionDef] = set()
    while True:
        more = {
            function
            for function, places in through.items()
            if function not in found
            and all(use in places or not found.isdisjoint(source.ancestors(use)) for use in _uses(source, function))
        }
        if not more:
            return found
        found |= more


def _uses(source: Source, function: ast.FunctionDef) -> list[ast.AST]:
    """Every place that may mean the function, outside its own body."""
    places: list[ast.AST] = [node for node in source.every(ast.Attribute) if node.attr == function.name]
    scope = source.scopes.scope_of(function)
    for name in source.every(ast.Name):
        if name.id == function.name and source.scopes.scope_binding(name) is scope:
            places.append(name)
    return [place for place in places if function not in source.ancestors(place)]
