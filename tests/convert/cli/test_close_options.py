"""`--respell` and `--expand`, on the command line and in the project's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from nnflip.convert.cli.app import app

PRODUCT = """import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.rand(4, 3))

    def forward(self, x):
        return x @ self.w
"""
LAYER = """import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(4, 3)

    def forward(self, x):
        return self.rnn(x)
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "product.py").write_text(PRODUCT)
    (tmp_path / "layer.py").write_text(LAYER)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.output


def test_without_them_the_sites_are_kept() -> None:
    assert run("convert", "product.py", "--to", "module")[0] == 1
    assert run("convert", "layer.py", "--to", "functional")[0] == 1


def test_on_the_command_line() -> None:
    code, text = run("convert", "product.py", "--to", "module", "--respell")
    assert code == 0
    assert "self.linear = nn.Linear(4, 3, bias=False)\n" in text
    code, text = run("convert", "layer.py", "--to", "functional", "--expand", "rnn")
    assert code == 0
    assert "def rnn(self, input):\n" in text


def test_an_unknown_layer_is_refused() -> None:
    code, text = run("convert", "layer.py", "--to", "functional", "--expand", "lstm")
    assert code == 2
    assert "rnn" in text


def test_in_the_configuration(here: Path) -> None:
    (here / "pyproject.toml").write_text('[tool.nnflip]\nrespell = true\nexpand = ["rnn"]\n')
    assert "self.linear = nn.Linear(4, 3, bias=False)\n" in run("convert", "product.py", "--to", "module")[1]
    assert "def rnn(self, input):\n" in run("convert", "layer.py", "--to", "functional")[1]


def test_an_unknown_layer_in_the_configuration_is_refused(here: Path) -> None:
    (here / "pyproject.toml").write_text('[tool.nnflip]\nexpand = ["lstm"]\n')
    code, text = run("convert", "layer.py", "--to", "functional")
    assert code == 2
    assert "'lstm' is none of rnn" in text
