"""Weights passed explicitly → module: functions that are handed their weights become an nn.Module with the same keys.

By way of a class in functional style, whose calls and parameters become layers as those of any other class do. Either
all weights with dots in their keys become layers' weights, or the functions stay as they are, with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..diagnostics import Diagnostic, diagnose
from ..diagnostics.explicit import EXPLICIT
from ..imports import settle_imports
from ..outcome import Conversion, ModelOutcome, Options, StateMove
from ..parameters import parameters_of
from ..plan.plan import Kept
from ..plan.spelling import NoName, Speller
from ..source import Source
from .candidate import Candidate, candidate_of
from .finish import Words, as_before, grouped, moved_lines, outcome_of, relocated
from .pieces import Origins, Patched, tidied
from .shared import Variables, shared_candidate, shared_groups
from .takers import Taker, Takers
from .write import Writer

Group = tuple[list[Taker], Variables | None]
_OF_WHOLE = {row.code for row in EXPLICIT}
Order = tuple[str, ...] | None
Inner = Callable[[str, Options, frozenset[str]], Conversion]


@dataclass
class _Work:
    """One file on its way: the groups of functions, and why some of them stay."""

    source: Source
    takers: Takers
    groups: list[Group]
    refused: dict[int, Diagnostic] = field(default_factory=dict)


def convert_explicit(source: Source, options: Options, inner: Inner) -> Conversion | None:
    """The conversion of a file whose functions take weights; None where it has no such functions.

    `inner` converts a text whose models are classes; the classes that it is told of were made on the way.
    """
    if options.to == "functional" or "\r" in source.text.replace("\r\n", ""):
        return None
    takers = Takers(source)
    groups: list[Group] = [(group, None) for group in takers.groups()]
    work = _Work(source, takers, [*groups, *shared_groups(takers)])
    if not work.groups:
        return None
    while True:
        found = _attempt(work, options, inner)
        if found is not None:
            return found


def _attempt(work: _Work, options: Options, inner: Inner) -> Conversion | None:
    """The conversion with all groups that are not refused; None where one of them turned out to be impossible."""
    source, patched = work.source, Patched(work.source)
    candidates: dict[str, Candidate] = {}
    numbers: dict[str, int] = {}
    taken = set(source.names)
    nn = _spelled_nn(source, patched)
    for number, (group, variables) in enumerate(work.groups):
        if number in work.refused:
            continue
        trial = Patched(source)
        try:
            if nn is None:
                raise Kept("NF225", reason="no certain name for torch.nn here")
            if variables is None:
                candidate = candidate_of(work.takers, group, taken, number)
            else:
                group = [replace(taker) for taker in group]
                candidate = shared_candidate(work.takers, group, variables, taken, number)
            if options.only and candidate.name not in options.only:
                raise Kept("NF230", function=candidate.root.name)
            Writer(work.takers, candidate, trial, nn).write()
        except Kept as reason:
            work.refused[number] = _refusal(source, group, reason)
            continue
        patched.add(trial)
        candidates[candidate.name], numbers[candidate.name] = candidate, number
        taken |= {candidate.name, *candidate.instances.values()}
    if not candidates:
        return _untouched(work, options, inner)
    rows = tidied(patched.all_rows())
    restore = {**options.restore, **{name: one.titles.restore() for name, one in candidates.items()}}
    between = "".join(row.text + source.lines.newline for row in rows).removesuffix(source.lines.newline)
    asked = replace(options, restore=restore, strict=False)
    conversion = inner(between, asked, frozenset(candidates))
    origins = Origins(rows)
    outcomes = {model.name: model for model in conversion.models}
    orders = parameters_of(conversion.text) if any(one.by_name or one.by_order for one in candidates.values()) else {}
    for name, candidate in candidates.items():
        order = orders[name].order if name in orders else None
        problem = _problem(source, candidate, outcomes[name], origins, order)
        if problem is not None:
            work.refused[numbers[name]] = problem
    if any(number in work.refused for number in numbers.values()):
        return None
    return _finished(work, options, conversion, candidates, origins, nn or "nn")


def _finished(
    work: _Work, options: Options, conversion: Conversion, candidates: dict[str, Candidate], origins: Origins, nn: str
) -> Conversion:
    source = work.source
    words = Words(source, candidates, {model.name: model for model in conversion.models})
    text = words.with_containers(words.in_text(conversion.text), nn)
    text = settle_imports(source, Source(text, source.path), set())
    models = tuple(
        outcome_of(candidates[model.name], model, words, origins)
        if model.name in candidates
        else moved_lines(model, source, origins)
        for model in conversion.models
    )
    models = tuple(sorted(models, key=lambda model: model.line))
    kept = _with_reasons(work, [relocated(source, one, origins) for one in conversion.kept])
    if options.strict and (kept or any(model.kept for model in models)):
        return _untouched(work, options, lambda text, _, __: Conversion(text, text, (), ()))
    return Conversion(source.text, text, models, kept)


def _untouched(work: _Work, options: Options, inner: Inner) -> Conversion:
    """The functions stay; the classes of the file convert as ever."""
    conversion = inner(work.source.text, options, frozenset())
    return replace(conversion, kept=_with_reasons(work, list(conversion.kept)))


def _with_reasons(work: _Work, kept: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What stays outside classes; for calls that take explicit weights the reason that holds for them."""
    reasons = {
        (call.node.lineno, call.node.col_offset): (work.refused[number], taker.name)
        for number, (group, _) in enumerate(work.groups)
        if number in work.refused
        for taker in group
        for call in (*taker.weighted, *taker.touched)
    }
    found = []
    for one in kept:
        reason = reasons.get((one.line, one.column))
        found.append(one if reason is None or one.code != "NF230" else _told(reason, one))
    return tuple(found)


