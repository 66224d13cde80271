"""The samples of explicit weights: `explicit.py` becomes `module.py`, and real torch cannot tell the difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nnflip.convert import Options, convert_source
from nnflip.convert.verify import Request, verify_texts

SAMPLES = Path(__file__).parents[3] / "samples" / "explicit"
CASES = sorted(path.parent for path in SAMPLES.rglob("explicit.py"))
CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@CASE
def test_functions_become_a_module(case: Path) -> None:
    assert (
        convert_source((case / "explicit.py").read_text(), Options("module")).text == (case / "module.py").read_text()
    )


@CASE
@pytest.mark.parametrize("to", ["module", "recommended"])
def test_converting_twice_changes_nothing(case: Path, to: Any) -> None:
    once = convert_source((case / "explicit.py").read_text(), Options(to))
    assert convert_source(once.text, Options(to)).text == once.text


@CASE
def test_the_conversion_is_proven(case: Path) -> None:
    text = (case / "explicit.py").read_text()
    done = convert_source(text, Options("module"))
    maps = {model.name: model.state_map for model in done.models}
    result = verify_texts(text, done.text, Request(), state_maps=maps)
    assert result.verdict == "proven", result
    assert [model.name for model in result.models] == [model.name for model in done.models]


@CASE
def test_functions_are_in_functional_style_already(case: Path) -> None:
    text = (case / "explicit.py").read_text()
    assert convert_source(text, Options("functional")).text == text


@CASE
def test_every_line_told_is_a_line_of_the_file(case: Path) -> None:
    text = (case / "explicit.py").read_text()
    done = convert_source(text, Options("module"))
    rows = text.splitlines()
    moved = {"helpers", "loops", "blocks", "builder"} & set(case.name.split("_"))
    for site in (site for model in done.models for site in model.converted if "part of" not in site.what):
        word = site.what.partition(" →")[0].removeprefix("def ").rpartition(".")[2]
        assert word in rows[site.line - 1] or moved, site
    for found in done.all_kept:
        assert found.what.partition("(")[0] in rows[found.line - 1]
