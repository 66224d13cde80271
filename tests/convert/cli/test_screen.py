"""What is printed where the terminal has not every character."""

from __future__ import annotations

import io
import sys

import pytest

from nnflip.convert.cli.screen import put


class Terminal(io.TextIOWrapper):
    """A terminal of another encoding than ours."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_without_the_character_shows_another(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.BytesIO()
    terminal = Terminal(shown, encoding="ascii", newline="\n")
    monkeypatch.setattr(sys, "stdout", terminal)
    put(["2×3 │ ä\n"])
    terminal.flush()
    assert shown.getvalue() == b"2?3 ? ?\n"