def _told(reason: tuple[Diagnostic, str], site: Diagnostic) -> Diagnostic:
    """The reason at a site; at another than that which it is about, what keeps the function as a whole."""
    said, function = reason
    if said.code in _OF_WHOLE or said.line == site.line:
        return replace(said, line=site.line, column=site.column, what=site.what)
    message = said.message.replace("{", "{{").replace("}", "}}")
    return diagnose("NF296", site.line, site.column, what=site.what, function=function, other=said.line, reason=message)


def _refusal(source: Source, group: list[Taker], reason: Kept) -> Diagnostic:
    place = reason.node or group[0].function
    line, column = getattr(place, "lineno", 1), getattr(place, "col_offset", 0)
    return diagnose(reason.code, line, column, what="", model=None, **reason.facts)


def _problem(
    source: Source, candidate: Candidate, outcome: ModelOutcome, origins: Origins, order: Order
) -> Diagnostic | None:
    """Why a class that was made on the way is not what it should be; None where all its keys have their layers."""
    moved = 0
    for key, attribute in candidate.titles.attributes.items():
        move = outcome.state_map.get(attribute)
        if move is not None and move.key != attribute:
            moved += 1
            continue
        if candidate.titles.is_same(key) or key.isdigit():
            continue
        about = [one for one in outcome.kept if f"self.{attribute}" in one.what]
        if about:
            return relocated(source, about[0], origins, candidate)
        return diagnose("NF295", candidate.root.function.lineno, 0, key=key, function=candidate.root.name)
    if moved:
        return _unlike(source, candidate, outcome, order)
    about = [one for one in outcome.kept if "self." in as_before(candidate, one.what) or one.code != "NF201"]
    if about:
        return relocated(source, about[0], origins, candidate)
    return diagnose("NF230", candidate.root.function.lineno, 0, function=candidate.root.name)


def _unlike(source: Source, candidate: Candidate, outcome: ModelOutcome, order: Order) -> Diagnostic | None:
    """A use that would see that the names or the order of the weights have changed."""
    attributes = candidate.titles.attributes
    words = Words(source, {candidate.name: candidate}, {candidate.name: outcome})
    moves = [outcome.state_map.get(attribute, StateMove(attribute)).key for attribute in attributes.values()]
    now = [words.in_key(key) for key in moves]
    renamed = now != list(attributes)
    moved = order is None or [key for key in grouped([words.in_key(key) for key in order]) if key in now] != now
    uses = [*(candidate.by_name if renamed or moved else ()), *(candidate.by_order if moved else ())]
    if not uses:
        return None
    text = " ".join(source.says(source.statement(uses[0])).split())[:60]
    where = {"name": uses[0].id, "other": uses[0].lineno, "text": text}
    return diagnose("NF289", uses[0].lineno, uses[0].col_offset, what="", model=None, **where)


def _spelled_nn(source: Source, patched: Patched) -> str | None:
    """How the file spells torch.nn, which it may gain an import for; None where no name is certain."""
    speller = Speller(source)
    try:
        found = speller.spell("torch.nn.Module", source.tree.body[-1]).removesuffix(".Module")
    except NoName:
        return None
    if "." not in found and not speller.wanted:
        return found
    imports = [n for n in source.tree.body if isinstance(n, (ast.Import, ast.ImportFrom)) and _is_torch(n)]
    if "nn" in source.names or not imports:
        return None if speller.wanted else found
    plain = [node for node in imports if ast.unparse(node) == "import torch"]
    patched.put_after(plain[0] if plain else imports[-1], "import torch.nn as nn")
    return "nn"


def _is_torch(node: ast.Import | ast.ImportFrom) -> bool:
    name = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
    return name.partition(".")[0] == "torch"
