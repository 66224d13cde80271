"""What torch refuses before it draws: dtypes without a kernel, bounds that a dtype cannot hold."""

from __future__ import annotations

import math
import warnings

import numpy as np

from ..array import Array
from ..dtypes import of

_C_NAMES = {
    "float16": "c10::Half", "float32": "float", "float64": "double", "bool": "bool", "uint8": "unsigned char",
    "int8": "signed char", "int16": "short int", "int32": "int", "int64": "long int", "uint16": "short unsigned int",
    "uint32": "unsigned int", "uint64": "long unsigned int", "complex64": "c10::complex<float>",
    "complex128": "c10::complex<double>",
}  # fmt: skip
_INT64 = range(-(1 << 63), 1 << 63)


def has_kernel(target: Array, kinds: str, kernel: str) -> None:
    """NotImplementedError, as torch words it, unless numpy's kind letter of the dtype is among `kinds`."""
    if target.dtype.kind not in kinds:
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{of(target).legacy}'")


def c_name(target: Array) -> str:
    """The C++ name of the dtype: 'unsigned char'."""
    return _C_NAMES[target.dtype.name]


def check_uniform(target: Array, low: float, high: float) -> None:
    """RuntimeError unless low ≤ high, both within the dtype, and so their difference."""
    limit = float(np.finfo(target.dtype).max)
    for name, bound in (("from", low), ("to", high)):
        if not -limit <= bound <= limit:
            raise RuntimeError(f"{name} is out of bounds for {c_name(target)}")
    if not low <= high:
        raise RuntimeError(f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}")
    if not high - low <= limit:
        raise RuntimeError(
            f"uniform_ expects to-from <= std::numeric_limits<{of(target).legacy}>::max(), but found to={high:g} "
            f"and from={low:g} which result in to-from to exceed the limit"
        )


def integer_span(target: Array, low: int, high: int | None) -> tuple[int, int]:
    """(low, how many values) of `random_(low, high)`, after what rounding to the dtype makes of the bounds."""
    if high is None and low == _INT64[0]:
        _check_full_range(target)
        return low, 1 << 64
    floating = target.dtype.kind == "f"
    if high is not None:
        _ordered(low, high, "'from' to be less than 'to'")
        if floating:
            low, high = _rounded_low(target, low), _rounded_high(target, high)
            _ordered(low, high, "'from' casted to dtype to be less than 'to' casted to dtype")
        last = high - 1
        _check_kind(target, "check_random_bounds")
    else:
        _check_kind(target, "random_from_to_impl")
        last = 1 << _digits(target) if floating else _largest_drawn(target)
        low = _rounded_low(target, low) if floating else low
        if floating and low >= last:
            raise RuntimeError(
                "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, "
                f"but got from={low} > to_inc={last}"
            )
    _within(target, "from", low)
    _within(target, "to - 1", last)
    return low, last - low + 1


def _check_kind(target: Array, function: str) -> None:
    if target.dtype.kind not in "fiub":
        raise RuntimeError(f"{function} handles only integral, floating-point and boolean types")


def _check_full_range(target: Array) -> None:
    kernel = "random_full_64_bits_range_kernel_cpu"
    if target.size and target.dtype not in (np.int64, np.float64, np.float32):
        has_kernel(target, "iu" if target.dtype in (np.uint8, np.int8, np.int16, np.int32) else "", kernel)
        raise RuntimeError(f"{kernel} handles only int64, double, float and bfloat16")


def _ordered(low: int, high: int, expectation: str) -> None:
    if low >= high:
        raise RuntimeError(f"random_ expects {expectation}, but got from={low} >= to={high}")


def _within(target: Array, name: str, bound: int) -> None:
    if target.dtype.kind == "f":
        limit, digits = float(np.finfo(target.dtype).max), _digits(target)
        inside = -limit <= bound <= limit
        if inside and not -(1 << digits) <= bound <= 1 << digits:
            warnings.warn(
                f"{name} is out of bounds [-(2^{digits}), 2^{digits}]. Due to precision limitations {c_name(target)} "
                "can support discrete uniform distribution only within this range. This warning will become an error "
                "in version 1.7 release, please fix the code in advance",
                stacklevel=6,
            )
    else:
        lowest = 0 if target.dtype.kind == "b" else int(np.iinfo(target.dtype).min)
        inside = lowest <= bound <= _largest(target)
    if not inside:
        raise RuntimeError(f"{name} is out of bounds for {c_name(target)}")


def _largest(target: Array) -> int:
    return 1 if target.dtype.kind == "b" else min(int(np.iinfo(target.dtype).max), _INT64[-1])


def _largest_drawn(target: Array) -> int:
    return -1 if target.dtype == np.uint64 else _largest(target)  # torch reads uint64's largest as an int64


def _digits(target: Array) -> int:
    return int(np.finfo(target.dtype).nmant) + 1


def _cast(target: Array, value: int) -> int:
    """The integer as the dtype rounds it; past int64 what the processor gives, its lowest."""
    with np.errstate(over="ignore"):
        rounded = float(np.float32(value).astype(target.dtype) if target.dtype.itemsize < 8 else np.float64(value))
    return int(rounded) if math.isfinite(rounded) and int(rounded) in _INT64 else _INT64[0]


def _rounded_low(target: Array, low: int) -> int:
    above = _cast(target, low + 1)
    return above + (1 << max(abs(low + 1).bit_length() - _digits(target), 0)) if above < low else low


def _rounded_high(target: Array, high: int) -> int:
    below = _cast(target, high - 1)
    return below - (1 << max(abs(high - 1).bit_length() - _digits(target), 0)) if below >= high else high
