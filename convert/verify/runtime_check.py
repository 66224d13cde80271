"""Holds the numpy runtime against real torch on a user's own model: the same file in two processes, one on each."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from .launch import Limits
from .pair import PairCheck
from .result import MODES, ModelVerdict, ModeResult
from .sides import SideFailed, load_request, opened
from .task import Task


def runtime_against_torch(task: Task) -> Mapping[str, tuple[str, ...]]:
    """For each model of the first file, what is not close on the two backends; one sentence where all is."""
    limits = Limits(time.monotonic() + task.request.timeout, task.request.memory_mb)
    request = replace(task.request, backend="numpy", close_ok=True, models=None)
    found: dict[str, tuple[str, ...]] = {}
    try:
        with opened(("numpy", "torch"), limits) as sides:
            loaded = sides.ask_both(load_request(task.a))
            for name in loaded[0].body.get("models", ()):
                check = PairCheck(task.a, task.a, sides, request, limits.deadline, (name, name), loaded, None)
                found[name] = _said(check.found().verdict)
    except SideFailed as failed:
        return {**found, "": (f"the runtime could not be held against torch: {failed}",)}
    return found


def _said(verdict: ModelVerdict) -> tuple[str, ...]:
    if verdict.verdict == "inconclusive" or verdict.code not in ("", "NF401", "NF402"):
        return (f"the runtime could not be held against torch: {verdict.reason}",)
    modes: list[ModeResult] = [getattr(verdict, mode) for mode in MODES]
    # rounding of the first step moves the weights of the second: what differs there only is no news
    apart = [one for mode in modes for one in mode.mismatches if not one.close and "second step" not in one.what]
    if not apart:
        largest = max((one.max_abs or 0.0 for mode in modes for one in mode.mismatches), default=0.0)
        return (f"the runtime agrees with torch, within {largest:.3g}",)
    return tuple(f"the runtime is not torch here: {one.what}, by up to {one.max_abs or 0.0:.3g}" for one in apart)
