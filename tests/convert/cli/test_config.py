"""`nnflip config`, and what convert shares with check: standard input by name, quiet, verbose, watching."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnflip.convert.cli import watch

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

pytestmark = pytest.mark.usefixtures("engine")
Runner = Callable[..., Any]

SAID = """\
[tool.nnflip]
exclude = ["legacy/"]
per-file-ignores = { "tests/*" = ["NF301"] }
models.CNN = { inputs = { x = "float32[2,3]" }, init_args = { "odd name" = true, rate = 0.5 } }
"""


def test_without_a_file_every_value_is_the_default(nnflip_run: Runner) -> None:
    done = nnflip_run("config")
    assert done.code == 0
    lines = done.out.decode().splitlines()
    assert lines[1] == "# from no pyproject.toml: every value is the default"
    assert all(line.endswith("# default") for line in lines[3:])


def test_every_value_says_where_it_comes_from(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SAID)
    (tmp_path / "tests").mkdir()
    done = nnflip_run("config", "tests")
    origins = {line.split(" ")[0]: line.rpartition("# ")[2] for line in done.out.decode().splitlines()[3:]}
    assert done.out.decode().splitlines()[:3] == [
        "# for tests",
        f"# from {tmp_path / 'pyproject.toml'}",
        "[tool.nnflip]",
    ]
    assert origins == {
        "include": "default",
        "exclude": "pyproject.toml",
        "select": "default",
        "ignore": "default",
        "per-file-ignores": "pyproject.toml",
        "respell": "default",
        "expand": "default",
        "models": "pyproject.toml",
    }


def test_what_is_printed_is_toml_that_says_the_same(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SAID)
    printed = tomllib.loads(nnflip_run("config").out.decode())["tool"]["nnflip"]
    left_out = {"include": [], "select": [], "ignore": [], "respell": False, "expand": []}
    assert printed | left_out == tomllib.loads(SAID)["tool"]["nnflip"] | left_out


def test_a_file_is_told_what_is_ignored_in_it(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SAID)
    for name in ("tests", "legacy"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "net.py").touch()
    assert nnflip_run("config", "tests/net.py").out.decode().endswith("# ignored in this file: NF301\n")
    assert b"would be passed over" in nnflip_run("config", "legacy/net.py").out


def test_a_mistake_is_one_line_and_exits_2(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.nnflip]\nexcludes = []\n")
    done = nnflip_run("config")
    assert (done.code, done.out) == (2, b"")
    assert done.err.count("\n") == 1
    assert "did you mean 'exclude'?" in done.err
    assert nnflip_run("config", "nowhere").code == 2


def test_converting_standard_input_names_the_file(nnflip_run: Runner) -> None:
    argv = ("convert", "-", "--to", "module", "--stdin-filename", "sub/net.py")
    done = nnflip_run(*argv, stdin=b"import torch\nold = 1\n")
    assert (done.code, done.out) == (0, b"import torch\nnew = 1\n")
    assert "sub/net.py" in done.err
    assert "sub/net.py:2:" in nnflip_run(*argv, stdin=b"import torch\n)\n").err


def test_quiet_conversion_says_errors_only(nnflip_run: Runner, net: Path, tmp_path: Path) -> None:
    done = nnflip_run("convert", "net.py", "--to", "module", "-q")
    assert (done.code, done.err) == (0, "")
    assert done.out
    (tmp_path / "bad.py").write_text("import torch\n)\n")
    assert nnflip_run("convert", "bad.py", "--to", "module", "-q").err.startswith("error: bad.py:2")


def test_verbose_conversion_tells_the_details_of_every_file(nnflip_run: Runner, net: Path, tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text("import torch\nold = 2\n")
    brief = nnflip_run("convert", ".", "--to", "module", "--diff").err
    full = nnflip_run("convert", ".", "--to", "module", "--diff", "-v").err
    assert "fc.weight" not in brief
    assert full.count("fc.weight") == 2


def test_watching_a_conversion_does_not_see_its_own_writing(
    nnflip_run: Runner, net: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = iter([lambda: None, lambda: net.write_bytes(b"import torch\nold = 22\n")])
    monkeypatch.setattr(watch.time, "sleep", lambda seconds: next(edits)())
    done = nnflip_run("convert", "net.py", "--to", "module", "--write", "--watch", "--watch-rounds", "2")
    assert done.code == 0
    assert net.read_bytes() == b"import torch\nnew = 22\n"
    assert done.err.count("changed: net.py") == 1
