"""One verification from start to verdict: load both files, pair their models, and verify each pair."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .further import with_other_arguments
from .launch import Limits
from .pair import PairCheck, PairFound
from .reasons import alike, loading_trouble
from .result import ModelVerdict, VerifyResult, worst
from .runtime_check import runtime_against_torch
from .sides import SideFailed, Sides, load_request, opened
from .task import Task as Task
from .wire import Message


def verify(task: Task) -> VerifyResult:
    """The verdict on two programs; never raises for what they do."""
    return verify_with_traces(task)[0] if task.request.backend != "both" else _on_both(task)


def _on_both(task: Task) -> VerifyResult:
    """The verdict on numpy and on torch, the worse of the two; where the runtime itself is not torch is noted."""
    ours, truth = (
        verify_with_traces(replace(task, request=replace(task.request, backend=name)))[0] for name in ("numpy", "torch")
    )
    there = {model.name: model for model in ours.models}
    apart = runtime_against_torch(task)
    models = tuple(_with_other(model, there.get(model.name), apart.get(model.name, ())) for model in truth.models)
    worse = truth if worst([ours.verdict, truth.verdict]) == truth.verdict else ours
    return VerifyResult(worse.verdict, models or ours.models, "both", worse.reason, worse.code)


def _with_other(model: ModelVerdict, other: ModelVerdict | None, apart: Sequence[str]) -> ModelVerdict:
    """The verdict of torch, or that of numpy where it is worse, with notes on both."""
    said = f"on numpy: {other.verdict if other else 'inconclusive'}, on torch: {model.verdict}"
    chosen = other if other and worst([other.verdict, model.verdict]) != model.verdict else model
    return replace(chosen, notes=(*chosen.notes, said, *apart))


def verify_with_traces(task: Task) -> tuple[VerifyResult, list[PairFound]]:
    """The verdict, and what was found of each pair. A pair that kills a process leaves the rest alive."""
    limits = Limits(time.monotonic() + task.request.timeout, task.request.memory_mb)
    done: list[PairFound] = []
    while True:
        before = len(done)
        try:
            trouble = _verify_pairs(task, limits, done)
        except SideFailed as failed:
            trouble = VerifyResult("inconclusive", (), task.request.backend, str(failed), "NF418")
        if len(done) == before or not done[-1].died or trouble is not None:
            break
    return _together(done, trouble, task.request.backend), done


def _together(done: list[PairFound], trouble: VerifyResult | None, backend: str) -> VerifyResult:
    """The worst of all verdicts, `trouble` included: what was not reached was not verified."""
    models = tuple(_with_cover(found, done) for found in done)
    verdicts = [model.verdict for model in models]
    if trouble is not None:
        return replace(trouble, verdict=worst([*verdicts, trouble.verdict]), models=models)
    reason = "" if models else "the files define no model class with a forward"
    return VerifyResult(worst(verdicts), models, backend, reason, "" if models else "NF419")


def _verify_pairs(task: Task, limits: Limits, done: list[PairFound]) -> VerifyResult | None:
    """Verifies the pairs not done yet, until the end or until a process dies; a result only if loading failed."""
    with opened((task.request.backend,) * 2, limits) as sides:
        a, b = _loaded(sides, task)
        trouble = loading_trouble(a, b, task.request.backend)
        if trouble is not None:
            return VerifyResult(trouble[0], (), task.request.backend, *trouble[1:])
        names = {found.verdict.name for found in done}
        unknown = _unknown(a.body, b.body, task.request.models or {})
        if unknown:
            return VerifyResult("inconclusive", (), task.request.backend, unknown, "NF406")
        pairs = _pairs(*_models(a.body, b.body), task.request.models)
        todo = [(a_name, b_name) for a_name, b_name in pairs if a_name not in names]
        checks: list[PairCheck | None] = []
        for left, (a_name, b_name) in zip(range(len(todo), 0, -1), todo, strict=True):
            check = _check_of(task, sides, _end_of_share(limits, left), (a_name, b_name), (a, b)) if b_name else None
            found = _verify_one(check, a_name)
            done.append(found)
            checks.append(check)
            if found.died:
                return None
        _run_further(checks, done, limits)
    return None


def _run_further(checks: Sequence[PairCheck | None], done: list[PairFound], limits: Limits) -> None:
    """Takes the pairs of this round up once more, with other arguments."""
    places = range(len(done) - len(checks), len(done))
    again = [(place, check) for place, check in zip(places, checks, strict=True) if check is not None]
    found = with_other_arguments([(check, done[place]) for place, check in again], limits.deadline)
    for (place, _), one in zip(again, found, strict=True):
        done[place] = one


def _end_of_share(limits: Limits, left: int) -> float:
    """When one of the models that are left should be done: most are small, so that three shares are fair."""
    now = time.monotonic()
    return now + (limits.deadline - now) * min(1.0, 3 / left)


def _loaded(sides: Sides, task: Task) -> tuple[Message, Message]:
    """Both files, run; where a statement stops both alike, all the others of each."""
    asked = load_request(task.a), load_request(task.b)
    a, b = sides.ask_both(asked[0], asked[1])
    ours, theirs = a.body.get("failure"), b.body.get("failure")
    if not ours or not theirs or not alike(ours, theirs):
        return a, b
    again = sides.ask_both({**asked[0], "lenient": True}, {**asked[1], "lenient": True})
    stopped = [one.body.get("stopped") for one in again]
    return again if stopped[0] is not None and stopped[0] == stopped[1] and again[0].body["models"] else (a, b)


def _check_of(
    task: Task, sides: Sides, until: float, names: tuple[str, str], loaded: tuple[Message, Message]
) -> PairCheck:
    maps = (task.state_maps or {}).get(names[0])
    return PairCheck(task.a, task.b, sides, task.request, until, names, loaded, maps, task.state_maps or {})


def _verify_one(check: PairCheck | None, a_name: str) -> PairFound:
    if check is None:
        return PairFound(ModelVerdict(a_name, "different", f"B has no model {a_name}", code="NF406"))
    try:
        return check.found()
    except SideFailed as failed:
        return PairFound(ModelVerdict(a_name, "inconclusive", str(failed), code="NF418"), died=True)


def _models(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The models of both sides. Functions that are handed their weights count where the other side has that model, or
    a side has nothing else.
    """
    everything = [{*side["models"], *side["explicit"]} for side in (a, b)]
    ours, theirs = (
        [*side["models"], *(name for name in side["explicit"] if name in other or not side["models"])]
        for side, other in ((a, everything[1]), (b, everything[0]))
    )
    return ours, theirs


