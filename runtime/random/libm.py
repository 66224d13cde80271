"""The C library's float64 functions over arrays; numpy's own differ in the last bit once in a few hundred numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..array import Array


def _over_arrays(function: Callable[[float], float]) -> Callable[[Array], Array]:
    each = np.frompyfunc(function, 1, 1)

    def over_array(x: Array) -> Array:
        return np.asarray(each(x)).astype(np.float64)

    return over_array


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


log = _over_arrays(_log)
log1p = _over_arrays(math.log1p)
exp = _over_arrays(_exp)
sin = _over_arrays(math.sin)
cos = _over_arrays(math.cos)
tan = _over_arrays(math.tan)
