"""Functions of explicit weights that another file of the run imports: they stay, and the place is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnflip.convert import Conversion, Options, convert_files

NET = """import torch
import torch.nn.functional as F


def linear(x, params, base):
    return F.linear(x, params[base + ".weight"])


def init():
    return {"fc.weight": torch.randn(3, 2)}


def net(x, params):
    return linear(x, params, "fc")
"""


def converted(folder: Path, other: str) -> Conversion:
    (folder / "net.py").write_text(NET)
    (folder / "main.py").write_text(other)
    return convert_files([folder / "net.py", folder / "main.py"], Options("module"))[str(folder / "net.py")]


@pytest.mark.parametrize(
    "other",
    ["from net import net\n", "from net import init, net\n", "import net\n\nprint(net.init())\n"],
)
def test_a_function_that_another_file_calls_stays(tmp_path: Path, other: str) -> None:
    done = converted(tmp_path, other)
    assert not done.changed
    (found,) = done.all_kept
    assert "is also reached from line" in found.message


def test_a_helper_that_another_file_calls_stays(tmp_path: Path) -> None:
    done = converted(tmp_path, "from net import linear\n")
    assert "class Net(nn.Module)" in done.text
    assert "def linear(x, params, base)" in done.text


def test_what_nobody_else_needs_becomes_a_module(tmp_path: Path) -> None:
    done = converted(tmp_path, "import net\n")
    assert "class Net(nn.Module)" in done.text
    assert "def linear" not in done.text
