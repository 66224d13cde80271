"""The error function and its inverse on numpy arrays, to the last digits of float64.

The polynomials are Chebyshev interpolants, computed with 60 digits, of erf(√u)/√u on u in [0, 1] and of
erfc(x)·exp(x²)/t with t = 2/(2 + x) on x ≥ 1, written in u' and t' scaled to [-1, 1]. Shorter ones serve float32.
"""

from __future__ import annotations

import numpy as np

from ..array import Array
from ..recorded import Recorded
from ..second_order import on_tensors

SMALL_64 = (
    0.9654687386698673, -0.1405360890227171, 0.019852496688983708, -0.0022854855611441132,
    0.00021751715604159932, -1.7537169441124866e-05, 1.223382738359897e-06, -7.511569286591727e-08,
    4.115800583208149e-09, -2.035228405815769e-10, 9.167619596865806e-12, -3.8078824063194953e-13,
    1.4543887079465116e-14,
)  # fmt: skip
SMALL_32 = (
    0.9654687386375691, -0.14053608902112114, 0.019852497722455814, -0.002285485612212242,
    0.0002175119906208899, -1.7536914180800595e-05, 1.2316395977478375e-06, -7.552378571474216e-08,
)  # fmt: skip
LARGE_64 = (
    0.41099837287518415, 0.17190473683520202, 0.05145894391177235, 0.008316570615372595,
    -0.0007068666933526215, -0.0006285090877046839, -1.8394631474782065e-05, 5.245858873596758e-05,
    3.171859543323548e-06, -5.591599478078515e-06, -1.0514709753354248e-07, 7.014729700792799e-07,
    -6.342632452103445e-08, -8.94792830000574e-08, 2.4135752010927425e-08, 9.290734638465134e-09,
    -5.756433617602592e-09, -2.8764498559220065e-10, 9.641935814934016e-10, -1.447514838521929e-10,
    -8.796804719104593e-11, 2.5763123884839702e-11,
)  # fmt: skip
LARGE_32 = (
    0.41099837287518415, 0.1719047421755557, 0.05145894370876534, 0.008316463098418858,
    -0.0007068625006434621, -0.0006278966847642681, -1.8420057539550974e-05, 5.101023108113223e-05,
    3.239442837771316e-06, -4.033018524971865e-06, -1.9545558038200814e-07,
)  # fmt: skip

BLOCK = 1 << 14  # elements per pass: a block and its temporaries stay in the cache


def horner(coefficients: tuple[float, ...], x: Array) -> Array:
    """``c0 + c1·x + c2·x² + …`` in place on one buffer."""
    total = np.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total *= x
        total += coefficient
    return total


def _erf_block(x: Array, precise: bool) -> Array:
    size = np.abs(x)
    u = np.minimum(size, 1.0)
    small = u * horner(SMALL_64 if precise else SMALL_32, 2 * u * u - 1)
    if not (size > 1.0).any():
        return np.copysign(np.where(np.isnan(x), x, small), x)
    large = 1.0 - _scaled_tail(size, precise) * np.exp(-size * size)
    return np.copysign(np.where(size <= 1.0, small, large), x)


def _scaled_tail(size: Array, precise: bool) -> Array:
    """``erfc(x)·exp(x²)`` for x ≥ 1."""
    t = 2.0 / (2.0 + size)
    return t * horner(LARGE_64 if precise else LARGE_32, 3.0 * t - 1.0)


def _erfc_block(x: Array, precise: bool) -> Array:
    size = np.abs(x)
    tail = _scaled_tail(size, precise) * np.exp(-size * size)
    small = 1.0 - _erf_block(np.clip(x, -1.0, 1.0), precise)
    return np.where((x > 1.0) | np.isnan(x), tail, np.where(x < -1.0, 2.0 - tail, small))


def _blocked(kernel: object, x: Array) -> Array:
    """*kernel* over the elements of *x* in float64 blocks, in the type of *x*."""
    flat = np.ascontiguousarray(x).reshape(-1)
    result = np.empty_like(flat)
    precise = x.dtype.itemsize > 4
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for start in range(0, flat.size, BLOCK):
            block = flat[start : start + BLOCK].astype(np.float64)
            result[start : start + BLOCK] = kernel(block, precise)  # type: ignore[operator]
    return result.reshape(x.shape)


def _erfinv_block(x: Array, precise: bool) -> Array:
    """Winitzki's closed form (2e-3), then Halley steps, each of which triples the digits."""
    size = np.abs(x)
    with np.errstate(divide="ignore"):
        logarithm = np.log1p(-size * size)
    half = 2.0 / (np.pi * 0.147) + logarithm / 2.0
    y = np.sqrt(np.sqrt(half * half - logarithm / 0.147) - half)
    for _ in range(3 if precise else 2):
        near = _erf_block(y, True) - size
        far = (1.0 - size) - _erfc_block(y, True)
        newton = np.where(size < 0.5, near, far) * np.exp(y * y) * (np.sqrt(np.pi) / 2.0)
        y = y - newton / (1.0 + y * newton)
    y = np.where(size == 1.0, np.inf, np.where(size == 0.0, 0.0, y))
    return np.copysign(np.where(size > 1.0, np.nan, y), x)


@on_tensors(lambda x: Recorded(x.tensor.erf()))
def erf_values(x: Array) -> Array:
    """erf of a float array, in its own type; relative error about one unit in the last place."""
    return _blocked(_erf_block, x)


@on_tensors(lambda x: Recorded(x.tensor.erfc()))
def erfc_values(x: Array) -> Array:
    """1 − erf without cancellation, in the type of *x*."""
    return _blocked(_erfc_block, x)


@on_tensors(lambda x: Recorded(x.tensor.erfinv()))
def erfinv_values(x: Array) -> Array:
    """The inverse of erf: ±inf at ±1, nan outside [-1, 1]."""
    return _blocked(_erfinv_block, x)
