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
        ((), "say which style: --to module, --to functional, --to recommended; or what for: --for GOAL"),
        (("--for", "quantise"), "did you mean 'quantize'?"),
        (("--for", "hooks", "--to", "functional"), "--for hooks means --to module, not --to functional"),
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
