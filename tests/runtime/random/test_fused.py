"""The fused multiply-adds round once: held against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from nnflip.runtime.random.fused import fma32, fma64

singles = st.floats(-1e6, 1e6, width=32).filter(lambda x: x == 0 or abs(x) > 1e-6)
doubles = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6)


@given(singles, singles, singles)
@example(1.0, 1.0, 2.0**-24)
@example(float(np.float32(1 + 2**-23)), float(np.float32(1 + 2**-23)), float(np.float32(2**-60)))
@example(float(np.float32(1 + 2**-12)), float(np.float32(1 + 2**-12)), float(np.float32(2**-70)))
def test_single_precision_rounds_once(a: float, b: float, c: float) -> None:
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    result = fma32(np.array([a]), b, c)
    assert result.dtype == np.float32
    assert result[0] == nearest_single(exact)


@given(doubles, doubles, doubles)
@example(1 + 2.0**-52, 1 + 2.0**-52, 2.0**-60)
@example(1 / 3, 3.0, -1.0)
def test_double_precision_rounds_once(a: float, b: float, c: float) -> None:
    assert fma64(np.array([a]), b, c)[0] == float(Fraction(a) * Fraction(b) + Fraction(c))


def nearest_single(exact: Fraction) -> np.float32:
    """Of the neighbours of the twice rounded value the one that is closest, the even one on a tie."""
    guess = np.float32(float(exact))
    around = [np.nextafter(guess, np.float32(-np.inf)), guess, np.nextafter(guess, np.float32(np.inf))]
    return min(around, key=lambda x: (abs(Fraction(float(x)) - exact), int(x.view(np.int32)) & 1))
