"""`nnflip undo` and the journal behind it; and that work which is not committed is not written over."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnflip.convert.files import journal
from nnflip.convert.files.journal import Change, journal_root, remember, runs

pytestmark = pytest.mark.usefixtures("engine")
Runner = Callable[..., Any]

OLD = b"import torch\r\nold = 1  # caf\xc3\xa9"
NEW = OLD.replace(b"old", b"new")


@pytest.fixture(autouse=True)
def own_journal(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    state = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    return state


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    for name in ("a.py", "pkg/b.py", "pkg/c.py"):
        (tmp_path / name).write_bytes(OLD)
    return tmp_path


def contents(tree: Path) -> dict[str, bytes]:
    return {str(path.relative_to(tree)): path.read_bytes() for path in sorted(tree.rglob("*.py"))}


def written(nnflip_run: Runner, *paths: str) -> None:
    assert nnflip_run("convert", *(paths or (".",)), "--to", "module", "--write").code == 0


def test_noop_where_nothing_was_written(nnflip_run: Runner, tree: Path) -> None:
    done = nnflip_run("undo")
    assert (done.code, done.err) == (1, "nothing to undo here: no convert --write is remembered for it\n")


def test_noop_where_the_last_run_wrote_elsewhere(nnflip_run: Runner, tree: Path) -> None:
    written(nnflip_run, "pkg")
    assert nnflip_run("undo", "a.py").code == 1
    assert contents(tree)["pkg/b.py"] == NEW


def test_every_byte_comes_back(nnflip_run: Runner, tree: Path) -> None:
    before = contents(tree)
    os.chmod(tree / "a.py", 0o754)
    written(nnflip_run)
    assert set(contents(tree).values()) == {NEW}
    done = nnflip_run("undo")
    assert (done.code, done.err) == (0, "3 files restored\n")
    assert contents(tree) == before
    assert os.stat(tree / "a.py").st_mode & 0o777 == 0o754
    assert nnflip_run("undo").code == 1


def test_output_over_the_file_itself_is_remembered_too(nnflip_run: Runner, tree: Path) -> None:
    assert nnflip_run("convert", "a.py", "--to", "module", "-o", "a.py").code == 0
    assert nnflip_run("undo", "a.py").code == 0
    assert contents(tree)["a.py"] == OLD


def test_a_path_restores_what_lies_there_and_leaves_the_rest(nnflip_run: Runner, tree: Path) -> None:
    written(nnflip_run)
    assert nnflip_run("undo", "pkg/b.py").code == 0
    assert contents(tree) == {"a.py": NEW, "pkg/b.py": OLD, "pkg/c.py": NEW}
    assert nnflip_run("undo").code == 0
    assert set(contents(tree).values()) == {OLD}


def test_runs_are_undone_from_the_last_to_the_first(nnflip_run: Runner, tree: Path) -> None:
    written(nnflip_run, "a.py")
    (tree / "a.py").write_bytes(NEW + b"\nold = 2\n")
    written(nnflip_run, "a.py")
    assert nnflip_run("undo", "--list").err.count("a.py") == 2
    assert nnflip_run("undo").code == 0
    assert contents(tree)["a.py"] == NEW + b"\nold = 2\n"
    refused = nnflip_run("undo")
    assert (refused.code, refused.err) == (
        2,
        "error: a.py: has changed since nnflip wrote it; nothing was restored\n",
    )


def test_a_file_that_changed_since_keeps_all_as_it_is(nnflip_run: Runner, tree: Path) -> None:
    written(nnflip_run)
    (tree / "pkg/b.py").write_bytes(NEW + b"# mine\n")
    before = contents(tree)
    done = nnflip_run("undo")
    assert (done.code, done.err) == (2, "error: pkg/b.py: has changed since nnflip wrote it; nothing was restored\n")
    assert contents(tree) == before
    assert nnflip_run("undo", "a.py").code == 0


def test_a_file_that_is_gone_is_said(nnflip_run: Runner, tree: Path) -> None:
    written(nnflip_run, "a.py")
    (tree / "a.py").unlink()
    done = nnflip_run("undo")
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_a_damaged_journal_restores_nothing(nnflip_run: Runner, tree: Path) -> None:
    written(nnflip_run, "a.py")
    (run,) = runs()
    run.files[0].old.write_bytes(b"other")
    done = nnflip_run("undo")
    assert (done.code, "the journal is damaged" in done.err) == (2, True)
    assert contents(tree)["a.py"] == NEW
    (run.folder / "journal.json").write_bytes(b"{")
    assert nnflip_run("undo").code == 1


def test_a_run_that_was_killed_half_way_can_be_undone(nnflip_run: Runner, tree: Path) -> None:
    remember([Change(tree / "a.py", OLD, NEW), Change(tree / "pkg/b.py", OLD, NEW)])
    (tree / "a.py").write_bytes(NEW)
    done = nnflip_run("undo")
    assert (done.code, done.err) == (0, "1 file restored\n")
    assert set(contents(tree).values()) == {OLD}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_cannot_be_written_is_said(nnflip_run: Runner, tree: Path, own_journal: Path) -> None:
    own_journal.chmod(0o500)
    done = nnflip_run("convert", "a.py", "--to", "module", "--write")
    assert "nnflip undo will not know of this run" in done.err


def test_no_journal_is_better_than_no_result(nnflip_run: Runner, tree: Path, own_journal: Path) -> None:
    (own_journal / "nnflip").write_bytes(b"a file where the folder should be")
    done = nnflip_run("convert", "a.py", "--to", "module", "--write")
    assert done.code == 0
    assert "nnflip undo will not know of this run" in done.err
    assert contents(tree)["a.py"] == NEW


def test_old_runs_are_forgotten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(journal, "MAX_RUNS", 3)
    for number in range(5):
        remember([Change(tmp_path / f"{number}.py", OLD, NEW)])
    assert [run.files[0].path.name for run in runs()] == ["4.py", "3.py", "2.py"]
    monkeypatch.setattr(journal, "MAX_DAYS", -1)
    remember([Change(tmp_path / "last.py", OLD, NEW)])
    assert runs() == []


def test_the_journal_is_plain_and_private(nnflip_run: Runner, tree: Path) -> None:
    written(nnflip_run, "a.py")
    (run,) = runs()
    assert json.loads((run.folder / "journal.json").read_text())["files"][0]["path"] == str(tree / "a.py")
    assert (run.folder / "0").read_bytes() == OLD
    assert os.stat(journal_root()).st_mode & 0o77 == 0


def git(tree: Path, *argv: str) -> None:
    who = ["-c", "user.name=n", "-c", "user.email=e@x", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, "-C", str(tree), *argv], check=True, capture_output=True)


@pytest.fixture
def repository(tree: Path) -> Path:
    git(tree, "init", "-q")
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "first")
    return tree


def test_committed_files_are_written(nnflip_run: Runner, repository: Path) -> None:
    (repository / "note.txt").write_text("untracked, but no target")
    written(nnflip_run)
    assert set(contents(repository).values()) == {NEW}


@pytest.mark.parametrize("how", ["modified", "staged", "untracked"])
def test_work_that_git_does_not_have_is_not_written_over(nnflip_run: Runner, repository: Path, how: str) -> None:
    name = "new file é.py" if how == "untracked" else "pkg/b.py"
    (repository / name).write_bytes(OLD + b"# mine\n")
    if how == "staged":
        git(repository, "add", ".")
    before = contents(repository)
    done = nnflip_run("convert", ".", "--to", "module", "--write")
    line = f"nothing was written: git has uncommitted changes of {name}; commit first, or say --allow-dirty"
    assert (done.code, line in done.err) == (2, True)
    assert contents(repository) == before
    assert nnflip_run("convert", ".", "--to", "module", "--write", "--allow-dirty").code == 0
    assert contents(repository) != before


def test_git_runs_nothing_that_the_repository_names(nnflip_run: Runner, repository: Path) -> None:
    git(repository, "config", "core.fsmonitor", f"touch {repository / 'ran'}")
    written(nnflip_run)
    assert not (repository / "ran").exists()
