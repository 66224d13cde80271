"""Findings as JUnit XML, as build servers read it: a test suite per file, a failed test case per finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from ..diagnostics import Diagnostic
from .paint import Paint

_ALLOWED = {"\t", "\n", "\r"}


def as_junit(findings: Sequence[tuple[str, Diagnostic]], paint: Paint, unreadable: Sequence[str] = ()) -> Iterator[str]:
    """One document; where nothing is found, one test case that passes; an error for every file not read."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    count, lost = len(findings), len(unreadable)
    yield f'<testsuites name="nnflip" tests="{max(count + lost, 1)}" failures="{count}" errors="{lost}">\n'
    if not findings and not unreadable:
        yield '  <testsuite name="nnflip" tests="1" failures="0" errors="0">\n'
        yield '    <testcase name="nothing found" classname="nnflip" />\n  </testsuite>\n'
    for name, group in groupby(findings, key=lambda pair: pair[0]):
        found = [each for _, each in group]
        yield f'  <testsuite name={_attribute(name)} tests="{len(found)}" failures="{len(found)}" errors="0">\n'
        for each in found:
            yield from _case(name, each)
        yield "  </testsuite>\n"
    if unreadable:
        yield f'  <testsuite name="unreadable" tests="{lost}" failures="0" errors="{lost}">\n'
        yield from (_error(line) for line in unreadable)
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _case(name: str, found: Diagnostic) -> Iterator[str]:
    title = f"{found.code} {found.slug}"
    place = f'file={_attribute(name)} line="{found.line}"'
    yield f"    <testcase name={_attribute(title)} classname={_attribute(name)} {place}>\n"
    text = f"{name}:{found.line}:{found.column + 1} {found.message}\ncure: {found.cure}"
    yield f"      <failure message={_attribute(found.message)} type={_attribute(found.code)}>"
    yield f"{escape(_clean(text))}</failure>\n    </testcase>\n"


def _error(line: str) -> str:
    case = f'    <testcase name={_attribute(line)} classname="unreadable">\n'
    return f"{case}      <error message={_attribute(line)} />\n    </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        each
        if each in _ALLOWED or (each >= " " and not "\ud800" <= each <= "\udfff" and each not in "\ufffe\uffff")
        else "?"
        for each in text
    )
