"""The short summary that convert prints for people: what was converted, what was kept and why, where the state went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..diagnostics import Diagnostic
from ..outcome import Conversion, Converted, ModelOutcome, StateMove
from .paint import Paint, clean

Row = tuple[str, str, str]


def details(name: str, conversion: Conversion, paint: Paint, verdicts: dict[str, str]) -> Iterator[str]:
    """One file at length: every model with its sites, its state map and its verdict."""
    for model in conversion.models:
        if _is_silent(model):
            continue
        yield _heading(name, model, paint)
        yield from _table(_rows(model, verdicts.get(model.name)), paint)
    if conversion.kept or conversion.converted:
        yield paint.bold(f"{name}: outside any model")
        yield from _table([*_converted_rows(conversion.converted), *_kept_rows(conversion.kept)], paint)


def brief(name: str, conversion: Conversion, paint: Paint, verdicts: dict[str, str]) -> Iterator[str]:
    """One file among many: a line per model that something happened to, and what was kept."""
    for model in conversion.models:
        if _is_silent(model):
            continue
        verdict = f", {verdicts[model.name]}" if model.name in verdicts else ""
        yield f"{_heading(name, model, paint)}: {_sites(len(model.converted))}{verdict}"
        yield from _table(_kept_rows(model.kept), paint)
    if conversion.converted:
        yield f"{paint.bold(f'{name}: outside any model')}: {_sites(len(conversion.converted))}"
    yield from _table(_kept_rows(conversion.kept), paint)


def cures(conversions: Iterable[Conversion], paint: Paint) -> Iterator[str]:
    """What can be done about the kept sites, once for each code."""
    found = {kept.code: kept.cure for each in conversions for kept in each.all_kept}
    for code, cure in sorted(found.items()):
        yield f"{paint(f'cure {code}', 'cyan')}  {cure}"


def total(conversions: Sequence[Conversion], failures: int) -> str:
    """The last line: how much was done in all."""
    changed = sum(each.changed for each in conversions)
    sites = sum(len(each.all_converted) for each in conversions)
    kept = sum(len(each.all_kept) for each in conversions)
    close = sum(site.close for each in conversions for model in each.models for site in model.converted)
    parts = [f"{changed} of {_count(len(conversions) + failures, 'file')} changed", f"{_sites(sites)} converted"]
    if close:
        parts.append(f"{close} of them close, not bit for bit")
    if kept:
        parts.append(f"{kept} kept")
    if failures:
        parts.append(f"{_count(failures, 'file')} could not be done")
    return ", ".join(parts)


def _is_silent(model: ModelOutcome) -> bool:
    return not (model.converted or model.kept or model.notes)


def _heading(name: str, model: ModelOutcome, paint: Paint) -> str:
    if model.style_before == model.style_after:
        styles = f"stays {model.style_after}"
    else:
        styles = f"{model.style_before} → {model.style_after}"
    return f"{paint.bold(f'{name}:{model.line} {model.name}')}  {styles}"


def _converted_rows(converted: Iterable[Converted]) -> Iterator[Row]:
    for site in converted:
        yield "converted", f"line {site.line}", clean(site.what) + (" (close)" if site.close else "")


def _rows(model: ModelOutcome, verdict: str | None) -> Iterator[Row]:
    yield from _converted_rows(model.converted)
    yield from _kept_rows(model.kept)
    yield from _state_rows(model.state_map)
    for key in model.added:
        yield "state", "new", key
    for key in model.removed:
        yield "state", "gone", key
    for note in model.notes:
        yield "note", "", clean(note)
    if verdict is not None:
        yield "verdict", "", verdict


def _kept_rows(kept: Iterable[Diagnostic]) -> Iterator[Row]:
    for each in kept:
        what = f"{clean(each.what)}: " if each.what and each.what not in each.message else ""
        yield "kept", f"line {each.line}", f"{what}{each.code} {each.slug}: {clean(each.message)}"


def _state_rows(state_map: Mapping[str, StateMove]) -> Iterator[Row]:
    moved = {old: move for old, move in state_map.items() if move.key != old or move.transform}
    width = max(map(len, moved), default=0)
    for old, move in moved.items():
        turned = " (transposed)" if move.transform == "transpose" else ""
        yield "state", "", f"{old:<{width}} → {move.key}{turned}"
    if len(moved) < len(state_map):
        rest = len(state_map) - len(moved)
        other = "other " if moved else ""
        yield "state", "", f"{_count(rest, f'{other}entry', f'{other}entries')} unchanged"


def _table(rows: Iterable[Row], paint: Paint) -> Iterator[str]:
    listed = list(rows)
    width = max((len(row[1]) for row in listed), default=0)
    before = ""
    for label, place, text in listed:
        shown = paint.label(f"{label if label != before else '':<9}", label)
        yield f"  {shown}  {place:<{width}}  {text}".rstrip() if width else f"  {shown}  {text}"
        before = label


def _sites(number: int) -> str:
    return _count(number, "site")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
