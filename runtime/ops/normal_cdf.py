"""The distribution function of the normal distribution, as `gelu` needs it: quickly in float32, exactly in float64."""

from __future__ import annotations

import math

import numpy as np

from ..array import Array
from ..recorded import Recorded
from ..second_order import on_tensors
from .erf_values import erf_values

LOGIT = (
    -1.5957698829782987, -0.07266616882504548, 6.518949892354078e-05, 0.00011061262880490084,
    -7.929545322534202e-06, 2.645324704047283e-07, -3.5125521900876107e-09,
)  # fmt: skip
"""log(1 / cdf(x) - 1) / x in x², for |x| < 5.5: a minimax fit of ours, with which the cdf is off by 3e-8."""

SURE = 5.5**2
"""Beyond that x² the polynomial stays at its last value: 1 or 0 to within 2e-8."""


@on_tensors(lambda x: 0.5 * (1 + Recorded((x * math.sqrt(0.5)).tensor.erf())))
def normal_cdf(x: Array) -> Array:
    """The chance that a normal number is less than x; within 1.3e-7 in float32."""
    if x.dtype.itemsize > 4:
        return np.asarray(0.5 * (1 + erf_values(x * math.sqrt(0.5))))
    with np.errstate(over="ignore", under="ignore"):
        return _single(x.astype(np.float32, copy=False)).astype(x.dtype, copy=False)


def _single(x: Array) -> Array:
    """1 / (1 + exp(x P(x²))): one exponential, and no case for the sign of x."""
    square = np.asarray(x * x)
    np.minimum(square, SURE, out=square)
    y = np.asarray(square * LOGIT[-1])
    y += LOGIT[-2]
    for coefficient in LOGIT[-3::-1]:
        y *= square
        y += coefficient
    y *= x
    np.exp(y, out=y)
    y += 1
    return np.divide(1, y, out=y)
