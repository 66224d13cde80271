"""What the verification of many pairs prints: one line each, JSON, JUnit XML, GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .paint import Paint, clean

_STYLES = {"proven": "green", "equal": "green", "different": "red", "inconclusive": "yellow"}
_FINE = ("proven", "equal")


@dataclass(frozen=True)
class PairOutcome:
    """One pair: its title, the file it is about, its result as `--json` has it, and whether a certificate gave it."""

    title: str
    path: str
    result: dict[str, Any]
    seconds: float = 0.0
    reused: bool = False

    @property
    def verdict(self) -> str:
        """The verdict, or "error" where a file could not be read."""
        return str(self.result["verdict"])

    @property
    def said(self) -> str:
        """Why the verdict is not better, in one line."""
        for model in self.result.get("models", ()):
            if model["verdict"] == self.verdict and self.verdict not in _FINE:
                first = model["first_divergence"] or {}
                parts = [model["reason"], first.get("what", ""), first.get("guess", "")]
                return f"{model['name']}: " + "; ".join(part for part in parts if part)
        return str(self.result.get("reason", ""))

    @property
    def line(self) -> int:
        """The line to point at."""
        lines = [(model["first_divergence"] or {}).get("a_line") for model in self.result.get("models", ())]
        return next((line for line in lines if line), 1)

    @property
    def code(self) -> str:
        """The code of the verdict."""
        codes = [model["code"] for model in self.result.get("models", ()) if model["verdict"] == self.verdict]
        return next((code for code in codes if code), str(self.result.get("code", "")))


def as_lines(outcomes: Iterable[PairOutcome], paint: Paint) -> Iterator[str]:
    """`equal         net.py = net_functional.py`."""
    for one in outcomes:
        mark = paint(f"{one.verdict:<12}", _STYLES.get(one.verdict, "red"))
        yield f"{mark}  {clean(one.title)}{'  (certified)' if one.reused else ''}\n"
        if one.said and one.verdict not in _FINE:
            yield f"              {one.code + ' ' if one.code else ''}{clean(one.said)}\n"


def as_json(outcomes: Sequence[PairOutcome], verdict: str) -> str:
    """`{"version": 1, "verdict": ..., "pairs": [...]}`."""
    pairs = [{"name": one.title, "path": one.path, "certified": one.reused, **one.result} for one in outcomes]
    return json.dumps({"version": 1, "verdict": verdict, "pairs": pairs}, indent=2) + "\n"


def as_junit(outcomes: Sequence[PairOutcome]) -> str:
    """A test case per pair: different is a failure; inconclusive, and what could not be read, an error."""
    failures = sum(one.verdict == "different" for one in outcomes)
    errors = sum(one.verdict not in (*_FINE, "different") for one in outcomes)
    seconds = sum(one.seconds for one in outcomes)
    counts = f'tests="{len(outcomes)}" failures="{failures}" errors="{errors}" time="{seconds:.3f}"'
    cases = "".join(_case(one) for one in outcomes)
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return (
        f'{head}<testsuites {counts}>\n<testsuite name="nnflip verify" {counts}>\n{cases}</testsuite>\n</testsuites>\n'
    )


def _case(one: PairOutcome) -> str:
    name = f"name={_attribute(one.title)} classname={_attribute(one.path)}"
    head = f'  <testcase {name} time="{one.seconds:.3f}"'
    if one.verdict in _FINE:
        return head + "/>\n"
    tag = "failure" if one.verdict == "different" else "error"
    said = clean(f"{one.code} {one.said}".strip())
    body = f"<{tag} type={_attribute(one.verdict)} message={_attribute(said)}>{escape(said)}</{tag}>"
    return f"{head}>\n    {body}\n  </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(clean(text))


def as_github(outcomes: Iterable[PairOutcome]) -> Iterator[str]:
    """`::error file=net.py,line=14,title=...::...` for each pair that is not equal."""
    for one in outcomes:
        if one.verdict not in _FINE:
            level = "warning" if one.verdict == "inconclusive" else "error"
            title = f"nnflip verify: {one.verdict}" + (f" ({one.code})" if one.code else "")
            place = f"file={_property(one.path)},line={one.line},title={_property(title)}"
            yield f"::{level} {place}::{_data(f'{one.title}: {one.said}')}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
