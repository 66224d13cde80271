"""The twins in samples/: each converts into the other, back into itself, and is proven the same.

A case is a folder with `function.py` and `module.py`, and `options.toml` where the conversion takes options.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from nnflip.convert import Conversion, Options, convert_source
from nnflip.convert.ops import TABLE
from nnflip.convert.verify import Request, verify_texts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SAMPLES = Path(__file__).parent.parent / "samples"
CASES = sorted(path.parent for path in SAMPLES.rglob("function.py"))
CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.relative_to(SAMPLES).as_posix())
WAYS = pytest.mark.parametrize(("name", "to"), [("function", "module"), ("module", "functional")])


def options_of(case: Path) -> dict[str, Any]:
    path = case / "options.toml"
    return tomllib.loads(path.read_text()) if path.exists() else {}


def flip(case: Path, text: str, to: str, **more: Any) -> Conversion:
    known = {key: value for key, value in options_of(case).items() if key in {"sequential"}}
    return convert_source(text, Options(to=to, **{**known, **more}))  # type: ignore[arg-type]


def names_before(first: Conversion) -> dict[str, dict[str, str]]:
    return {model.name: {move.key: old for old, move in model.state_map.items()} for model in first.models}


def test_every_family_of_the_table_has_twins() -> None:
    """The families with a pair; those without one (containers) have nothing to show."""
    shown = {case.relative_to(SAMPLES).parts[0] for case in CASES}
    assert {pair.family for pair in TABLE} <= shown


@CASE
def test_function_becomes_module(case: Path) -> None:
    assert flip(case, (case / "function.py").read_text(), "module").text == (case / "module.py").read_text()


@CASE
def test_module_becomes_function(case: Path) -> None:
    if options_of(case).get("draws") == "differ":
        pytest.skip("the function draws its parameters only, the module its defaults first: see there and back")
    assert flip(case, (case / "module.py").read_text(), "functional").text == (case / "function.py").read_text()


@CASE
@WAYS
def test_there_and_back_is_the_same_source(case: Path, name: str, to: str) -> None:
    text = (case / f"{name}.py").read_text()
    init = "exact" if name == "function" else "keep"
    there = flip(case, text, to, init=init)
    back = flip(case, there.text, "functional" if to == "module" else "module", init=init, restore=names_before(there))
    assert back.text == text


@CASE
@WAYS
def test_converting_twice_changes_nothing(case: Path, name: str, to: str) -> None:
    once = flip(case, (case / f"{name}.py").read_text(), to)
    assert flip(case, once.text, to).text == once.text


@CASE
@WAYS
def test_conversion_is_proven(case: Path, name: str, to: str) -> None:
    text = (case / f"{name}.py").read_text()
    there = flip(case, text, to)
    maps = {model.name: model.state_map for model in there.models}
    result = verify_texts(text, there.text, Request(backend="numpy"), state_maps=maps)
    assert result.verdict == options_of(case).get("verdict", "proven"), result


@CASE
@WAYS
@pytest.mark.torch
def test_conversion_is_proven_under_torch(case: Path, name: str, to: str) -> None:
    pytest.importorskip("torch", reason="torch is the referee here")
    text = (case / f"{name}.py").read_text()
    there = flip(case, text, to)
    if "def get_inputs" in text:  # in this process: importing torch anew for every case takes longer than all else
        from referee import Referee, names_of

        Referee(there, names_of(text)["get_inputs"], same_start=True).check()
        return
    maps = {model.name: model.state_map for model in there.models}
    result = verify_texts(text, there.text, Request(backend="torch"), state_maps=maps)
    assert result.verdict == "proven", result
