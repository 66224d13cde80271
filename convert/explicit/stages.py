"""Other texts of the same meaning in which more layers show: loops over constants and helpers are written out.

Each stage stands only where it gains layers; else the file is converted as the next one finds it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ..diagnostics import Diagnostic, diagnose
from ..imports import settle_imports
from ..outcome import Conversion, Options
from ..recognise.calls import FunctionCall
from ..recognise.surroundings import Surroundings
from ..source import Source
from .attempt import converted
from .finish import moved_lines, relocated
from .held_layers import HeldLayers
from .hoisted import Hoister
from .inlined import Inliner
from .inner import Inner, Then, parses
from .nested import Flattened
from .pieces import Origins, Row, tidied
from .step_helpers import step_helpers
from .straight import Straightened
from .units import weighted_calls
from .unrolled import Unroller
from .written_out import WriteOut, helpers_of

Step = Hoister | Flattened | Unroller | Inliner | Straightened
MOST_STEPS = 24


def with_held(source: Source, calls: Sequence[FunctionCall], options: Options, inner: Inner) -> Conversion | None:
    """The conversion with objects that hold a layer's tensors as these layers."""
    if "Module()" in source.text:
        held = HeldLayers(source, Surroundings(source, inner.elsewhere), options, inner.convert)
        if held.makers:
            asked = replace(options, strict=False)
            found = _by_way_of(source, held.rows(), asked, inner, _stepwise, stands=True)
            if found is not None and not (options.strict and found.all_kept):
                text = settle_imports(source, Source(found.text, source.path), set())
                return replace(found, text=text, models=tuple(held.told(model) for model in found.models))
    return with_steps(source, calls, options, inner)


def _stepwise(source: Source, options: Options, inner: Inner) -> Conversion | None:
    return with_steps(source, list(weighted_calls(source)), options, inner)


def with_steps(source: Source, calls: Sequence[FunctionCall], options: Options, inner: Inner) -> Conversion | None:
    """The conversion with helpers of several statements and names that run on written out, where that shows layers."""
    if calls and (step := next_step(source, inner)) is not None:
        found = _by_way_of(source, step.rows(), replace(options, strict=False), inner, _further(MOST_STEPS))
        names = {source.says(call.call.func) for call in calls}
        fits = found is not None and found.changed and not _is_kept(found, names, step.places)
        if fits and found is not None and not (options.strict and found.all_kept):
            return found
    return _with_loops(source, calls, options, inner)


def next_step(source: Source, inner: Inner | None = None) -> Step | None:
    """The next text on the way, where builders, helpers of several statements or names that run on stand in it."""
    calls = list(weighted_calls(source))
    if not calls:
        return None
    needed = inner.place if inner is not None else lambda names: None
    hoisted = Hoister(source, calls, needed)
    if hoisted.places:
        return hoisted
    flattened = Flattened(source, calls)
    if flattened.places and not needed(flattened.names):
        return flattened
    if step_helpers(source, calls):
        loops = Unroller(source, calls)
        if loops.places:
            return loops
        inlined = Inliner(source, calls, needed)
        if inlined.places:
            return inlined
    straight = Straightened(source, calls)
    return straight if straight.places else None


def _further(left: int) -> Then:
    """Step after step, and then as ever."""

    def then(source: Source, options: Options, inner: Inner) -> Conversion | None:
        step = next_step(source, inner) if left else None
        if step is not None:
            return _by_way_of(source, step.rows(), options, inner, _further(left - 1))
        return _with_loops(source, list(weighted_calls(source)), options, inner)

    return then


def _with_loops(source: Source, calls: Sequence[FunctionCall], options: Options, inner: Inner) -> Conversion | None:
    """The conversion with the loops over constants written out where that shows layers."""
    if calls and (loops := Unroller(source, calls)).places:
        found = _by_way_of(source, loops.rows(), replace(options, strict=False), inner, _with_helpers)
        names = {source.says(call.call.func) for call in calls}
        if found is not None and _is_made(found) and not _is_kept(found, names, loops.places):
            return found if not (options.strict and found.all_kept) else _with_helpers(source, options, inner)
    return _with_helpers(source, options, inner)


def _is_made(found: Conversion) -> bool:
    """Whether some functions have become a class."""
    return any(site.what.startswith("def ") for model in found.models for site in model.converted)


def _is_kept(found: Conversion, names: Collection[str], places: Sequence[range]) -> bool:
    """Whether a call of one of these functions stays, in one of these places."""
    lines = [one.line for one in found.all_kept if one.what.partition("(")[0] in names]
    return any(line in place for line in lines for place in places)


def _with_helpers(source: Source, options: Options, inner: Inner) -> Conversion | None:
    """The conversion with the helpers of one expression written out wherever that shows a layer."""
    helpers, without = helpers_of(source, list(weighted_calls(source))), set[ast.Call]()
    reasons: dict[ast.FunctionDef, Diagnostic] = {}
    while helpers.functions:
        written = WriteOut(helpers, without, inner.place)
        rows = written.rows()
        found = _by_way_of(source, rows, replace(options, strict=False), inner, converted) if written.used else None
        if found is None or (options.strict and found.all_kept):
            break
        in_vain = written.in_vain(found.all_kept)
        if not in_vain:
            return found
        without |= in_vain.keys()
        reasons |= {written.used[call]: reason for call, reason in in_vain.items()}
    kept = converted(source, options, inner)
    if reasons:
        kept = kept or inner.convert(source.text, options, {})
        return replace(kept, kept=tuple(_of_helper(source, one, reasons) for one in kept.kept))
    return kept


def _of_helper(source: Source, site: Diagnostic, reasons: Mapping[ast.FunctionDef, Diagnostic]) -> Diagnostic:
    """What stays in a helper, with the reason for which its calls were written out in vain."""
    for helper, reason in reasons.items():
        if site.code in {"NF230", "NF292"} and helper.lineno <= site.line <= (helper.end_lineno or helper.lineno):
            facts = {"function": helper.name, "other": reason.line, "reason": reason.message}
            return diagnose("NF296", site.line, site.column, what=site.what, model=None, **facts)
    return site


def _by_way_of(
    source: Source, rows: Sequence[Row], options: Options, inner: Inner, then: Then, *, stands: bool = False
) -> Conversion | None:
    """The conversion by way of another text of the same meaning; None where that is no text.

    `stands`: that text is a gain, even if nothing else is converted.
    """
    rows = tidied(rows)
    text = source.lines.newline.join(row.text for row in rows)
    if not parses(text):
        return None
    origins = Origins(rows)
    found = then(Source(text, source.path), options, inner) or inner.convert(text, options, {})
    models = tuple(moved_lines(model, source, origins) for model in found.models)
    kept = tuple(relocated(source, one, origins) for one in found.kept)
    return Conversion(source.text, found.text if found.changed or stands else source.text, models, kept)
