"""Comparison: bits first, then numbers; never broadcast, never forgiving."""

from __future__ import annotations

import math
import struct

import pytest

from nnflip.convert.verify.compare import difference, mismatches_between
from nnflip.convert.verify.wire import Message


def floats(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def seen(values: bytes = floats(1, 2), **changes: object) -> Message:
    entry = {"section": "output", "name": "", "dtype": "float32", "shape": [2], "requires_grad": True, "blob": 0}
    return Message({"entries": [{**entry, **changes}]}, (values,))


NEXT_AFTER_ONE = 1 + 2**-23


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param((1.0,), (NEXT_AFTER_ONE,), (True, 2**-23, 1), id="one step"),
        pytest.param((0.0,), (-0.0,), (True, 0.0, 0), id="the two zeros"),
        pytest.param((1.0, 5.0), (1.0, 5.5), (False, 0.5, 1 << 20), id="far"),
        pytest.param((math.nan,), (1.0,), (False, math.nan, None), id="NaN in A only"),
        pytest.param((1.0,), (math.nan,), (False, math.nan, None), id="NaN in B only"),
        pytest.param((math.inf,), (math.inf,), (True, None, None), id="infinite on both sides"),
        pytest.param((math.inf,), (3e38,), (False, math.inf, None), id="infinite in A only"),
        pytest.param((-1e-30,), (1e-30,), (True, pytest.approx(2e-30), pytest.approx(5.06e8, rel=0.9)), id="around 0"),
    ],
)
def test_differences_are_measured(left, right, expected):
    close, max_abs, ulp = difference(floats(*left), floats(*right), "float32")
    if isinstance(expected[1], float) and math.isnan(expected[1]):
        assert (close, math.isnan(max_abs)) == (expected[0], True)
    else:
        assert (close, max_abs, ulp) == expected


def test_nan_of_other_bits_is_the_same():
    other = struct.pack("<I", 0x7FC00001)
    assert difference(floats(math.nan), other, "float32") == (True, None, None)
    assert mismatches_between(seen(floats(1) + other), seen(floats(1, math.nan))) == []


@pytest.mark.parametrize(
    ("other", "words"),
    [
        pytest.param(seen(shape=[2, 1]), "float32[2] in A and float32[2, 1]", id="shape"),
        pytest.param(seen(dtype="int32"), "float32[2] in A and int32[2]", id="dtype"),
        pytest.param(seen(requires_grad=False), "requires a gradient in A only", id="gradient"),
        pytest.param(seen(name="[1]"), "is only in A", id="structure"),
        pytest.param(Message({"entries": []}), "is only in A", id="missing"),
        pytest.param(
            Message({"entries": [{"section": "output", "name": "", "value": "NoneType None"}]}), "None in B", id="None"
        ),
    ],
)
def test_what_is_not_alike_is_never_compared_by_number(other, words):
    found = mismatches_between(seen(), other)
    assert words in found[0].what
    assert (found[0].close, found[0].max_abs) == (False, None)


def test_equal_bytes_are_no_mismatch():
    assert mismatches_between(seen(), seen()) == []


def test_integers_are_never_close():
    a, b = (Message(seen(dtype="int32").body, (struct.pack("<2i", 1, last),)) for last in (2, 3))
    (found,) = mismatches_between(a, b)
    assert (found.close, found.max_abs) == (False, 1.0)
