"""What the language server answers, without the protocol."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnflip.convert import Options, convert_source
from nnflip.convert.lsp.answers import Edit, conversions, edits_between, findings, lines_of, page_at

NET = """import torch.nn as nn
import torch.nn.functional as F


class A(nn.Module):
    def forward(self, x):
        é = F.dropout(x, 0.5)
        return F.relu(é)


class B(nn.Module):
    def forward(self, x):
        return F.relu(x)
"""


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    """The text after an editor has carried out the edits."""
    starts = [0]
    for line in lines_of(text):
        starts.append(starts[-1] + len(line))
    for edit in reversed(edits):
        start, stop = starts[edit.place.line] + edit.place.column, starts[edit.place.end_line] + edit.place.end_column
        text = text[:start] + edit.text + text[stop:]
    return text


@pytest.mark.parametrize("text", ["def (", "x" * 10 + "(" * 300, "", "\0"])
def test_noop_while_the_text_is_not_python(text: str) -> None:
    assert findings(text, Path("net.py")) == []
    assert page_at(text, 0, 0) is None
    assert list(conversions(text, Path("net.py"), 0, 0)) == []


def test_a_finding_covers_the_call() -> None:
    ((place, found),) = findings(NET, Path("net.py"))
    assert found.code == "NF301"
    assert NET.split("\n")[place.line][place.column : place.end_column] == "F.dropout(x, 0.5)"


def test_the_projects_settings_are_heard(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.nnflip]\nignore = ["NF301"]\n')
    assert findings(NET, tmp_path / "net.py") == []
    (tmp_path / "pyproject.toml").write_text("[tool.nnflip\n")
    assert len(findings(NET, tmp_path / "net.py")) == 1


@pytest.mark.parametrize(("column", "title"), [(15, "### nn.ReLU ↔ F.relu"), (17, "### nn.ReLU ↔ F.relu"), (0, None)])
def test_a_name_of_torch_has_its_page(column: int, title: str | None) -> None:
    found = page_at(NET, 7, column)
    assert (found[1].splitlines()[0].partition(" (")[0] if found else None) == title


def test_a_class_converts_alone() -> None:
    actions = {action.title: action for action in conversions(NET, Path("net.py"), 12, 12)}
    assert list(actions) == ["Convert B to modules", "Convert B to functions of its parameters"]
    after = applied(NET, actions["Convert B to modules"].edits)
    assert after == convert_source(NET, Options(to="module", only=frozenset({"B"}))).text
    assert "self.relu(x)" in after
    assert "F.relu(é)" in after


def test_what_is_kept_is_said() -> None:
    titles = [action.title for action in conversions(NET, Path("net.py"), 4, 4)]
    assert titles == ["Convert A to modules (1 kept)", "Convert A to functions of its parameters"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\r\nb", "a\r\nb\r\nc"),
        ("a", "b"),
        ("", "a\n"),
        ("a\n", ""),
        ("a\x0cb\n", "a\x0cc\n"),
    ],
)
def test_edits_touch_only_lines_that_differ(old: str, new: str) -> None:
    edits = tuple(edits_between(old, new))
    assert applied(old, edits) == new
    assert all(edit.place.end_line - edit.place.line <= 1 for edit in edits)
