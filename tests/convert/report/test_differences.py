"""The unified diff: what it prints, `patch` applies."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnflip.convert.report.differences import unified
from nnflip.convert.report.paint import Paint, clean

CASES = {
    "plain": ("a\nb\n", "a\nc\n"),
    "no line end at the end, before": ("a\nb", "a\nb\n"),
    "no line end at the end, after": ("a\nb\n", "a\nb"),
    "neither has one": ("a\nb", "a\nc"),
    "CRLF": ("a\r\nb\r\n", "a\r\nc\r\n"),
    "from nothing": ("", "a\n"),
    "form feed": ("a\x0cb\n", "a\x0cc\n"),
    "line separator": ("a\u2028b\n", "a\u2028c\n"),
}


@pytest.mark.skipif(shutil.which("git") is None, reason="git applies the patches here")
@pytest.mark.parametrize(("old", "new"), CASES.values(), ids=CASES)
def test_git_applies_the_patch(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "net.py").write_bytes(old.encode())
    patch = "".join(unified(old, new, "net.py")).encode()
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=tmp_path, input=patch, check=True)
    assert (tmp_path / "net.py").read_bytes() == new.encode()


@given(st.text(alphabet="ab\n\r", max_size=12))
def test_equal_texts_have_no_diff(text: str) -> None:
    assert list(unified(text, text, "x.py")) == []


def test_colours_only_where_wanted() -> None:
    plain = "".join(unified("a\n", "b\n", "x.py"))
    assert "\x1b" not in plain
    assert "\x1b[31m-a\x1b[0m\n" in "".join(unified("a\n", "b\n", "x.py", Paint(True)))


def test_control_characters_are_shown() -> None:
    assert clean("a\x1b[2J\r\n\tb é") == "a\\x1b[2J\\r\\n\\tb é"
