"""Shape patterns: read both ways, in numbers and in names, and what does not fit is said in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnflip.convert.shapes import ShapeMismatch, evaluate, names, same_text, solve

CONV = "out_channels in_channels/groups *kernel_size"
NORM = "*normalized_shape"


def split(axes: str) -> tuple[str, ...]:
    return tuple(axes.split("; "))


@pytest.mark.parametrize(
    ("axes", "known", "reason"),
    [
        pytest.param("16; 1; 5", {"groups": "1"}, "should have 4 axes", id="one axis too few"),
        pytest.param("16; 1; 5; 5; 5", {"groups": "1"}, "should have 4 axes", id="one axis too many"),
        pytest.param("*shape", {"groups": "1"}, "unpacked", id="all of it unpacked"),
        pytest.param("16; *rest", {"groups": "1"}, "unpacked", id="more than the kernel unpacked"),
        pytest.param("*ch; 5; 5", {"groups": "1"}, "unpacked", id="channels unpacked"),
        pytest.param("*ch; 1; 5; 5", {"groups": "1"}, "unpacked", id="an unpacked channel"),
        pytest.param("16; 1; 5; 5", {"groups": "1", "out_channels": "8"}, "out_channels is 8", id="another number"),
        pytest.param("n; 1; 5; 5", {"groups": "1", "out_channels": "m"}, "cannot be shown", id="another name"),
    ],
)
def test_noop_shapes_that_do_not_fit(axes: str, known: dict[str, str], reason: str) -> None:
    with pytest.raises(ShapeMismatch) as caught:
        solve(CONV, split(axes), known, spatial=2)
    assert reason in caught.value.reason


def test_noop_a_vector_where_a_matrix_is_meant() -> None:
    with pytest.raises(ShapeMismatch, match="should have 2 axes"):
        solve("out_features in_features", ("5",), {}, spatial=0)
    with pytest.raises(ShapeMismatch, match="should have 1 axis"):
        solve("out_features", ("5", "5"), {}, spatial=0)


def test_noop_sizes_that_have_no_shape() -> None:
    sizes = {"out_channels": "8", "in_channels": "6", "groups": "4", "kernel_size": "3"}
    with pytest.raises(ShapeMismatch, match="in_channels=6 is not divisible by groups=4"):
        evaluate(CONV, sizes, spatial=2)
    with pytest.raises(ShapeMismatch, match="kernel_size=\\(3, 5\\) should have 3 entries"):
        evaluate(CONV, {**sizes, "in_channels": "8", "kernel_size": "(3, 5)"}, spatial=3)


@pytest.mark.parametrize(
    ("axes", "groups", "in_channels", "kernel"),
    [
        ("16; 1; 5; 5", "1", "1", "5"),
        ("16; 1; 3; 5", "1", "1", "(3, 5)"),
        ("16; 4; k; k", "8", "32", "k"),
        ("16; 4; k; 2*k", "g", "4 * g", "(k, 2*k)"),
        ("16; in_ch // groups; *k", "groups", "in_ch", "k"),
        ("16; int(in_ch / groups); *_pair(k)", "groups", "in_ch", "k"),
        ("16; in_ch // self.groups; *self.k", "self.groups", "in_ch", "self.k"),
        ("16; in_ch // 2; 3; 3", "groups", "in_ch // 2 * groups", "3"),
        ("16; a + b; 3; 3", "2", "(a + b) * 2", "3"),
        ("16; a * b; 3; 3", "c + d", "a * b * (c + d)", "3"),
        ("16; (a + b) // g; 3; 3", "g", "a + b", "3"),
        ("16; 1; 3; 3", "dim", "dim", "3"),
        ("16; 3 if rgb else 1; 3; 3", "2", "(3 if rgb else 1) * 2", "3"),
        ("16; 16 * 12; 3; 3", "1", "16 * 12", "3"),
        ("16; 2 ** n; 3; 3", "2 // m", "2 ** n * (2 // m)", "3"),
    ],
)
def test_sizes_of_a_convolution(axes: str, groups: str, in_channels: str, kernel: str) -> None:
    expected = {"out_channels": "16", "in_channels": in_channels, "kernel_size": kernel}
    assert solve(CONV, split(axes), {"groups": groups}, spatial=2) == expected


@pytest.mark.parametrize(
    ("in_channels", "groups", "kernel", "axes"),
    [
        ("1", "1", "5", "16; 1; 5; 5"),
        ("32", "8", "(3, 5)", "16; 4; 3; 5"),
        ("in_ch", "groups", "[k, 3]", "16; in_ch // groups; k; 3"),
        ("dim", "dim", "(3,)", "16; 1; 3; 3"),
        ("4 * g", "g", "2 * r + 1", "16; 4; 2 * r + 1; 2 * r + 1"),
        ("a + b", "2", "k", "16; (a + b) // 2; *_pair(k)"),
        ("c", "a * b", "2 * k", "16; c // (a * b); *_pair(2 * k)"),
        ("c", "1", "self.k", "16; c; *_pair(self.k)"),
    ],
)
def test_shape_of_a_convolution(in_channels: str, groups: str, kernel: str, axes: str) -> None:
    sizes = {"out_channels": "16", "in_channels": in_channels, "groups": groups, "kernel_size": kernel}
    assert evaluate(CONV, sizes, spatial=2) == split(axes)


@pytest.mark.parametrize(
    ("axes", "shape"),
    [("10", "10"), ("5; 10", "(5, 10)"), ("5; 5", "(5, 5)"), ("*x.shape[1:]", "x.shape[1:]"), ("n", "n")],
)
def test_a_shape_of_any_rank_stays_a_tuple(axes: str, shape: str) -> None:
    assert solve(NORM, split(axes), {}, spatial=0) == {"normalized_shape": shape}


def test_shape_functions_take_a_size_of_any_rank() -> None:
    assert evaluate(NORM, {"normalized_shape": "(5, dim)"}, spatial=0) == ("5", "dim")
    assert evaluate(NORM, {"normalized_shape": "dim"}, spatial=0) == ("dim",)


def test_only_a_whole_expansion_is_taken_back() -> None:
    known = {"groups": "1"}
    assert solve(CONV, ("8", "4", "*_pair(a) + _pair(b)"), known, spatial=2)["kernel_size"] == "_pair(a) + _pair(b)"
    assert solve(CONV, ("8", "4", "*utils._pair(a)"), known, spatial=2)["kernel_size"] == "a"


def test_what_is_known_may_be_confirmed() -> None:
    assert solve("out_features", ("16*2",), {"out_features": "16 * 2"}, spatial=0) == {}


def test_names_of_a_pattern() -> None:
    assert names(CONV) == ("out_channels", "in_channels", "groups", "kernel_size")


def test_texts_are_the_same_whatever_their_blanks() -> None:
    assert same_text("a+b", "( a + b )")
    assert not same_text("a+b", "b+a")


numbers = st.integers(1, 64).map(str)
symbols = st.sampled_from(["n", "self.dim", "a + b", "a * b", "a - b", "c // 2", "cfg['dim']", "f(x)", "-n", "2 ** n"])
divisors = st.sampled_from(["groups", "self.groups", "g + 1", "2 * g", "heads // 2"])


@given(out=numbers, per_group=numbers, groups=numbers, kernel=st.lists(numbers, min_size=1, max_size=3))
def test_numbers_come_back(out: str, per_group: str, groups: str, kernel: list[str]) -> None:
    text = kernel[0] if len(set(kernel)) == 1 else f"({', '.join(kernel)})"
    channels = str(int(per_group) * int(groups))
    sizes = {"out_channels": out, "in_channels": channels, "groups": groups, "kernel_size": text}
    axes = evaluate(CONV, sizes, spatial=len(kernel))
    assert {**solve(CONV, axes, {"groups": groups}, spatial=len(kernel)), "groups": groups} == sizes


@given(
    out=numbers | symbols,
    channels=symbols,
    groups=divisors | st.just("1"),
    kernel=st.sampled_from(["k", "self.k", "3", "(3, 5)", "2 * r + 1"]),
)
def test_names_come_back(out: str, channels: str, groups: str, kernel: str) -> None:
    sizes = {"out_channels": out, "in_channels": channels, "groups": groups, "kernel_size": kernel}
    axes = evaluate(CONV, sizes, spatial=2)
    assert {**solve(CONV, axes, {"groups": groups}, spatial=2), "groups": groups} == sizes


@given(channels=numbers | symbols, groups=numbers | divisors)
def test_arithmetic_keeps_its_value(channels: str, groups: str) -> None:
    """Channels per group times groups, as text, is what the texts say, or what no constructor takes."""
    axes = ("1", channels, "3", "3")
    found = solve(CONV, axes, {"groups": groups}, spatial=2)["in_channels"]

    class Scope:
        dim = 12
        groups = 4

    scope = {"n": 6, "a": 5, "b": 3, "c": 9, "g": 2, "groups": 4, "heads": 8, "self": Scope, "x": 7, "cfg": {"dim": 10}}
    scope["f"] = lambda value: value + 1
    value, by = eval(found, scope), eval(groups, scope)
    assert value == eval(f"({channels}) * ({groups})", scope) or value % by != 0
