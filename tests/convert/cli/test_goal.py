"""`convert --for GOAL` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]

NET = """import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 1)
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(self.conv(self.act(x)))
"""


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((), "say which style: --to module, --to functional, --to recommended, --to pure; or what for: --for GOAL"),
        (("--for", "quantise"), "did you mean 'quantize'?"),
        (("--for", "hooks", "--to", "functional"), "--for hooks means --to module, not --to functional"),
        (("--for", "func", "--to", "module"), "--for func means --to pure, not --to module"),
    ],
)
def test_what_cannot_be_meant_is_told(nnflip_run: Runner, tmp_path: Path, argv: tuple[str, ...], said: str) -> None:
    (tmp_path / "net.py").write_text(NET)
    done = nnflip_run("convert", "net.py", *argv)
    assert done.code == 2
    assert said in " ".join(done.err.replace("│", " ").split())


def test_a_goal_stands_in_for_a_style_and_the_result_is_proven(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(NET)
    done = nnflip_run("convert", "net.py", "--for", "hooks", "--verify")
    assert done.code == 0
    assert "        return self.act_1(self.conv(self.act(x)))\n" in done.out.decode()
    assert "proven" in done.err


RESIDUAL = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.bn = nn.BatchNorm2d(3)

    def forward(self, x):
        out = F.relu(self.bn(self.conv(x)))
        out = out + x
        return torch.cat([out, x], dim=1)
"""


def test_sums_to_quantise_are_proven(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(RESIDUAL)
    done = nnflip_run("convert", "net.py", "--for", "quantize", "--verify")
    assert done.code == 0
    assert "FloatFunctional" in done.out.decode()
    assert "verdict             proven" in done.err


def test_functions_for_torch_func_are_verified_with_the_report_and_read_back(
    nnflip_run: Runner, tmp_path: Path
) -> None:
    (tmp_path / "net.py").write_text(NET)
    there = nnflip_run("convert", "net.py", "--for", "func", "-o", "pure.py", "--report", "r.json", "--verify")
    assert there.code == 0
    assert "def forward(params, buffers, x, *, training):" in (tmp_path / "pure.py").read_text()
    verified = nnflip_run("verify", "net.py", "pure.py", "--map", "r.json")
    assert (verified.code, b"verdict: proven" in verified.out) == (0, True)
    back = nnflip_run(
        "convert", "pure.py", "--to", "module", "--init", "exact", "--names-from", "r.json", "-o", "again.py"
    )
    assert back.code == 0
    assert nnflip_run("verify", "net.py", "again.py").code == 0
