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


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:convert|runtime|samples|tests)/[\w./-]*)`", TEXT))))
def test_every_path_exists(name: str) -> None:
    assert (ROOT / name).exists()
