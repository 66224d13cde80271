"""State is paired by the map, by key, or by what alone fits; what is not clear is refused."""

from __future__ import annotations

import pytest

from nnflip.convert.outcome import StateMove
from nnflip.convert.verify.match import broken_tie, paired


def entry(key: str, *shape: int, kind: str = "parameter", dtype: str = "float32", tied: str | None = None) -> dict:
    return {"key": key, "kind": kind, "shape": list(shape), "dtype": dtype, "tied": tied or key}


COUNTER = entry("bn.num_batches_tracked", kind="buffer", dtype="int64")


def moves(**keys: str) -> dict[str, StateMove]:
    return {old.replace("__", "."): StateMove(new) for old, new in keys.items()}


REFUSED = {
    "the map lacks a key of A": ([entry("a", 2)], [entry("b", 2)], {}, "does not name a"),
    "the map leads nowhere": ([entry("a", 2)], [entry("b", 2)], moves(a="c"), "which B does not have"),
    "the map leaves a key of B": ([entry("a", 2)], [entry("a", 2), entry("b", 2)], moves(a="a"), "no b of B"),
    "what no map names, of another shape": ([entry("a", 2)], [entry("a", 3)], {}, "does not name a"),
    "what no map names, taken": ([entry("a", 2), entry("b", 2)], [entry("b", 2)], moves(a="b"), "two keys to b"),
    "two keys for one": ([entry("a", 2), entry("c", 2)], [entry("b", 2)], moves(a="b", c="b"), "two keys to b"),
    "another shape": ([entry("a", 2)], [entry("b", 3)], moves(a="b"), "differ in shape"),
    "a parameter for a buffer": ([entry("a", 2)], [entry("b", 2, kind="buffer")], moves(a="b"), "differ"),
    "two that fit": ([entry("a", 2), entry("c", 2)], [entry("x", 2), entry("y", 2)], None, "not clear"),
    "one too many": ([entry("a", 2), entry("c", 3)], [entry("x", 2)], None, "no partner"),
}

PAIRED = {
    "by key": ([entry("a", 2), entry("b", 2)], [entry("b", 2), entry("a", 2)], None, {("a", "a"), ("b", "b")}),
    "by spelling": (
        [entry("b.0.w", 2), entry("b.1.w", 2)],
        [entry("b_1_w", 2), entry("b_0_w", 2)],
        None,
        {("b.0.w", "b_0_w"), ("b.1.w", "b_1_w")},
    ),
    "by shape": ([entry("w", 2, 3), entry("b", 2)], [entry("y", 2), entry("x", 2, 3)], None, {("w", "x"), ("b", "y")}),
    "by the map": ([entry("c.w", 2)], [entry("c_w", 2)], moves(c__w="c_w"), {("c.w", "c_w")}),
    "what no map names, where it stays": ([entry("w_g", 2)], [entry("w_g", 2)], {}, {("w_g", "w_g")}),
    "counters may be alone": ([entry("w", 2), COUNTER], [entry("w", 2)], moves(w="w"), {("w", "w")}),
    "counters may be added": ([entry("w", 2)], [entry("w", 2), COUNTER], None, {("w", "w")}),
}


@pytest.mark.parametrize(("a", "b", "state_map", "said"), REFUSED.values(), ids=REFUSED)
def test_is_refused(a, b, state_map, said):
    pairing = paired(a, b, state_map)
    assert said in pairing.problem
    assert pairing.pairs == ()


@pytest.mark.parametrize(("a", "b", "state_map", "expected"), PAIRED.values(), ids=PAIRED)
def test_is_paired(a, b, state_map, expected):
    pairing = paired(a, b, state_map)
    assert (pairing.problem, {(x, y) for x, y, _ in pairing.pairs}) == ("", expected)


def test_wildcards_follow_the_prefix():
    a = [entry("body.0.weight", 2), entry("body.0.bias", 3)]
    b = [entry("trunk.0.weight", 2), entry("trunk.0.bias", 3)]
    pairing = paired(a, b, {"body.*": StateMove("trunk.*")})
    assert [(x, y) for x, y, _ in pairing.pairs] == [
        ("body.0.weight", "trunk.0.weight"),
        ("body.0.bias", "trunk.0.bias"),
    ]


def test_a_transposed_matrix_is_paired_as_such():
    assert paired([entry("w", 2, 5)], [entry("x", 5, 2)], None).pairs == (("w", "x", True),)
    assert paired([entry("w", 2, 5)], [entry("x", 5, 2)], {"w": StateMove("x", "transpose")}).pairs[0][2]


def test_a_broken_tie_is_seen():
    a = [entry("one", 2), entry("two", 2, tied="one")]
    b = [entry("one", 2), entry("two", 2)]
    assert broken_tie(a, b, paired(a, b, None)) == "two is shared with another entry in A only"
    assert broken_tie(a, a, paired(a, a, None)) is None


def test_uses_tell_what_names_and_shapes_do_not():
    a, b = [entry("a", 2), entry("c", 2)], [entry("x", 2), entry("y", 2)]
    assert paired(a, b, None, {"a": "y"}).pairs == (("a", "y", False), ("c", "x", False))


def test_a_child_whose_name_is_computed_has_the_map_of_its_class():
    a = [{**entry("level_1.root.conv.weight", 2), "classes": ["Net", "Tree", "Root", "Conv2d"]}]
    b = [entry("level_1.root.conv_weight", 2)]
    maps = {"Net": {}, "Tree": moves(**{"root.*": "root.*"}), "Root": moves(conv__weight="conv_weight")}
    pairing = paired(a, b, maps["Net"], None, maps)
    assert [(x, y) for x, y, _ in pairing.pairs] == [("level_1.root.conv.weight", "level_1.root.conv_weight")]
