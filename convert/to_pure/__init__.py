"""Classes → functions that are handed their parameters and buffers, for torch.func and for meta-learning.

`class Net(nn.Module)` becomes `init_params()`, `init_buffers()` and `forward(params, buffers, x, *, training)`; the
keys of the dicts are those of the class's state_dict. A class goes whole or stays whole, and with it the classes of the
file that it holds or that hold it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..diagnostics import Diagnostic, diagnose
from ..imports import settle_imports
from ..outcome import Conversion, Converted, ModelOutcome, Options, StateMove
from ..plan.plan import Kept
from ..recognise.elsewhere import Elsewhere
from ..recognise.model import models_of
from ..rewrite import rewrite
from ..source import Source
from .family import Family, family_of, keys_of
from .form import Form
from .inline import inlined
from .lift import lift
from .origin import Origin, in_words_of

Functional = Callable[[frozenset[str]], Conversion]
"""Converts the named classes of the file to functional style; all of them where none is named."""


def to_pure(
    text: str, path: str, functional: Functional, options: Options, elsewhere: Elsewhere | None = None
) -> Conversion:
    """Convert the classes of a file; `options.only` names those to convert with their families, where it is not all.

    `elsewhere` is what the other files of a run do to them.
    """
    wanted, others = options.only, elsewhere or Elsewhere()
    draft, quote = functional(frozenset()), _quote(text)
    names = [model.name for model in draft.models]
    twice = frozenset(name for name in names if names.count(name) > 1)
    family = _read(draft, path, twice, others, quote)
    if wanted:
        family = _read(draft, path, twice | _strangers(family, wanted), others, quote)
    keys = {model.name: keys_of(model) for model in draft.models}
    reasons = {name: _told(text, family, name, reason, keys.get(name, {})) for name, reason in family.reasons.items()}
    chosen = frozenset(form.facts.model.name for form in family.forms)
    outcomes = tuple(_outcome(model, chosen, reasons, wanted) for model in draft.models)
    if not chosen or (options.strict and any(model.kept for model in outcomes)):
        return Conversion(text, text, tuple(map(_unchanged, outcomes)), draft.kept)
    if len(chosen) < len(draft.models):
        draft = functional(chosen)
        family = _read(draft, path, frozenset(names) - chosen, others, quote)
    forms = {form.facts.model.name: form for form in family.forms}
    after = tuple(_done(model, forms.get(model.name)) for model in outcomes)
    return Conversion(text, _written(family, path), after, draft.kept)


def _quote(text: str) -> str:
    """The quotes that the file prefers."""
    plain = text.replace('"""', "")
    return '"' if plain.count('"') >= plain.count("'") else "'"


def _read(draft: Conversion, path: str, out: frozenset[str], elsewhere: Elsewhere, quote: str) -> Family:
    """The decision for a file in functional style."""
    source = Source(draft.text, path)
    outcomes = {model.name: model for model in draft.models}
    names = outcomes.keys() - out
    return family_of(Source(inlined(source, names), path), outcomes, out, elsewhere, quote)


def _strangers(family: Family, wanted: frozenset[str]) -> frozenset[str]:
    """Classes that have nothing to do with those that are wanted."""
    near = set(wanted)
    links = [{form.facts.model.name, *(child.name for child in form.facts.children.values())} for form in family.forms]
    for _ in links:
        for link in links:
            near |= link if link & near else set()
    return frozenset(form.facts.model.name for form in family.forms) - near


def _written(family: Family, path: str) -> str:
    """The new text: bodies first, then the classes around them go."""
    source = family.source
    bodies = Source(rewrite(source, family.edits.edits), path)
    return settle_imports(source, Source(lift(bodies, family.forms), path), set())


def _told(text: str, family: Family, name: str, reason: Kept, keys: Mapping[str, str]) -> Diagnostic:
    """A reason at its place in the user's file, and in its words."""
    origin = Origin(text, family.source.text)
    model = next(one for one in models_of(family.source) if one.name == name)
    node = reason.node or model.node
    line = origin.line(node.lineno)  # type: ignore[attr-defined]
    facts = {"name": name, "other": line, **reason.facts}
    of_class = reason.code in {"NF250", "NF284"}
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
    model: ModelOutcome, chosen: frozenset[str], reasons: Mapping[str, Diagnostic], wanted: frozenset[str]
) -> ModelOutcome:
    """What becomes of one class: all of it, or nothing and why."""
    if model.name in chosen:
        return model
    kept = (*model.kept, reasons[model.name]) if model.name in reasons and not wanted else ()
    return replace(_unchanged(model), kept=tuple(sorted(kept, key=lambda one: (one.line, one.column, one.code))))


def _unchanged(model: ModelOutcome) -> ModelOutcome:
    moves = {key: StateMove(key) for key in model.state_map}
    return replace(model, style_after=model.style_before, converted=(), state_map=moves, added=(), removed=(), notes=())


def _done(model: ModelOutcome, form: Form | None) -> ModelOutcome:
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
    told.append(Converted(model.line, f"class {model.name} → {names}"))
    moves = {key: StateMove(key) for key in model.state_map}
    ordered = tuple(sorted(told, key=lambda one: one.line))
    return replace(model, style_after="pure", converted=ordered, state_map=moves, added=(), removed=())
