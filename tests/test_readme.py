"""The README is true: its example, its commands, its paths and its Python are tried here."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from nnflip.convert.cli.app import app

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(kind: str) -> list[str]:
    return [text for language, text in BLOCK.findall(README.read_text(encoding="utf-8")) if language == kind]


def nnflip(*argv: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nnflip.convert", *argv],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def commands() -> list[list[str]]:
    """Every `nnflip …` that the README shows as typed, without placeholders."""
    text = README.read_text(encoding="utf-8")
    typed = re.findall(r"`(nnflip [a-z][^`]*)`", text)
    typed += [
        part.strip().removeprefix(".venv/bin/")
        for text in blocks("sh")
        for part in text.split("&&")
        if "nnflip " in part
    ]
    return [shlex.split(command)[1:] for command in typed if not re.search(r"\b[A-Z]{1,}\b", command)]


def test_the_example_is_what_happens(tmp_path: Path) -> None:
    before, after = blocks("python")[:2]
    summary, verdict = blocks("text")[:2]
    (tmp_path / "digits.py").write_text(before)
    converted = nnflip(
        "convert", "digits.py", "--to", "recommended", "-o", "digits_new.py", "--report", "digits.json", cwd=tmp_path
    )
    assert converted.returncode == 0
    assert (tmp_path / "digits_new.py").read_text() == after
    assert converted.stderr == summary
    verified = nnflip("verify", "digits.py", "digits_new.py", "--map", "digits.json", cwd=tmp_path)
    assert verified.stdout == verdict
    assert verified.returncode == 0


def test_the_first_command_works_on_its_sample(tmp_path: Path) -> None:
    convert, verify = (argv for argv in commands() if "samples/" in " ".join(argv))
    for argv in (convert, verify):
        placed = [str(tmp_path / word) if word.startswith("cnn") else word for word in argv]
        done = nnflip(*placed, cwd=ROOT)
        assert done.returncode == 0, done.stderr
    assert "verdict: proven" in done.stdout


def test_every_command_that_is_shown_exists() -> None:
    names = {each.callback.__name__ for each in app.registered_commands if each.callback}
    assert {argv[0] for argv in commands() if argv and not argv[0].startswith("-")} <= names
    shown = set(re.findall(r"`nnflip ([a-z]+)", README.read_text(encoding="utf-8")))
    assert names <= shown


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "net.py").write_text(blocks("python")[0])
    monkeypatch.chdir(tmp_path)
    exec(compile(blocks("python")[3], "README.md", "exec"), {})
