"""Traces: what makes two the same, and where two part."""

from __future__ import annotations

from nnflip.convert.verify.layers import LayerDiff, aligned, rendered
from nnflip.convert.verify.result import ModelVerdict, ModeResult
from nnflip.convert.verify.traces import constants, differs, parting, same


def call(op: str, *inputs: object, line: int = 1, digest: str = "", **static: object) -> dict:
    output = {"dtype": "float32", "shape": [2, 3], "digest": digest or op}
    return {"op": op, "inputs": list(inputs), "static": static, "outputs": [output], "line": line}


X = ["input", 0]
W = ["parameter", "w"]
B = ["parameter", "b"]


def test_lines_do_not_matter_and_arguments_do():
    one = [call("relu", X, line=3)]
    assert same(one, [call("relu", X, line=9)])
    assert not same(one, [call("relu", W, line=3)])
    assert not same(one, [call("relu", X, inplace=True)])
    assert not same(one, one * 2)


def test_constants_are_found_wherever_they_are():
    unknown = ["constant", "float32", [2], "00"]
    assert constants([call("mul", X, unknown)])
    assert constants([call("cat", dim=0, tensors=[X, unknown])])
    assert not constants([call("mul", X, W)])


def test_another_spelling_that_meets_again_is_no_parting():
    a = [call("matmul", X, W, digest="xw"), call("add", ["op", 0, 0], B, digest="y"), call("relu", ["op", 1, 0])]
    b = [call("linear", X, W, B, digest="y"), call("relu", ["op", 0, 0])]
    assert parting(a, b) is None


def test_the_first_bad_call_is_named_with_its_argument():
    a = [
        call("conv2d", X, W, line=4, digest="a", stride=["number", "int", "2"]),
        call("relu", ["op", 0, 0], digest="c"),
    ]
    b = [
        call("conv2d", X, W, line=7, digest="b", stride=["number", "int", "1"]),
        call("relu", ["op", 0, 0], digest="d"),
    ]
    found = parting(a, b)
    assert (found.a, found.b, found.what) == (0, 0, "conv2d: stride is 2 in A and 1 in B")


def test_a_call_of_one_side_alone_is_named():
    a = [call("linear", X, W, digest="h"), call("relu", ["op", 0, 0], digest="r")]
    b = [
        call("linear", X, W, digest="h"),
        call("dropout", ["op", 0, 0], digest="n"),
        call("relu", ["op", 1, 0], digest="s"),
    ]
    found = parting(a, b)
    assert (found.what, found.only) == ("dropout is in B only, before relu", "B")


def test_inputs_from_elsewhere_are_named():
    assert differs(call("linear", X, W), call("linear", X, B)) == "linear: input 2 is w in A and b in B"


def test_the_table_marks_what_differs():
    a = [call("linear", X, W, line=5, digest="h"), call("relu", ["op", 0, 0], line=6, digest="r")]
    b = [
        call("linear", X, W, line=8, digest="h"),
        call("dropout", ["op", 0, 0], line=9, digest="n"),
        call("relu", ["op", 1, 0], line=10, digest="s"),
    ]
    rows = aligned(a, b)
    assert [(row.mark, row.a_line, row.b_line, row.op) for row in rows] == [
        ("=", 5, 8, "linear"),
        ("+", None, 9, "dropout"),
        ("~", 6, 10, "relu"),
    ]
    equal, different = ModeResult("identical"), ModeResult("different")
    verdict = ModelVerdict("Net", "different", "in eval only", train=equal, eval=different)
    text = rendered(LayerDiff(verdict, aligned(a, a), rows))
    assert text.splitlines() == [
        "Net: different (in eval only)",
        " train: equal",
        "     A  B  operation  shape  state",
        "  =  5  5  linear     2×3    w",
        "  =  6  6  relu       2×3",
        " eval: different",
        "     A  B   operation  shape  state",
        "  =  5  8   linear     2×3    w",
        "  +     9   dropout    2×3    is in B only",
        "  ~  6  10  relu       2×3",
    ]
