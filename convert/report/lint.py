"""What `check` prints: findings as text, JSON, SARIF 2.1.0, GitHub workflow commands or JUnit; or numbers of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from ..diagnostics import CODES, Diagnostic
from .junit import as_junit
from .paint import Paint, clean

Findings = Sequence[tuple[str, Diagnostic]]
"""Pairs of a file's name and a finding in it."""

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_text(findings: Findings, paint: Paint, unreadable: Sequence[str] = ()) -> Iterator[str]:
    """`net.py:14:9 NF301 slug: message` and a line with the cure; what could not be read is told on stderr."""
    for name, found in findings:
        place = paint.bold(f"{clean(name)}:{found.line}:{found.column + 1}")
        yield f"{place} {paint(found.code, 'yellow')} {found.slug}: {clean(found.message)}\n"
        yield f"  {paint('cure:', 'cyan')} {found.cure}\n"


def as_json(findings: Findings, paint: Paint, unreadable: Sequence[str] = ()) -> Iterator[str]:
    """`{"version": 1, "findings": [...], "unreadable": [...]}`; columns count from 1."""
    listed = [
        {
            "path": name,
            "line": found.line,
            "column": found.column + 1,
            "code": found.code,
            "slug": found.slug,
            "message": found.message,
            "cure": found.cure,
            "what": found.what,
            "model": found.model,
        }
        for name, found in findings
    ]
    yield json.dumps({"version": 1, "findings": listed, "unreadable": list(unreadable)}, indent=2) + "\n"


def as_sarif(findings: Findings, paint: Paint, unreadable: Sequence[str] = ()) -> Iterator[str]:
    """One SARIF run with a rule per code that was found, and a notification for every file that was not read."""
    codes = sorted({found.code for _, found in findings})
    run = {
        "tool": {"driver": {"name": "nnflip", "rules": [_sarif_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_sarif_invocation(unreadable)],
        "results": [_sarif_result(name, found, codes.index(found.code)) for name, found in findings],
    }
    yield json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def as_github(findings: Findings, paint: Paint, unreadable: Sequence[str] = ()) -> Iterator[str]:
    """Workflow commands that GitHub shows beside the line; an error for every file that could not be read."""
    for name, found in findings:
        facts = {"file": name, "line": found.line, "col": found.column + 1, "title": f"{found.code} {found.slug}"}
        properties = ",".join(f"{key}={_github(str(value), property=True)}" for key, value in facts.items())
        yield f"::warning {properties}::{_github(f'{found.message} (cure: {found.cure})')}\n"
    yield from (f"::error title=unreadable::{_github(line)}\n" for line in unreadable)


FORMATS: Mapping[str, Callable[[Findings, Paint, Sequence[str]], Iterator[str]]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
    "junit": as_junit,
}


def statistics_as_text(findings: Findings, paint: Paint, unreadable: Sequence[str] = ()) -> Iterator[str]:
    """`  12  NF301 dropout-always-on`, the most frequent first."""
    counts = _counts(findings)
    width = max((len(str(count)) for _, count in counts), default=0)
    for code, count in counts:
        yield f"{count:>{width}}  {paint(code, 'yellow')} {CODES[code].slug}\n"


def statistics_as_json(findings: Findings, paint: Paint, unreadable: Sequence[str] = ()) -> Iterator[str]:
    """`{"version": 1, "statistics": [{"code", "slug", "count"}], "unreadable": [...]}`."""
    rows = [{"code": code, "slug": CODES[code].slug, "count": count} for code, count in _counts(findings)]
    yield json.dumps({"version": 1, "statistics": rows, "unreadable": list(unreadable)}, indent=2) + "\n"


STATISTICS: Mapping[str, Callable[[Findings, Paint, Sequence[str]], Iterator[str]]] = {
    "text": statistics_as_text,
    "json": statistics_as_json,
}


def _counts(findings: Findings) -> list[tuple[str, int]]:
    counts = Counter(found.code for _, found in findings)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _sarif_rule(code: str) -> dict[str, Any]:
    row = CODES[code]
    return {
        "id": row.code,
        "name": "".join(word.capitalize() for word in row.slug.split("-")),
        "shortDescription": {"text": row.slug.replace("-", " ")},
        "fullDescription": {"text": row.why},
        "help": {"text": row.cure},
        "defaultConfiguration": {"level": "note" if code.startswith("NF2") else "warning"},
    }


def _sarif_result(name: str, found: Diagnostic, rule: int) -> dict[str, Any]:
    uri = PurePath(name).as_uri() if PurePath(name).is_absolute() else quote(PurePath(name).as_posix())
    region = {"startLine": found.line, "startColumn": found.column + 1}
    return {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": "note" if found.code.startswith("NF2") else "warning",
        "message": {"text": f"{found.message} (cure: {found.cure})"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
    }


def _sarif_invocation(unreadable: Sequence[str]) -> dict[str, Any]:
    told = [{"level": "error", "message": {"text": line}} for line in unreadable]
    return {"executionSuccessful": not told, "toolExecutionNotifications": told}


def _github(text: str, *, property: bool = False) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escaped.replace(":", "%3A").replace(",", "%2C") if property else escaped
