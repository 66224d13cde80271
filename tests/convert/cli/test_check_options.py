"""`nnflip check`: configuration, comments, baseline, statistics, standard input, watching."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnflip.convert.cli import watch

pytestmark = pytest.mark.usefixtures("engine")
Runner = Callable[..., Any]


@pytest.fixture(autouse=True)
def hazard(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_text("import torch\nx = 1\ny = HAZARD\n")
    return path


def configure(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.nnflip]\n{text}\n")


@pytest.mark.parametrize(
    ("said", "argv", "code"),
    [
        ("select = ['NF3']", (), 0),
        ("ignore = ['training-not-self']", (), 0),
        ("ignore = ['NF2']", ("--ignore", "NF3"), 1),
        ("select = ['NF3']", ("--select", "NF2"), 1),
        ("per-file-ignores = { 'net.py' = ['NF202'] }", (), 0),
        ("per-file-ignores = { 'net.py' = ['NF202'] }", ("--select", "NF202"), 0),
        ("per-file-ignores = { 'tests/*' = ['NF202'] }", (), 1),
    ],
)
def test_configuration_chooses(nnflip_run: Runner, tmp_path: Path, said: str, argv: tuple[str, ...], code: int) -> None:
    configure(tmp_path, said)
    assert nnflip_run("check", "net.py", *argv).code == code


@pytest.mark.parametrize(("said", "code"), [("exclude = ['net.py']", 0), ("include = ['*.ipynb']", 1), ("", 1)])
def test_a_named_file_is_excluded_on_demand(nnflip_run: Runner, tmp_path: Path, said: str, code: int) -> None:
    configure(tmp_path, said)
    assert nnflip_run("check", "net.py").code == 1
    assert nnflip_run("check", "--force-exclude", "net.py").code == code


def test_each_file_has_the_configuration_above_it(nnflip_run: Runner, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "net.py").write_text("import torch\nHAZARD\n")
    configure(inner, "ignore = ['NF202']")
    done = nnflip_run("check", ".")
    assert [line.split(":")[0] for line in done.out.decode().splitlines()[::2]] == ["net.py"]


def test_a_bad_configuration_is_told_and_exits_2(nnflip_run: Runner, tmp_path: Path) -> None:
    configure(tmp_path, "selct = []")
    done = nnflip_run("check", "net.py")
    assert done.code == 2
    assert "has no key 'selct'; did you mean 'select'?" in done.err
    assert b"NF202" in done.out


def test_what_the_baseline_knows_is_not_told(nnflip_run: Runner, tmp_path: Path, hazard: Path) -> None:
    done = nnflip_run("check", ".", "--write-baseline", "known.json")
    assert (done.code, done.out, done.err) == (0, b"", "known.json: 1 known from now on\n")
    hazard.write_text("import torch\n\n\n\nmoved = 1\ny = HAZARD\nz = HAZARD\n")
    done = nnflip_run("check", ".", "--baseline", "known.json")
    assert done.code == 1
    assert done.out.startswith(b"net.py:7:5 NF202")
    assert done.err == "1 file checked, 1 found; 1 known from known.json\n"
    hazard.write_text("import torch\n")
    done = nnflip_run("check", ".", "--baseline", "known.json")
    assert done.code == 0
    assert done.err.endswith("1 of its entries no longer found\n")


def test_a_baseline_is_the_same_from_anywhere(
    nnflip_run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nnflip_run("check", "net.py", "--write-baseline", "known.json")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert nnflip_run("check", "..", "--baseline", "../known.json").code == 0


@pytest.mark.parametrize("name", ["missing.json", "net.py"])
def test_a_baseline_that_is_none_exits_2(nnflip_run: Runner, name: str) -> None:
    done = nnflip_run("check", "net.py", "--baseline", name)
    assert (done.code, done.out) == (2, b"")
    assert done.err.startswith(f"error: {name}: ")


def test_statistics_stand_alone(nnflip_run: Runner) -> None:
    done = nnflip_run("check", "net.py", "--statistics")
    assert (done.code, done.out) == (1, b"1  NF202 training-not-self\n")


def test_standard_input_is_called_what_it_is_said_to_be(nnflip_run: Runner, tmp_path: Path) -> None:
    done = nnflip_run("check", "-", "--stdin-filename", "sub/x.py", stdin=b"import torch\nHAZARD\n")
    assert done.out.startswith(b"sub/x.py:2:5 NF202")
    configure(tmp_path, "per-file-ignores = { 'sub/*' = ['NF202'] }")
    assert nnflip_run("check", "-", "--stdin-filename", "sub/x.py", stdin=b"import torch\nHAZARD\n").code == 0


def test_quiet_says_nothing_but_what_was_found(nnflip_run: Runner) -> None:
    done = nnflip_run("check", "net.py", "-q")
    assert (done.code, done.err) == (1, "")
    assert b"NF202" in done.out


def test_verbose_speaks_of_every_file(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "fine.py").write_text("import torch\n")
    assert nnflip_run("check", ".", "-v").err == ("fine.py: nothing found\nnet.py: 1 found\n2 files checked, 1 found\n")


def test_junit_is_printed(nnflip_run: Runner) -> None:
    assert nnflip_run("check", "net.py", "--format", "junit").out.startswith(b"<?xml")


@pytest.mark.parametrize(
    "argv",
    [
        ("net.py", "--stdin-filename", "x.py"),
        ("-", "net.py"),
        ("-", "--watch"),
        ("net.py", "-q", "-v"),
        ("net.py", "--statistics", "--format", "sarif"),
        ("net.py", "--baseline", "a", "--write-baseline", "b"),
    ],
)
def test_what_cannot_be_meant_is_refused(nnflip_run: Runner, argv: tuple[str, ...]) -> None:
    assert nnflip_run("check", *argv).code == 2


def test_watching_runs_again_when_a_file_changes(
    nnflip_run: Runner, tmp_path: Path, hazard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = iter([lambda: None, lambda: hazard.write_text("import torch\n"), (tmp_path / "new.py").touch])
    monkeypatch.setattr(watch.time, "sleep", lambda seconds: next(edits)())
    done = nnflip_run("check", ".", "--watch", "--watch-rounds", "3")
    assert done.code == 0
    assert done.out.count(b"NF202 training") == 1
    assert [line for line in done.err.splitlines() if line.startswith("changed")] == [
        "changed: net.py",
        "changed: new.py",
    ]
