"""Classes → functions that are handed their parameters and buffers, for torch.func and for meta-learning.

`class Net(nn.Module)` becomes `init_params()`, `init_buffers()` and `forward(params, buffers, x, *, training)`; the
keys of the dicts are those of the class's state_dict. A class is written so whole or not at all, and with it the
classes of the file that it holds or that hold it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from ..diagnostics import Diagnostic, diagnose
from ..imports import settle_imports
from ..outcome import Conversion, Converted, ModelOutcome, Options, StateMove
from ..plan.plan import Kept
from ..plan.spelling import USUAL
from ..recognise.elsewhere import Elsewhere
from ..recognise.model import models_of
from ..rewrite import rewrite
from ..source import Source
from ..written import model_said
from .alone import alone
from .arrange import arranged
from .family import Family, family_of, keys_of
from .form import PARTIAL, Form
from .inline import inlined
from .lift import functions_of, lift, named, placed
from .origin import Origin, in_words_of

Functional = Callable[[str, frozenset[str], Elsewhere], Conversion]
"""Converts the named classes of a text to functional style; all of them where none is named."""


@dataclass(frozen=True)
class Reading:
    """A text in functional style, and which of its classes become functions; `reasons` of the others."""

    draft: Conversion
    family: Family
    chosen: frozenset[str]
    reasons: Mapping[str, Diagnostic]


@dataclass(frozen=True)
class Reader:
    """Reads one file. `written` are classes whose functions are there, `quote` is what it prefers for strings."""

    path: str
    functional: Functional
    wanted: frozenset[str]
    written: frozenset[str]
    quote: str

    def read(self, text: str, elsewhere: Elsewhere, *, beside: Source | None) -> Reading:
        """The decision for a text; `beside`, where the classes may stay, is the whole file."""
        draft = self._functional(text, frozenset(), elsewhere)
        names = [model.name for model in draft.models]
        out = self.written | {name for name in names if names.count(name) > 1}
        family = self._family(draft, out, elsewhere, beside)
        if self.wanted:
            family = self._family(draft, out | _strangers(family, self.wanted), elsewhere, beside)
        keys = {model.name: keys_of(model) for model in draft.models}
        told = {name: _told(text, family, name, why, keys.get(name, {})) for name, why in family.reasons.items()}
        chosen, last = family.names, frozenset[str]()
        while chosen not in (last, frozenset(names)):  # what converts alone may be less than what converts with others
            draft = self._functional(text, chosen, elsewhere) if chosen else draft
            family = self._family(draft, frozenset(names) - chosen, elsewhere, beside)
            told |= {
                name: _told(text, family, name, why, keys.get(name, {}))
                for name, why in family.reasons.items()
                if name in chosen
            }
            last, chosen = chosen, family.names
        return Reading(draft, family, chosen, told)

    def _functional(self, text: str, only: frozenset[str], elsewhere: Elsewhere) -> Conversion:
        """The functional style of a text whose lists of modules are arranged first; its findings at their own lines."""
        new = arranged(text, self.path, only)
        draft = self.functional(new, only, elsewhere)
        if new == text:
            return draft
        origin = Origin(text, new)
        return replace(draft, models=tuple(origin.told_of(model) for model in draft.models))

    def _family(self, draft: Conversion, out: frozenset[str], elsewhere: Elsewhere, beside: Source | None) -> Family:
        """The decision for a text in functional style."""
        source = Source(draft.text, self.path)
        outcomes = {model.name: model for model in draft.models}
        inside = Source(inlined(source, outcomes.keys() - out), self.path)
        return family_of(inside, outcomes, out, elsewhere, self.quote, beside)


def to_pure(
    text: str, path: str, functional: Functional, options: Options, elsewhere: Elsewhere | None = None
) -> Conversion:
    """Convert the classes of a file; `options.only` names those to convert with their families, where it is not all.

    `elsewhere` is what the other files of a run do to them. A class that other code needs stays, with its functions
    below it.
    """
    source = Source(text, path)
    reader = Reader(path, functional, options.only, _written(source), _quote(text))
    partly = frozenset[str]()
    whole = read = reader.read(text, elsewhere or Elsewhere(), beside=None)
    if len(whole.chosen) < len(whole.draft.models):
        classes = alone(source)
        read = reader.read(classes.text, Elsewhere(), beside=source)
        partly = classes.partly
    staying = _needed(source, read.chosen, (read.chosen - whole.chosen) | (read.chosen & partly))
    latest = {model.name: model for model in read.draft.models}
    reasons = {} if options.only else {**whole.reasons, **read.reasons}
    if not staying:
        read = whole  # the classes by themselves give no more, and their text is not the file's
    outcomes = tuple(
        _outcome(latest.get(model.name, model), read.chosen, reasons, reader.written) for model in whole.draft.models
    )
    if not read.chosen or (options.strict and any(model.kept for model in outcomes)):
        return Conversion(text, text, tuple(map(_unchanged, outcomes)), whole.draft.kept)
    forms = {form.facts.model.name: form for form in read.family.forms}
    after = tuple(_done(model, forms.get(model.name), model.name in staying) for model in outcomes)
    return Conversion(text, _text(source, read.family, staying), after, whole.draft.kept)


def _needed(source: Source, chosen: frozenset[str], staying: frozenset[str]) -> frozenset[str]:
    """The classes that stay, with those that they name."""
    nodes = [node for node in source.tree.body if isinstance(node, ast.ClassDef)]
    while True:
        inside = [inner for node in nodes if node.name in staying for inner in source.walk(node)]
        named = {inner.id for inner in inside if isinstance(inner, ast.Name)} & chosen
        if named <= staying:
            return staying
        staying |= named


def _written(source: Source) -> frozenset[str]:
    """Classes of which a file has the functions already."""
    functions = [node for node in source.tree.body if isinstance(node, ast.FunctionDef)]
    return frozenset(name for node in functions if (name := model_said(ast.get_docstring(node))) is not None)


def _quote(text: str) -> str:
    """The quotes that the file prefers."""
    plain = text.replace('"""', "")
    return '"' if plain.count('"') >= plain.count("'") else "'"


