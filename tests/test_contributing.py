"""CONTRIBUTING is true: what it quotes stands in the files it names, and these exist."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
QUOTED = re.findall(r"`([\w/]+\.py)`\n\n +```python\n(.*?)\n +```", TEXT, re.DOTALL)


def unindented(text: str) -> str:
    """The lines without their indentation, which a quotation loses."""
    return "\n".join(line.strip() for line in dedent(text).splitlines())


@pytest.mark.parametrize(("name", "code"), QUOTED, ids=[name for name, _ in QUOTED])
def test_a_quotation_stands_in_its_file(name: str, code: str) -> None:
    assert unindented(code) in unindented((ROOT / name).read_text(encoding="utf-8"))


def test_every_quotation_names_its_file() -> None:
    assert len(QUOTED) == TEXT.count("```python")


def test_a_pair_is_a_row_a_function_a_class_and_a_sample() -> None:
    """Beside its unit tests, which mirror the runtime: one pair that has no line anywhere else."""
    named = re.compile(r"\b(LocalResponseNorm|local_response_norm)\b")
    files = [path for folder in ("convert", "runtime", "samples", "tests") for path in (ROOT / folder).rglob("*")]
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files if path.suffix in {".py", ".txt"}
    }
    naming = {path for path, text in texts.items() if named.search(text) and not path.startswith("tests/runtime/")}
    assert naming - {"tests/test_contributing.py"} == {
        "convert/ops/norm.py",
        "runtime/ops/row_norm.py",
        "runtime/nn/norm.py",
        "samples/norm/across/function.py",
        "samples/norm/across/module.py",
    }


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:convert|runtime|samples|tests)/[\w./-]*)`", TEXT))))
def test_every_path_exists(name: str) -> None:
    assert (ROOT / name).exists()
