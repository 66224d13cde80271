"""The mistakes that a new user makes first: each is answered by one line that helps, and never by a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]

NET = """import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.fc = nn.Linear(3, width)

    def forward(self, x):
        return self.fc(x)
"""
LACKING = NET.replace("import torch.nn as nn", "import absent_package\nimport torch.nn as nn").replace(
    "return self.fc(x)", "return absent_package.turn(self.fc(x))"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two versions of a model, and what else may lie around."""
    (tmp_path / "a.py").write_text(NET)
    (tmp_path / "b.py").write_text(NET)
    (tmp_path / "lacking.py").write_text(LACKING)
    (tmp_path / "notes.txt").write_text("not a program at all\n")
    (tmp_path / "raw.py").write_bytes(b"\xff\xfe\x00binary")
    (tmp_path / "other.json").write_text('{"a": 1}')
    told = {"name": "Unet", "state_map": {"fc.weight": "fc_weight"}, "converted": []}
    (tmp_path / "own.json").write_text(json.dumps({"version": 1, "files": [{"path": "unet.py", "models": [told]}]}))
    (tmp_path / "folder").mkdir()
    return tmp_path


USAGE = {
    "a mistyped command": (("convret", "a.py"), "Did you mean 'convert'?"),
    "no style": (("convert", "a.py"), "say which style: --to module"),
    "a mistyped style": (("convert", "a.py", "--to", "modul"), "did you mean 'module'?"),
    "a mistyped option": (("convert", "a.py", "--to", "module", "--strickt"), "--strict"),
    "a mistyped mode": (("convert", "a.py", "--to", "module", "--init", "exakt"), "did you mean 'exact'?"),
    "no path": (("convert", "--to", "module"), "Missing argument 'PATH'"),
    "a path that is not there": (("convert", "c.py", "--to", "module"), "c.py: no such file"),
    "several files and no destination": (("convert", "a.py", "b.py", "--to", "module"), "--out-dir DIR"),
    "a directory and no destination": (("convert", ".", "--to", "module"), "--out-dir DIR"),
    "a directory to write to": (("convert", "a.py", "--to", "module", "-o", "folder"), "use --out-dir"),
    "a folder that is not there": (("convert", "a.py", "--to", "module", "-o", "no/c.py"), "does not exist"),
    "a report over a program": (("convert", "a.py", "--to", "module", "--report", "b.py"), "would replace a Python"),
    "expanding to module style": (("convert", "a.py", "--to", "module", "--expand", "rnn"), "--to functional"),
    "old checkpoints for functions": (("convert", "a.py", "--for", "func", "--compat"), "--to pure writes functions"),
    "text that is no program": (("convert", "notes.txt", "--to", "module"), "notes.txt:1:"),
    "bytes that are no text": (("convert", "raw.py", "--to", "module"), "raw.py:1:1 NF103"),
    "names from no report": (("convert", "a.py", "--to", "module", "--names-from", "other.json"), "not a report"),
    "one file to verify": (("verify", "a.py"), "give a second file, or --to STYLE"),
    "a second file that is not there": (("verify", "a.py", "c.py"), "c.py: no such file"),
    "a map that is none": (("verify", "a.py", "b.py", "--map", "other.json"), "other.json: not a report"),
    "the map of another file": (("verify", "a.py", "b.py", "--map", "own.json"), "another file: it tells of Unet"),
    "the map of another file to diff": (("diff", "a.py", "b.py", "--map", "own.json"), "it tells of Unet"),
    "an input without a name": (("verify", "a.py", "b.py", "--input", "float32[2,3]"), "x=float32[2,3,32,32]"),
    "an input half written": (("verify", "a.py", "b.py", "--input", "x=float32[2,3"), "float32[2,3,32,32]"),
    "a dtype that is none": (("verify", "a.py", "b.py", "--input", "x=float33[2,3]"), "'float33' is no dtype"),
    "an argument without a value": (("verify", "a.py", "b.py", "--init-args", "width"), "write it as name=value"),
    "one model for both": (("verify", "a.py", "b.py", "--model", "Net"), "write it as A=B"),
    "a mistyped backend": (("verify", "a.py", "b.py", "--backend", "torhc"), "did you mean 'torch'?"),
    "two paths and a style": (("diff", "a.py", "b.py", "--to", "module"), "--to goes with one path"),
    "a page in no folder": (("diff", "a.py", "b.py", "--html", "no/c.html"), "no/c.html: No such file"),
    "a page over a directory": (("diff", "a.py", "b.py", "--html", "folder"), "folder: is a directory"),
    "a mistyped slug": (("check", "a.py", "--select", "dropuot-always-on"), "did you mean 'dropout-always-on'?"),
    "a mistyped format": (("check", "a.py", "--format", "jsn"), "did you mean 'json'?"),
    "a baseline that is none": (("check", "a.py", "--baseline", "other.json"), "is not a baseline"),
    "an unknown operation": (("explain", "conv2x"), "did you mean 'conv2d'?"),
    "another unknown operation": (("ops", "conv2x"), "did you mean 'conv2d'?"),
    "a program for a checkpoint": (("state", "a.py", "--map", "other.json", "-o", "c.pt"), "a.py: is none of .safe"),
    "a configuration of nothing": (("config", "folder/none"), "no such file or directory"),
}


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("argv", "said"), USAGE.values(), ids=USAGE)
def test_one_line_helps(nnflip_run: Runner, argv: tuple[str, ...], said: str) -> None:
    done = nnflip_run(*argv)
    assert done.code == 2
    lines = [line for line in done.err.splitlines() if line.startswith(("error: ", "│"))]
    assert len(lines) == 1
    assert said in lines[0]
    assert "Traceback" not in done.err
    assert "internal error" not in done.err


UNDECIDED = {
    "a dependency that is not installed": (("lacking.py", "lacking.py"), "No module named 'absent_package'"),
    "a model that is not there": (("a.py", "b.py", "--model", "Net=Nett"), "B has no model Nett; it has Net"),
    "an input of another name": (("a.py", "b.py", "--input", "y=float32[2,3]"), "argument 'x'; given were y"),
    "an argument that is none": (("a.py", "b.py", "--init-args", "widht=4"), "'widht'"),
    "an input that does not fit": (("a.py", "b.py", "--input", "x=float32[2,5]"), "forward stops at line 10"),
}


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("argv", "said"), UNDECIDED.values(), ids=UNDECIDED)
def test_what_cannot_run_is_inconclusive_and_says_why(nnflip_run: Runner, argv: tuple[str, ...], said: str) -> None:
    done = nnflip_run("verify", *argv)
    assert done.code == 3
    assert said in done.out.decode()
    assert "Traceback" not in done.out.decode() + done.err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("check", "[tool.nnflip] of pyproject.toml"),
        ("verify", "every [[pair]] of"),
        ("verify", "x=float32[2,3,32,32]"),
        ("lsp", "pip install 'nnflip[lsp]'"),
    ],
)
def test_help_keeps_its_brackets(nnflip_run: Runner, command: str, said: str) -> None:
    assert said in " ".join(nnflip_run(command, "--help").out.decode().split())


@pytest.mark.parametrize("name", ["json", "sarif", "github", "junit"])
def test_every_format_tells_of_what_could_not_be_read(nnflip_run: Runner, home: Path, name: str) -> None:
    done = nnflip_run("check", "a.py", "raw.py", "none.py", "--format", name)
    assert done.code == 2
    told = done.out.decode()
    assert ("raw.py:1:1 NF103" in told, "none.py: no such file" in told) == (True, True)
    if name == "json":
        assert len(json.loads(told)["unreadable"]) == 2
