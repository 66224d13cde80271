"""Verification runs models that are written as functions, and finds what is wrong with them."""

from __future__ import annotations

import pytest
from pure_text import CASES, FUNCTIONAL, RESIDUAL, pure

from nnflip.convert.verify import Request, VerifyResult, verify_texts


def verdict(source: str, text: str, **options: object) -> VerifyResult:
    return verify_texts(source, text, Request(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", {case[0]: name for name, case in CASES.items()})
def test_functions_are_verified_as_the_class(text: str) -> None:
    there = pure(text)
    result = verdict(there.source, there.text)
    assert result.verdict in {"proven", "equal"}, result
    assert {one.name for one in result.models} == {model.name for model in there.models}


def test_functions_without_buffers_are_proven() -> None:
    there = pure(FUNCTIONAL)
    assert verdict(there.source, there.text).verdict == "proven"


def test_two_files_of_functions_are_verified() -> None:
    there = pure(RESIDUAL)
    assert verdict(there.text, there.text).verdict == "proven"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("training=training,\n    )", "training=True,\n    )"),
        ("return out +", "return out -"),
        (', params["fc.bias"]', ""),
        ('buffers["mean"] = (1', 'buffers["mean"] = (2'),
        ("* scale", "* -scale"),
    ],
)
def test_functions_that_do_something_else_are_found_out(right: str, wrong: str) -> None:
    for text, *_ in CASES.values():
        there = pure(text)
        if right in there.text:
            assert verdict(there.source, there.text.replace(right, wrong)).verdict == "different"
            return
    pytest.fail(f"no sample has {right}")
