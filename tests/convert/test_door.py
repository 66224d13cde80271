"""The library's door: what `from nnflip.convert import …` promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import nnflip.convert
from nnflip.convert import CannotRead, Options, check_source, convert_file, convert_source

SAMPLES = Path(__file__).parents[2] / "samples" / "articles" / "mlp"
OPTIONS = Options(to="module")


def test_a_file_converts_as_its_text(tmp_path: Path) -> None:
    text = (SAMPLES / "function.py").read_text()
    path = tmp_path / "net.py"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert convert_file(path, OPTIONS) == convert_source(text, OPTIONS)
    assert convert_file(str(path), OPTIONS).changed
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("raw", [b"import torch\n)\n", b"import torch\n\xff\n"], ids=["not Python", "not text"])
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "net.py"
    path.write_bytes(raw)
    with pytest.raises(CannotRead):
        convert_file(path, OPTIONS)
    with pytest.raises(FileNotFoundError):
        convert_file(tmp_path / "missing.py", OPTIONS)


def test_kept_sites_can_be_silenced_by_a_comment() -> None:
    text = (
        "import torch.nn as nn\nimport torch.nn.functional as F\n\n\nclass Net(nn.Module):\n"
        "    def forward(self, x):\n        return F.dropout(x, 0.2){}\n"
    )
    assert {found.code[:3] for found in check_source(text.format(""), to="module")} == {"NF2", "NF3"}
    assert check_source(text.format("  # nnflip: ignore"), to="module") == ()


def test_verification_is_loaded_when_it_is_asked_for() -> None:
    script = (
        "import sys, nnflip.convert as door; before = 'nnflip.convert.verify' in sys.modules; "
        "print(before, door.verify_files.__name__, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split()[:2] == ["False", "verify_files"]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="verify_file'"):
        nnflip.convert.verify_file  # noqa: B018