def _unknown(a: Mapping[str, Any], b: Mapping[str, Any], chosen: Mapping[str, str]) -> str:
    """What is wrong with the names that the user gave, with those that there are."""
    ours, theirs = ({*side["models"], *side["explicit"]} for side in (a, b))
    for name, other in chosen.items():
        for side, wanted, known in (("A", name, ours), ("B", other, theirs)):
            if wanted not in known:
                return f"{side} has no model {wanted}; it has {', '.join(sorted(known)) or 'none'}"
    return ""


def _pairs(a: list[str], b: list[str], chosen: Mapping[str, str] | None) -> list[tuple[str, str | None]]:
    """Models of the same name, by its letters alone; two that are left over are a pair whatever they are called."""
    if chosen is not None:
        return list(chosen.items())
    by_letters = {name.replace("_", "").lower(): name for name in b}
    found = {name: name if name in b else by_letters.get(name.replace("_", "").lower()) for name in a}
    alone = [name for name, other in found.items() if other is None]
    left = [name for name in b if name not in found.values()]
    if len(alone) == len(left) == 1:
        found[alone[0]] = left[0]
    return list(found.items())


def _with_cover(found: PairFound, done: list[PairFound]) -> ModelVerdict:
    """A part that could not be run alone has the verdict of the model in which it ran."""
    verdict = found.verdict
    advised = replace(verdict, notes=(*verdict.notes, found.advice)) if found.advice else verdict
    if not found.not_run_alone:
        return advised
    for whole in done:
        covers = verdict.name in whole.covered and whole.verdict.name != verdict.name
        if covers and whole.verdict.verdict in ("proven", "equal"):
            note = f"ran as part of {whole.verdict.name} ({verdict.reason})"
            return replace(verdict, verdict=whole.verdict.verdict, reason="", code="", notes=(*verdict.notes, note))
    return advised
