"""Which classes of a file become functions: each with those that it holds and that hold it, or none of them.

A class that other code names (`model = Net()`) stays as well, since functions are called otherwise.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from ..outcome import ModelOutcome
from ..plan.edits import EditList
from ..plan.plan import Kept
from ..plan.spelling import USUAL
from ..recognise.elsewhere import Elsewhere
from ..recognise.model import Model, models_of
from ..source import Source
from .facts import Facts, facts_of
from .form import PARTIAL, Form
from .forming import form_of, snake
from .shape import refusal, super_call
from .write import Writer


@dataclass
class Family:
    """The classes that convert, children before those that hold them, with their edits; and why the others do not."""

    source: Source
    forms: list[Form] = field(default_factory=list)
    edits: EditList = field(default_factory=EditList)
    reasons: dict[str, Kept] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The classes that convert."""
        return frozenset(form.facts.model.name for form in self.forms)


def family_of(
    source: Source,
    outcomes: Mapping[str, ModelOutcome],
    out: Collection[str],
    elsewhere: Elsewhere,
    quote: str,
    beside: Source | None,
) -> Family:
    """Decide for the models of a file in functional style. `out` are classes that stay without saying why.

    `elsewhere` is what other files do, and `quote` is what keys stand in. `beside` is the whole file, where classes may
    stay and have their functions below them: then nothing that names them holds them back.
    """
    models = {model.name: model for model in models_of(source)}
    reasons: dict[str, Kept] = {}
    facts: dict[str, Facts] = {}
    for name, model in models.items():
        try:
            _check_layers(model, outcomes.get(name))
            _check_other_files(model, elsewhere)
            _check_imports(model, beside)
            facts[name] = facts_of(model, keys_of(outcomes.get(name)), models)
        except Kept as reason:
            reasons[name] = reason
    while True:
        _spread(source, models, facts, reasons, out, named=beside is None)
        inside = {name: one for name, one in facts.items() if name not in reasons and name not in out}
        family = Family(source, reasons=reasons)
        try:
            _decide(family, inside, alone=len(inside) == len(models), quote=quote, beside=beside)
        except _Refused as refused:
            reasons[refused.name] = refused.reason
            continue
        return family


class _Refused(Exception):
    """A class turned out to stay, while forms were made or written."""

    def __init__(self, name: str, reason: Kept) -> None:
        super().__init__(name)
        self.name = name
        self.reason = reason


def _check_layers(model: Model, outcome: ModelOutcome | None) -> None:
    """A class with a layer that has no functional twin stays whole."""
    if outcome is not None and outcome.kept:
        count, line = len(outcome.kept), outcome.kept[0].line
        what = f"{count} of its sites stay" if count > 1 else "a site of it stays"
        raise Kept("NF282", model.node, name=model.name, reason=f"{what} (line {line})")


def _check_other_files(model: Model, elsewhere: Elsewhere) -> None:
    """A class that another file of the run names stays."""
    place = elsewhere.names.get(model.name) or elsewhere.attributes.get(model.name) or elsewhere.bases.get(model.name)
    if place is not None:
        facts = {"name": f"class {model.name}", "file": place.file, "other": place.line, "text": place.text}
        raise Kept("NF250", model.node, **facts)


def _check_imports(model: Model, beside: Source | None) -> None:
    """What functions below a class import must not be something else in the rest of the file."""
    if beside is None:
        return
    here, there = model.source.scopes.root.bindings, beside.scopes.root.bindings
    for path, name in USUAL.items():
        if path in here.get(name, ()) and name in beside.names and there.get(name) != here[name]:
            raise refusal(model.node, f"functions need the name {name}, which the file gives to something else")


def keys_of(outcome: ModelOutcome | None) -> dict[str, str]:
    """Attribute in functional style → state key."""
    if outcome is None:
        return {}
    return {move.key: old for old, move in outcome.state_map.items() if "." not in move.key}


