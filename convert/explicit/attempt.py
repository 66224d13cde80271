"""The conversion of a file's units as they stand: all that can be written is, and what turns out impossible is not."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..diagnostics import Diagnostic, diagnose
from ..diagnostics.explicit import EXPLICIT
from ..imports import settle_imports
from ..outcome import Conversion, Options
from ..plan.plan import Kept
from ..plan.spelling import NoName, Speller
from ..source import Source
from .finish import Words, moved_lines, relocated
from .functions import DecidedFunctions
from .inner import Inner, parses
from .listed import Listed
from .pieces import Origins, Patched, tidied
from .plain_class import PlainClass
from .units import Unit, units_of

Decided = DecidedFunctions | PlainClass | Listed
_OF_WHOLE = {row.code for row in EXPLICIT}


@dataclass
class _Work:
    """One file on its way: its units, and why some of them stay."""

    source: Source
    units: Sequence[Unit]
    refused: dict[int, Diagnostic] = field(default_factory=dict)


def converted(source: Source, options: Options, inner: Inner) -> Conversion | None:
    """The conversion of a file as it stands; None where it has no units."""
    units = units_of(source, respell=options.respell)
    units = [one for one in units if not (options.compat and isinstance(one, Listed))]  # whose keys a hook would map
    work = _Work(source, units)
    if not work.units:
        return None
    while True:
        found = _attempt(work, options, inner)
        if found is not None:
            return found


def _attempt(work: _Work, options: Options, inner: Inner) -> Conversion | None:
    """The conversion with all units that are not refused; None where one of them turned out to be impossible."""
    source, patched = work.source, Patched(work.source)
    nn = _spelled_nn(source, patched)
    decided = _decided(work, options, patched, nn, inner)
    if not decided:
        return _untouched(work, options, inner)
    rows = tidied(patched.all_rows())
    origins, end = Origins(rows), source.lines.newline
    restore = {**options.restore, **{one.name: one.restore() for one in decided.values() if one.restore()}}
    asked = replace(options, restore=restore, strict=False)
    between = end.join(row.text for row in rows)
    if not parses(between):
        for number, one in decided.items():
            work.refused[number] = diagnose("NF227", one.place.lineno, one.place.col_offset)
        return None
    conversion = inner.convert(
        between, asked, {one.name: isinstance(one, DecidedFunctions) for one in decided.values()}
    )
    outcomes = {model.name: model for model in conversion.models}
    for number, one in decided.items():
        problem = one.problem(outcomes[one.name], conversion.text, origins)
        if problem is not None:
            work.refused[number] = problem
    if work.refused.keys() & decided.keys():
        return None
    finished = _finished(work, conversion, {one.name: one for one in decided.values()}, origins, nn or "nn")
    return _untouched(work, options, inner) if options.strict and finished.all_kept else finished


def _decided(work: _Work, options: Options, patched: Patched, nn: str | None, inner: Inner) -> dict[int, Decided]:
    """The units that can be written, written."""
    found: dict[int, Decided] = {}
    taken = set(work.source.names)
    for number, unit in enumerate(work.units):
        if number in work.refused:
            continue
        trial = Patched(work.source)
        try:
            if nn is None:
                raise Kept("NF225", reason="no certain name for torch.nn here")
            one = unit.decided(taken, number)
            if options.only and one.name not in options.only:
                raise Kept("NF230", function=one.name)
            if found_elsewhere := inner.place(one.old_names):
                name, there = found_elsewhere
                raise Kept("NF250", name=name, file=there.file, other=there.line, text=there.text)
            one.write(trial, nn)
        except Kept as reason:
            place = reason.node or unit.place
            line, column = getattr(place, "lineno", 1), getattr(place, "col_offset", 0)
            work.refused[number] = diagnose(reason.code, line, column, what="", model=None, **reason.facts)
            continue
        patched.add(trial)
        found[number] = one
        taken |= one.new_names
    return found


def _finished(
    work: _Work, conversion: Conversion, decided: dict[str, Decided], origins: Origins, nn: str
) -> Conversion:
    source = work.source
    candidates = {name: one.candidate for name, one in decided.items() if isinstance(one, DecidedFunctions)}
    words = Words(source, candidates, {model.name: model for model in conversion.models})
    text = words.with_containers(words.in_text(conversion.text), nn)
    text = settle_imports(source, Source(text, source.path), set())
    models = [
        decided[model.name].told(model, words, origins)
        if model.name in decided
        else moved_lines(model, source, origins)
        for model in conversion.models
    ]
    kept = _with_reasons(work, [relocated(source, one, origins) for one in conversion.kept])
    return Conversion(source.text, text, tuple(sorted(models, key=lambda model: model.line)), kept)


def _untouched(work: _Work, options: Options, inner: Inner) -> Conversion:
    """The functions stay; the classes of the file convert as ever."""
    conversion = inner.convert(work.source.text, options, {})
    return replace(conversion, kept=_with_reasons(work, list(conversion.kept)))


def _with_reasons(work: _Work, kept: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What stays outside classes; for calls that take explicit weights the reason that holds for them."""
    reasons = {
        (call.lineno, call.col_offset): (work.refused[number], function)
        for number, unit in enumerate(work.units)
        if number in work.refused
        for call, function in unit.sites()
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
    facts = {"function": function, "other": said.line, "reason": said.message}
    return diagnose("NF296", site.line, site.column, what=site.what, model=None, **facts)


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
