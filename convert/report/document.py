"""The `--report` file: what became of every file, model, site and state entry, as JSON; written and read back.

    {"version": 1, "files": [{"path", "models": [{"name", "line", "style_before", "style_after", "converted", "kept",
     "state_map", "added", "removed", "optional", "parameter_order", "notes"}], "converted", "kept", "error"}]}

`converted` and `kept` of a file are what stands outside its models.

`parameter_order` is `{"before": [...], "after": [...]}`, as `parameters()` gives them, or null where it is not certain;
`optional` are entries that a model may be built without. `state_map` names every parameter and buffer of its class:
old key → new key, or `{"key": …, "transform": "transpose"}`. A site of `converted` has `"close": true` where
the numbers are the same up to rounding only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..diagnostics import Diagnostic
from ..outcome import Conversion, Converted, ModelOutcome, StateMove
from ..parameters import Parameters, parameters_of

VERSION = 1

_NO_REPORT = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_NOT_OURS = "not a report that nnflip convert --report has written"

StateMaps = dict[str, dict[str, StateMove]]


class BadReport(Exception):
    """A report that cannot be used, and why."""


def document(files: Iterable[tuple[str, Conversion | str]]) -> dict[str, Any]:
    """The report over files: (path, its conversion, or what went wrong with it)."""
    return {"version": VERSION, "files": [_file(path, outcome) for path, outcome in files]}


def dump(read: dict[str, Any]) -> bytes:
    """A report as it is written to disk."""
    return (json.dumps(read, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogateescape")


def state_maps(text: str | bytes, *, path: str | None = None) -> StateMaps:
    """Model name → state map, from a report's text; of one file only if `path` is given and the report knows it.

    Raises BadReport if the text is no report of this version, or if two files hold different models of one name.
    """
    try:
        found: StateMaps = {}
        for model in _models(text, path):
            moves = {old: _move(new) for old, new in model["state_map"].items()}
            if found.setdefault(model["name"], moves) != moves:
                raise BadReport(f"the report has several models called {model['name']}")
    except _NO_REPORT:
        raise BadReport(_NOT_OURS) from None
    return found


def has_close_sites(text: str | bytes, *, path: str | None = None) -> bool:
    """Whether a report tells of sites that give the same as before up to rounding only. Raises BadReport."""
    try:
        return any(site.get("close") is True for model in _models(text, path) for site in model.get("converted", ()))
    except _NO_REPORT:
        raise BadReport(_NOT_OURS) from None


def _models(text: str | bytes, path: str | None) -> list[dict[str, Any]]:
    """The models of a report; of one file only if the report knows it by `path`."""
    read = json.loads(text)
    if read["version"] != VERSION:
        raise BadReport(f"the report has version {read['version']}, this program reads version {VERSION}")
    files = read["files"]
    if any(each["path"] == path for each in files):
        files = [each for each in files if each["path"] == path]
    return [model for each in files for model in each["models"]]


def _file(path: str, outcome: Conversion | str) -> dict[str, Any]:
    if isinstance(outcome, str):
        return {"path": path, "models": [], "kept": [], "error": outcome}
    before = parameters_of(outcome.source) if outcome.models else {}
    after = parameters_of(outcome.text) if outcome.models and outcome.changed else before
    return {
        "path": path,
        "models": [
            _model(model) | _parameters(before.get(model.name), after.get(model.name)) for model in outcome.models
        ],
        "converted": [_converted(each) for each in outcome.converted],
        "kept": [_kept(each) for each in outcome.kept],
    }


def _model(model: ModelOutcome) -> dict[str, Any]:
    return {
        "name": model.name,
        "line": model.line,
        "style_before": model.style_before,
        "style_after": model.style_after,
        "converted": [_converted(each) for each in model.converted],
        "kept": [_kept(each) for each in model.kept],
        "state_map": _moves(model.state_map),
        "added": list(model.added),
        "removed": list(model.removed),
        "notes": list(model.notes),
    }


def _converted(site: Converted) -> dict[str, Any]:
    return {"line": site.line, "what": site.what} | ({"close": True} if site.close else {})


def _parameters(before: Parameters | None, after: Parameters | None) -> dict[str, Any]:
    """How an optimiser numbers the parameters on both sides."""
    certain = before and after and before.order is not None and after.order is not None
    return {
        "optional": list(before.optional) if before else [],
        "parameter_order": {"before": list(before.order or ()), "after": list(after.order or ())}  # type: ignore[union-attr]
        if certain
        else None,
    }


def _kept(kept: Diagnostic) -> dict[str, Any]:
    return {"line": kept.line, "what": kept.what, "code": kept.code, "reason": kept.message}


def _moves(state_map: Mapping[str, StateMove]) -> dict[str, Any]:
    return {
        old: move.key if move.transform is None else {"key": move.key, "transform": move.transform}
        for old, move in state_map.items()
    }


def _move(new: Any) -> StateMove:
    if isinstance(new, str):
        return StateMove(new)
    key, transform = new["key"], new.get("transform")
    if not isinstance(key, str) or transform not in (None, "transpose"):
        raise ValueError(new)
    return StateMove(key, transform)