def _strangers(family: Family, wanted: frozenset[str]) -> frozenset[str]:
    """Classes that have nothing to do with those that are wanted."""
    near = set(wanted)
    links = [{form.facts.model.name, *(child.name for child in form.facts.held)} for form in family.forms]
    for _ in links:
        for link in links:
            near |= link if link & near else set()
    return frozenset(form.facts.model.name for form in family.forms) - near


def _text(before: Source, family: Family, staying: Collection[str]) -> str:
    """The new text: bodies first, then the functions, where the classes stood or below them."""
    source = family.source
    bodies = Source(rewrite(source, family.edits.edits), before.path)
    partial = any(form.uses_partial for form in family.forms) and "partial" not in before.scopes.root.bindings
    wanted = {PARTIAL} if partial else set()
    if not staying:
        return settle_imports(source, Source(lift(bodies, family.forms), before.path), wanted)
    functions = functions_of(bodies, family.forms)
    functions |= {name: named(functions[name], name) for name in staying if functions[name]}
    after = Source(placed(before, functions, staying), before.path)
    names = {node.id for text in functions.values() for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    wanted |= {path for path, name in USUAL.items() if name in names and name not in before.scopes.root.bindings}
    return settle_imports(before, after, wanted)


def _told(text: str, family: Family, name: str, reason: Kept, keys: Mapping[str, str]) -> Diagnostic:
    """A reason at its place in the user's file, and in its words."""
    origin = Origin(text, family.source.text)
    model = next(one for one in models_of(family.source) if one.name == name)
    node = reason.node or model.node
    line = origin.line(node.lineno)  # type: ignore[attr-defined]
    facts = {"name": name, **reason.facts}
    of_class = False
    if reason.code == "NF283":
        said = str(facts["reason"])
        facts["reason"] = own = in_words_of(_class_text(text, name), said, keys)
        of_class = "`" in said and "`" not in own  # it has no line of the user's
    at = origin.line(model.node.lineno) if of_class else line
    return diagnose(reason.code, at, 0, what=f"class {name}", model=name, **facts)


def _class_text(text: str, name: str) -> str:
    """What the user wrote as one class."""
    source = Source(text)
    return "\n".join(source.says(node) for node in source.every(ast.ClassDef) if node.name == name)


def _outcome(
    model: ModelOutcome, chosen: frozenset[str], reasons: Mapping[str, Diagnostic], written: Collection[str]
) -> ModelOutcome:
    """What becomes of one class: all of it, or nothing and why; nothing more of one whose functions are there."""
    if model.name in chosen:
        return model
    kept = (*model.kept, reasons[model.name]) if model.name in reasons else model.kept
    kept = () if model.name in written else kept
    return replace(_unchanged(model), kept=tuple(sorted(kept, key=lambda one: (one.line, one.column, one.code))))


def _unchanged(model: ModelOutcome) -> ModelOutcome:
    moves = {key: StateMove(key) for key in model.state_map}
    return replace(model, style_after=model.style_before, converted=(), state_map=moves, added=(), removed=(), notes=())


def _done(model: ModelOutcome, form: Form | None, stays: bool) -> ModelOutcome:
    """A class that became functions, told with the names of the new text."""
    if form is None:
        return model
    facts = form.facts
    made = {"init_params": form.makes_params, "init_buffers": form.makes_buffers}
    names = ", ".join(name for role, name in form.names.items() if made.get(role, True))
    tensors = {name: f'params["{key}"]' for name, key in facts.params.items()}
    tensors |= {name: f'buffers["{key}"]' for name, key in facts.buffers.items()}

    def respelled(match: re.Match[str]) -> str:
        return tensors.get(match[1], match[0])

    told = [replace(one, what=re.sub(r"\bself\.(\w+)", respelled, one.what)) for one in model.converted]
    stayed = ", below the class, which other code needs" if stays else ""
    told.append(Converted(model.line, f"class {model.name} → {names}{stayed}"))
    moves = {key: StateMove(key) for key in model.state_map}
    ordered = tuple(sorted(told, key=lambda one: one.line))
    return replace(model, style_after="pure", converted=ordered, state_map=moves, added=(), removed=())
