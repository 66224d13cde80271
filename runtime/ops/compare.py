"""Comparisons, tests for nan and infinity, logic and bits. Nothing here has a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import record
from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .out import deliver
from .pointwise import Body, binary_either, binary_second, require_tensor, unary_any

# Order


@binary_second
def eq(x: Array, y: Array) -> Answer:
    """input = other."""
    return x == y, None


@binary_second
def ne(x: Array, y: Array) -> Answer:
    """input ≠ other."""
    return x != y, None


@binary_second
def lt(x: Array, y: Array) -> Answer:
    """input < other."""
    return x < y, None


@binary_second
def le(x: Array, y: Array) -> Answer:
    """input ≤ other."""
    return x <= y, None


@binary_second
def gt(x: Array, y: Array) -> Answer:
    """input > other."""
    return x > y, None


@binary_second
def ge(x: Array, y: Array) -> Answer:
    """input ≥ other."""
    return x >= y, None


not_equal, less, less_equal, greater, greater_equal = ne, lt, le, gt, ge


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether shapes and all elements agree; nan is unlike itself."""
    require_tensor(other, "equal", "other", 2)
    return _told("equal", (input, other), bool(np.array_equal(input.array, other.array)))


@op
def _isclose(x: Array, y: Array, *, rtol: float, atol: float, equal_nan: bool) -> Answer:
    near = x == y
    if x.dtype.kind in "fc":
        near = near | (np.isfinite(y) & (np.abs(x - y) <= atol + np.abs(rtol * y)))
        if equal_nan:
            near = near | (np.isnan(x) & np.isnan(y))
    elif rtol or atol:
        wide, other = x.astype(np.float64), y.astype(np.float64)
        near = near | (np.abs(wide - other) <= atol + np.abs(rtol * other))
    return near, None


def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Whether |input − other| ≤ atol + rtol·|other|; RuntimeError for different dtypes."""
    if input.dtype is not other.dtype:
        raise RuntimeError(f"{input.dtype.legacy} did not match {other.dtype.legacy}")
    if rtol < 0 or atol < 0:
        name = "rtol" if rtol < 0 else "atol"
        raise RuntimeError(f"{name} must be greater than or equal to zero, but got {rtol if rtol < 0 else atol:g}")
    return _isclose(input, other, rtol=rtol, atol=atol, equal_nan=equal_nan)


def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether every element is close, as `isclose` has it."""
    near = isclose(input, other, rtol, atol, equal_nan)
    return _told("allclose", (near,), bool(near.array.all()))


# nan and infinity


@unary_any
def isnan(x: Array) -> Answer:
    """Whether it is not a number."""
    return np.isnan(x), None


@unary_any
def isinf(x: Array) -> Answer:
    """Whether it is infinite."""
    return np.isinf(x), None


@unary_any
def isfinite(x: Array) -> Answer:
    """Whether it is neither infinite nor nan."""
    return np.isfinite(x), None


@unary_any
def isposinf(x: Array) -> Answer:
    """Whether it is +inf."""
    return x == np.inf, None


@unary_any
def isneginf(x: Array) -> Answer:
    """Whether it is −inf."""
    return x == -np.inf, None


@unary_any
def isreal(x: Array) -> Answer:
    """Whether the imaginary part is 0."""
    return np.isreal(x), None


def is_nonzero(input: Tensor) -> bool:
    """Whether the only element is not zero; RuntimeError unless there is exactly one."""
    if input.array.size != 1:
        how_many = "no values" if input.array.size == 0 else "more than one value"
        raise RuntimeError(f"Boolean value of Tensor with {how_many} is ambiguous")
    return _told("is_nonzero", (input,), bool(input.array.item()))


def _told(name: str, inputs: tuple[Tensor, ...], answer: bool) -> bool:
    """The answer, of which listeners are told: it leaves the graph."""
    if record.listeners:
        record.tell(name, inputs, {}, (answer,))
    return answer


# Logic: anything but zero is true; operands are not promoted


def _logical(body: Body) -> Any:
    run = op(body)

    def function(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
        require_tensor(input, run.name)
        require_tensor(other, run.name, "other", 2)
        return deliver(run(input, other), out, run.name)

    function.__name__ = function.__qualname__ = run.name
    function.__doc__ = body.__doc__
    function.op = run  # type: ignore[attr-defined]
    return function


@_logical
def logical_and(x: Array, y: Array) -> Answer:
    """Whether both are true."""
    return np.logical_and(x, y), None


@_logical
def logical_or(x: Array, y: Array) -> Answer:
    """Whether one is true."""
    return np.logical_or(x, y), None


@_logical
def logical_xor(x: Array, y: Array) -> Answer:
    """Whether exactly one is true."""
    return np.logical_xor(x, y), None


@unary_any
def logical_not(x: Array) -> Answer:
    """Whether it is false."""
    return np.logical_not(x), None


# Bits


def _need_bits(x: Array, name: str) -> None:
    if x.dtype.kind not in "iub":
        kind = {"float32": "Float", "float64": "Double", "float16": "Half"}.get(x.dtype.name, x.dtype.name)
        raise NotImplementedError(f"\"{name}_cpu\" not implemented for '{kind}'")


@binary_either
def bitwise_and(x: Array, y: Array) -> Answer:
    """Bits set in both; logical and for bool."""
    _need_bits(x, "bitwise_and")
    return x & y, None


@binary_either
def bitwise_or(x: Array, y: Array) -> Answer:
    """Bits set in one; logical or for bool."""
    _need_bits(x, "bitwise_or")
    return x | y, None


@binary_either
def bitwise_xor(x: Array, y: Array) -> Answer:
    """Bits set in exactly one; logical xor for bool."""
    _need_bits(x, "bitwise_xor")
    return x ^ y, None


@unary_any
def bitwise_not(x: Array) -> Answer:
    """All bits turned; logical not for bool."""
    if x.dtype.kind not in "iub":
        raise TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors")
    return ~x, None


@binary_either
def bitwise_left_shift(x: Array, y: Array) -> Answer:
    """input · 2^other."""
    _need_bits(x, "lshift")
    return np.left_shift(x, y), None


@binary_either
def bitwise_right_shift(x: Array, y: Array) -> Answer:
    """input / 2^other, rounded down."""
    _need_bits(x, "rshift")
    return np.right_shift(x, y), None
