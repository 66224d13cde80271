"""Calls: arguments find their parameters, and are written back in few words."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnflip.convert.calls import BindError, Signature, bind, bind_args, format_args, same_value
from nnflip.convert.ops import TABLE

CONV = Signature.parse("input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1")
NORM = Signature.parse("num_features, eps=1e-5, *, bias=True")


def call(text: str) -> ast.Call:
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.Call)
    return node


def bound(signature: Signature, text: str) -> dict[str, str]:
    return {name: ast.unparse(node) for name, node in bind(signature, call(text)).args.items()}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("conv(*xs)", "starred", id="unpacked sequence"),
        pytest.param("conv(x, **kw)", "starred", id="unpacked mapping"),
        pytest.param("norm(1, 2, 3)", "too-many", id="keyword-only by position"),
        pytest.param("norm(1, num_features=2)", "duplicate", id="by position and by name"),
        pytest.param("norm(1, colour=2)", "unknown", id="no such parameter"),
    ],
)
def test_noop_calls_that_cannot_be_read(text: str, kind: str) -> None:
    with pytest.raises(BindError) as caught:
        bind(NORM, call(text))
    assert caught.value.kind == kind
    assert caught.value.message


def test_arguments_find_their_parameters() -> None:
    found = bind(CONV, call("conv(x, self.w, padding=p, bias=None)"))
    assert list(found.args) == ["input", "weight", "bias", "padding"]
    assert found.positional == ("input", "weight")
    assert found.missing == ()


def test_what_is_missing_is_said() -> None:
    assert bind(CONV, call("conv(weight=w)")).missing == ("input",)


def test_an_open_ended_signature_takes_anything() -> None:
    assert bound(Signature.parse("*args, **kwargs"), "nn.Identity(54, unused=1)") == {}


def test_the_core_binds_any_values() -> None:
    assert bind_args(NORM, [8], {"bias": False}) == {"num_features": 8, "bias": False}


@pytest.mark.parametrize(
    ("values", "positional", "expected"),
    [
        ({"input": "x", "weight": "w", "bias": "b", "padding": "2"}, 3, "x, w, b, padding=2"),
        ({"input": "x", "weight": "w", "padding": "2", "stride": "1"}, 3, "x, w, padding=2"),
        ({"padding": "2", "weight": "w", "input": "x"}, 7, "x, w, padding=2"),
        ({"input": "x", "weight": "w", "bias": "b", "stride": "2"}, 9, "x, w, b, 2"),
        ({"input": "x", "weight": "w"}, 0, "input=x, weight=w"),
        ({"input": "x", "weight": "w", "groups": "True"}, 2, "x, w, groups=True"),
    ],
)
def test_arguments_are_written_in_few_words(values: dict[str, str], positional: int, expected: str) -> None:
    assert format_args(CONV, values, positional=positional) == expected


def test_keyword_only_arguments_are_named() -> None:
    assert format_args(NORM, {"num_features": "8", "eps": "1", "bias": "False"}, positional=3) == "8, 1, bias=False"


def test_an_unknown_name_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="colour"):
        format_args(NORM, {"colour": "1"}, positional=0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("0", "0.", True),
        ("1e-5", "0.00001", True),
        ("'zeros'", '"zeros"', True),
        ("(1, 1)", "(1,1)", True),
        ("True", "1", False),
        ("(1, 1)", "[1, 1]", False),
        ("None", "0", False),
        ("1", "1j * -1j", False),
        ("k", "k", True),
        ("k", "j", False),
        ("'a'", "a", False),
    ],
)
def test_values_are_compared_as_literals(one: str, other: str, expected: bool) -> None:
    assert same_value(one, other) == expected
    assert same_value(other, one) == expected


@pytest.mark.parametrize("pair", TABLE, ids=lambda pair: pair.module)
def test_signatures_print_as_they_were_written(pair: object) -> None:
    for text in (pair.takes, pair.built_by, pair.called_with):  # type: ignore[attr-defined]
        if "*args" not in text:
            assert str(Signature.parse(text)) == text


@given(st.data())
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    """format_args then bind gives the values that were not defaults, in any mixture of positions and names."""
    pair = data.draw(st.sampled_from(TABLE))
    signature = data.draw(st.sampled_from([pair.function_signature, pair.module_signature]))
    texts = st.sampled_from(["1", "0.5", "(3, 5)", "None", "True", "self.k", "a + b", "'same'"])
    values = {name: data.draw(texts) for name in signature.names if data.draw(st.booleans())}
    positional = data.draw(st.integers(0, len(signature.names)))
    text = format_args(signature, values, positional=positional)
    defaults = {param.name: param.default for param in signature.params}
    expected = {
        name: value
        for name, value in values.items()
        if defaults[name] is None or not same_value(value, str(defaults[name]))
    }
    assert bound(signature, f"f({text})") == expected
