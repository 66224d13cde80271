"""`nnflip check`: formats, selection, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("engine")
Runner = Callable[..., Any]


@pytest.fixture(autouse=True)
def hazard(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_text("import torch\nx = 1\ny = HAZARD\n")
    return path


def test_text_names_the_place_and_the_cure(nnflip_run: Runner) -> None:
    done = nnflip_run("check", "net.py")
    assert done.code == 1
    first, second = done.out.decode().splitlines()
    assert first == "net.py:3:5 NF202 training-not-self: found, for a test: 100%"
    assert second.startswith("  cure: Pass training=self.training")
    assert done.err == "1 file checked, 1 found\n"


def test_a_style_asks_for_what_convert_would_keep(nnflip_run: Runner) -> None:
    assert b"for a test: module" in nnflip_run("check", "net.py", "--to", "module").out


def test_nothing_found_exits_0(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "fine.py").write_text("import torch\n")
    done = nnflip_run("check", "fine.py")
    assert (done.code, done.out, done.err) == (0, b"", "1 file checked, nothing found\n")


def test_json_is_one_document(nnflip_run: Runner) -> None:
    done = nnflip_run("check", ".", "--format", "json")
    (found,) = json.loads(done.out)["findings"]
    assert (found["path"], found["line"], found["column"], found["code"]) == ("net.py", 3, 5, "NF202")
    assert found["what"] == "y = HAZARD"


def test_sarif_names_rule_and_region(nnflip_run: Runner) -> None:
    document = json.loads(nnflip_run("check", "net.py", "--format", "sarif").out)
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "NF202"
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "net.py"}, "region": {"startLine": 3, "startColumn": 5}}


def test_github_commands_are_escaped(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a,b.py").write_text("import torch\n    # HAZARD\n")
    done = nnflip_run("check", "a,b.py", "--format", "github")
    assert done.out.startswith(
        b"::warning file=a%2Cb.py,line=2,col=5,title=NF202 training-not-self::found, for a test: 100%25"
    )


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("--select", "NF2"), 1),
        (("--select", "nf202,NF1"), 1),
        (("--select", "training-not-self"), 1),
        (("--select", "NF1"), 0),
        (("--ignore", "NF202"), 0),
        (("--ignore", "training-not-self"), 0),
        (("--select", "NF2", "--ignore", "NF202"), 0),
    ],
)
def test_select_and_ignore(nnflip_run: Runner, argv: tuple[str, ...], code: int) -> None:
    assert nnflip_run("check", "net.py", *argv).code == code


def test_a_mistyped_code_is_told(nnflip_run: Runner) -> None:
    done = nnflip_run("check", "net.py", "--ignore", "training-not-slef")
    assert done.code == 2
    assert "did you mean 'training-not-self'?" in " ".join(done.err.replace("│", " ").split())


def test_a_bad_file_does_not_hide_what_was_found(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_bytes(b"import torch\n\xff\n")
    done = nnflip_run("check", ".")
    assert done.code == 2
    assert b"NF202" in done.out
    assert "bad.py:2:1 NF103" in done.err
