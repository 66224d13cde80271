"""`nnflip convert --names-from`: there and back is the same file, names included."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]
CNN = Path(__file__).parents[3] / "samples" / "articles" / "cnn" / "function.py"


@pytest.mark.parametrize(
    ("content", "said"), [(None, "No such file"), ("{}", "not a report"), ("no JSON", "not a report")]
)
def test_what_is_no_report_is_refused(nnflip_run: Runner, tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "report.json").write_text(content)
    done = nnflip_run("convert", CNN, "--to", "functional", "--names-from", "report.json")
    assert done.code == 2
    assert said in done.err


def test_converting_back_gives_the_file_it_came_from(nnflip_run: Runner, tmp_path: Path) -> None:
    exact = ("--init", "exact")
    nnflip_run("convert", CNN, "--to", "module", *exact, "-o", "there.py", "--report", "there.json")
    assert "bias1_weight" not in (tmp_path / "there.py").read_text()
    nnflip_run("convert", "there.py", "--to", "functional", *exact, "--names-from", "there.json", "-o", "back.py")
    assert (tmp_path / "back.py").read_bytes() == CNN.read_bytes()
