"""A baseline knows sites by file, code and source text, wherever their lines have moved to."""

from __future__ import annotations

import pytest

from nnflip.convert.check.baseline import BadBaseline, dump, known_of, load, split
from nnflip.convert.diagnostics import Diagnostic


def finding(what: str, line: int = 1, code: str = "NF301") -> Diagnostic:
    return Diagnostic(code, line, 0, "said", what)


OLD = [("net.py", finding("F.dropout(x)", 3)), ("net.py", finding("F.dropout(y)", 4)), ("b.py", finding("z", 1))]
KNOWN = load(dump(known_of(OLD)))


def test_what_is_known_is_not_new_wherever_it_moved() -> None:
    moved = [(name, finding(found.what, found.line + 100)) for name, found in reversed(OLD)]
    assert split(moved, KNOWN) == ([False, False, False], 0)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("other.py", finding("F.dropout(x)")),
        ("net.py", finding("F.dropout(x, 0.3)")),
        ("net.py", finding("F.dropout(x)", code="NF307")),
    ],
    ids=["another file", "another text", "another code"],
)
def test_what_is_different_is_new(name: str, found: Diagnostic) -> None:
    assert split([(name, found)], KNOWN) == ([True], 3)


def test_one_more_of_the_same_is_new() -> None:
    again = [*OLD, ("net.py", finding("F.dropout(x)", 9))]
    assert split(again, KNOWN) == ([False, False, False, True], 0)


def test_what_is_no_longer_found_is_counted() -> None:
    assert split(OLD[:1], KNOWN) == ([False], 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a baseline"),
        ("[]", "is not a baseline"),
        ('{"version": 2, "findings": []}', "of version 2; this nnflip reads version 1"),
        ('{"version": 1, "findings": [{"path": "a.py"}]}', "is not a baseline"),
        ('{"version": 1, "findings": [{"path": "a", "code": 1, "source": "", "count": 1}]}', "is not a baseline"),
    ],
)
def test_anything_else_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadBaseline, match=said):
        load(text)