def _spread(
    source: Source,
    models: Mapping[str, Model],
    facts: Mapping[str, Facts],
    reasons: dict[str, Kept],
    out: Collection[str],
    *,
    named: bool,
) -> None:
    """A class stays where one stays that it holds or that holds it, and where other code has `named` it."""
    grown = True
    while grown:
        grown = False
        for name in models:
            if name in reasons or name in out:
                continue
            reason = _held_back(source, models, name, facts, reasons, out, named)
            if reason is not None:
                reasons[name] = reason
                grown = True


def _held_back(
    source: Source,
    models: Mapping[str, Model],
    name: str,
    facts: Mapping[str, Facts],
    reasons: Mapping[str, Kept],
    out: Collection[str],
    named: bool,
) -> Kept | None:
    model = models[name]
    inside = [one for other, one in facts.items() if other not in reasons and other not in out]
    for child in facts[name].held:
        if child.name in reasons or child.name in out or child.name not in facts or child.name == name:
            return Kept("NF282", model.node, name=name, reason=f"{child.name}, which it holds, stays one")
    held = {child.call.func for one in inside for child in one.held}
    own = super_call(model)
    for node in source.every(ast.Name):
        if node.id == name and node not in held and not (own is not None and source.statement(node) is own):
            holder = next((one.name for one in models.values() if one.method_of(node)), name)
            if holder != name and (holder in reasons or holder in out):
                return Kept("NF282", model.node, name=name, reason=f"{holder}, which uses it, stays one")
            if named:
                return refusal(node, "other code names it")
    exported = any(node.value == name for node in source.every(ast.Constant))
    return refusal(model.node, "the file exports it") if exported and named else None


def _decide(family: Family, inside: Mapping[str, Facts], alone: bool, quote: str, beside: Source | None) -> None:
    """Forms and edits of the classes that are left; `alone` if no other model stays. Raises _Refused."""
    held = {child.name for one in inside.values() for child in one.held}
    roots = [name for name in inside if name not in held]
    taken = _taken(family.source) | {name for one in inside.values() for name in one.methods if name != "forward"}
    taken |= _taken(beside) if beside is not None else set()
    forms: dict[str, Form] = {}
    for name in _ordered(inside):
        children = {child.name: forms[child.name] for child in inside[name].held}
        stem = _stem(name, "" if alone and roots == [name] else f"{snake(name)}_", taken)
        methods = {method for method in inside[name].methods if method != "forward"}
        try:
            form = form_of(inside[name], stem, name in roots, children, taken - methods)
            _check_partial(form, beside or family.source)
            Writer(form, family.edits, quote).write()
        except Kept as reason:
            raise _Refused(name, reason) from None
        taken |= set(form.names.values())
        forms[name] = form
    family.forms = list(forms.values())


def _check_partial(form: Form, whole: Source) -> None:
    """Lists of modules are lists of `partial`, which must not be something else in the file."""
    if form.uses_partial and "partial" in whole.names and whole.scopes.root.bindings.get("partial") != {PARTIAL}:
        raise refusal(form.facts.model.node, "functions need the name partial, which the file gives to something else")


def _stem(name: str, first: str, taken: Collection[str]) -> str:
    """What the names of a class's functions begin with: the first that leaves the names that tell a model free."""
    tried = [first, f"{snake(name)}_", *(f"{snake(name)}_model{number}_" for number in ("", *range(2, 9)))]
    roles = ("init_params", "init_buffers", "forward")
    return next((stem for stem in tried if not any(f"{stem}{role}" in taken for role in roles)), first)


def _ordered(inside: Mapping[str, Facts]) -> Iterator[str]:
    """Children before those that hold them; classes that hold each other are refused."""
    done: list[str] = []
    waiting = list(inside)
    while waiting:
        ready = [name for name in waiting if all(child.name in done for child in inside[name].held)]
        if not ready:
            reason = Kept("NF283", inside[waiting[0]].model.node, name=waiting[0], reason="it holds itself")
            raise _Refused(waiting[0], reason)
        for name in ready:
            done.append(name)
            waiting.remove(name)
            yield name


def _taken(source: Source) -> set[str]:
    """Names that a function at the top of the file must not have."""
    read = {node.id for node in source.every(ast.Name)}
    given = {node.arg for node in source.every(ast.arg)}
    return read | given | set(source.scopes.root.bindings)
