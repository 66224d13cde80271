"""The twins of samples/ as functions of their parameters: both files, there and back, with torch as the referee."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnflip.convert import Conversion, Options, convert_source
from nnflip.convert.verify import Request, verify_texts

SAMPLES = Path(__file__).parent.parent.parent.parent / "samples"
TWINS = sorted(path for case in SAMPLES.rglob("function.py") for path in (case, case.with_name("module.py")))
TWIN = pytest.mark.parametrize("path", TWINS, ids=lambda path: path.relative_to(SAMPLES).with_suffix("").as_posix())
PURE = sorted(SAMPLES.rglob("pure.py"))
CASE = pytest.mark.parametrize("path", PURE, ids=lambda path: path.parent.relative_to(SAMPLES).as_posix())


def pure(path: Path) -> Conversion:
    return convert_source(path.read_text(), Options(to="pure"))


def test_there_are_samples() -> None:
    assert len(PURE) >= 5


@CASE
def test_module_becomes_functions(path: Path) -> None:
    assert pure(path.with_name("module.py")).text == path.read_text()


@CASE
def test_the_functions_are_verified(path: Path) -> None:
    result = verify_texts(path.with_name("module.py").read_text(), path.read_text(), Request())
    assert result.verdict in {"proven", "equal"}, result


@CASE
def test_functions_become_the_module(path: Path) -> None:
    there = pure(path.with_name("module.py"))
    names = {model.name: {move.key: old for old, move in model.state_map.items()} for model in there.models}
    back = convert_source(path.read_text(), Options(to="module", init="exact", restore=names))
    result = verify_texts(there.source, back.text, Request())
    assert result.verdict in {"proven", "equal"}, result


@TWIN
@pytest.mark.torch
def test_twins_as_functions_are_the_class(path: Path) -> None:
    pytest.importorskip("torch", reason="torch is the referee here")
    from pure_referee import PureReferee
    from referee import Referee, names_of

    there = pure(path)
    assert there.all_kept == ()
    inputs = names_of(there.source).get("get_inputs")
    if inputs is None or [model.name for model in there.models] != ["Net"]:
        return  # verified with the inputs that verification finds
    PureReferee(there, inputs).check(vmap="batch" not in path.parent.name)
    back = convert_source(there.text, Options(to="functional"))
    assert back.all_kept == ()
    Referee(Conversion(there.source, back.text, back.models), inputs, same_start=True).check()
