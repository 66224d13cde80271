"""Arithmetic on two or three broadcast operands: sums, products, quotients, powers, interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import FLOAT, complex128, float64
from ..promotion import common_dtype
from ..tensor import Tensor
from .conv import C_NAMES
from .memory import cast
from .out import deliver
from .pointwise import binary, binary_either, binary_second, need_tensor_among
from .rounded import rounded
from .working_dtype import floating


@op(promote=True)
def _add(x: Array, y: Array, *, alpha: Any = 1) -> Answer:
    if alpha == 1:
        return x + y, (lambda g: g, lambda g: g)
    factor = _alpha(alpha, x)
    return x + y * factor, (lambda g: g, lambda g: g * factor)


@op(promote=True)
def _sub(x: Array, y: Array, *, alpha: Any = 1) -> Answer:
    if x.dtype == np.bool_:
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. "
            "Use the `^` or `logical_xor()` operator instead."
        )
    if alpha == 1:
        return x - y, (lambda g: g, lambda g: -g)
    factor = _alpha(alpha, x)
    return x - y * factor, (lambda g: g, lambda g: -g * factor)


def _alpha(alpha: Any, x: Array) -> Any:
    if isinstance(alpha, Tensor):
        alpha = alpha.array.item()
    if isinstance(alpha, float) and x.dtype.kind in "iub":
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    if isinstance(alpha, bool) and x.dtype.kind != "b":
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    return x.dtype.type(alpha)


def add(input: Any, other: Any, *, alpha: Any = 1, out: Tensor | None = None) -> Tensor:
    """input + alpha·other, broadcast."""
    return deliver(_add(input, other, alpha=alpha), out, "add")


def sub(input: Any, other: Any, *, alpha: Any = 1, out: Tensor | None = None) -> Tensor:
    """input − alpha·other, broadcast; RuntimeError if either is bool."""
    for one in (input, other):
        if isinstance(one, bool) or (isinstance(one, Tensor) and one.array.dtype == np.bool_):
            _refuse_bool(input, other)
    return deliver(_sub(input, other, alpha=alpha), out, "sub")


def _refuse_bool(x: Any, y: Any) -> None:
    both = all(isinstance(one, Tensor) and one.array.dtype == np.bool_ for one in (x, y))
    if not both:
        raise RuntimeError(
            "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, "
            "use the `~` or `logical_not()` operator instead."
        )


def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """other − alpha·input."""
    need_tensor_among("rsub", input, other, first=True)
    return sub(other, input, alpha=alpha)


@binary
def mul(x: Array, y: Array) -> Answer:
    """input · other, broadcast."""
    return x * y, (lambda g: g * y, lambda g: g * x)


@op(promote=True, floating=True)
def _div(x: Array, y: Array) -> Answer:
    value = x / y
    return value, (lambda g: g / y, lambda g: -g * (value / y))


@op(promote=True)
def _floor_divide(x: Array, y: Array) -> Answer:
    _refuse_zero(y)
    if x.dtype.kind != "f":
        return x // y, None
    return _divided_down(x, y), (np.zeros_like, np.zeros_like)


@op(promote=True)
def _trunc_divide(x: Array, y: Array) -> Answer:
    _refuse_zero(y)
    if x.dtype.kind == "f":
        return np.trunc(x / y), (np.zeros_like, np.zeros_like)
    return (x - np.fmod(x, y)) // y, None


def _divided_down(x: Array, y: Array) -> Array:
    """numpy's (and Python's) floor division, ±inf where the divisor is 0."""
    return np.where(y == 0, x / y, np.floor_divide(x, y))


def _refuse_zero(y: Array) -> None:
    if y.dtype.kind in "iu" and (y == 0).any():
        raise RuntimeError("ZeroDivisionError")


def div(input: Any, other: Any, *, rounding_mode: str | None = None, out: Tensor | None = None) -> Tensor:
    """input / other; *rounding_mode* 'floor' or 'trunc' rounds the quotient and keeps integers."""
    if rounding_mode is None:
        return deliver(_div(input, other), out, "div")
    if rounding_mode == "floor":
        return deliver(_floor_divide(input, other), out, "div")
    if rounding_mode == "trunc":
        return deliver(_trunc_divide(input, other), out, "div")
    raise RuntimeError(f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'")


def floor_divide(input: Any, other: Any, *, out: Tensor | None = None) -> Tensor:
    """The quotient rounded towards −inf."""
    return deliver(_floor_divide(input, other), out, "floor_divide")


@binary_either
def remainder(x: Array, y: Array) -> Answer:
    """Python's %: the sign of the divisor."""
    _refuse_zero(y)
    if x.dtype.kind != "f":
        return np.remainder(x, y), None
    return np.remainder(x, y), (lambda g: g, lambda g: -g * np.floor_divide(x, y))


@binary_second
def fmod(x: Array, y: Array) -> Answer:
    """C's fmod: the sign of the dividend."""
    _refuse_zero(y)
    if x.dtype.kind != "f":
        return np.fmod(x, y), None
    return np.fmod(x, y), (lambda g: g, lambda g: -g * np.trunc(x / y))


@op(promote=True)
def _pow(x: Array, y: Array) -> Answer:
    def of_base(g: Array) -> Any:
        return np.where(y == 0, x.dtype.type(0), g * y * np.power(x, y - 1))

    def of_exponent(g: Array) -> Any:
        blank = (x == 0) & (y >= 0)  # 0^y is flat in y from 0 on
        return np.where(blank, x.dtype.type(0), g * value * np.log(np.where(blank, x.dtype.type(1), x)))

    value = rounded(np.power, x, y)
    return value, (of_base, of_exponent)


def pow(input: Any, exponent: Any, *, out: Tensor | None = None) -> Tensor:
    """input to the power *exponent*, broadcast; RuntimeError for integers to a negative number."""
    need_tensor_among("pow", input, exponent)
    if isinstance(exponent, (int, float)):
        return deliver(_pow_number(input, exponent), out, "pow")
    return deliver(_pow(input, exponent), out, "pow")


def _pow_number(x: Tensor, exponent: float) -> Tensor:
    if x.array.dtype.kind in "iub":
        if isinstance(exponent, float):
            x = floating(x)
        elif exponent < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
    return _power(x, exponent=exponent)


@op
def _power(x: Array, *, exponent: float) -> Answer:
    """x to a fixed power; the common ones without np.power, which is ten times slower than a product."""
    if x.dtype == np.bool_:
        return np.power(x.astype(np.int64), int(exponent)), None
    if exponent == 2:
        return x * x, lambda g: g * (2 * x)
    if exponent == 0.5:
        root = np.sqrt(x)
        return root, lambda g: g / (2 * root)
    if exponent == 1:
        return x.copy(), lambda g: g
    if exponent == 0:
        return np.ones_like(x), np.zeros_like
    if exponent == 3:
        return x * x * x, lambda g: g * (3 * x * x)
    if exponent in (-0.5, -2) and x.dtype.kind == "f":
        inverse = 1 / (np.sqrt(x) if exponent == -0.5 else x * x)
        return inverse, lambda g: g * (exponent * inverse / x)
    return np.power(x, exponent), lambda g: g * (exponent * np.power(x, exponent - 1))


def float_power(input: Any, exponent: Any, *, out: Tensor | None = None) -> Tensor:
    """The power in float64, whatever the operands are."""
    need_tensor_among("float_power", input, exponent)
    kinds = [one.dtype.is_complex if isinstance(one, Tensor) else isinstance(one, complex) for one in (input, exponent)]
    kind, number = (complex128, complex) if any(kinds) else (float64, float)
    wide = [cast(one, kind) if isinstance(one, Tensor) else number(one) for one in (input, exponent)]
    return pow(wide[0], wide[1], out=out)


# Three operands


@op(promote=True)
def _lerp(x: Array, y: Array, weight: Array) -> Answer:
    near = np.abs(weight) < 0.5  # both forms are exact at their own end
    value = np.where(near, x + weight * (y - x), y - (y - x) * (1 - weight))
    return value, (lambda g: g * (1 - weight), lambda g: g * weight, lambda g: g * (y - x))


def lerp(input: Tensor, end: Tensor, weight: Any, *, out: Tensor | None = None) -> Tensor:
    """input + weight·(end − input)."""
    if isinstance(end, Tensor) and end.dtype is not input.dtype:
        wanted, got = (C_NAMES.get(one.dtype.name, one.dtype.name) for one in (input, end))
        raise RuntimeError(f"expected dtype {wanted} for `end` but got dtype {got}")
    return deliver(_lerp(input, end, weight), out, "lerp")


@op(promote=True)
def _addcmul(x: Array, a: Array, b: Array, *, value: Any) -> Answer:
    factor = x.dtype.type(value)
    return x + factor * a * b, (lambda g: g, lambda g: g * (factor * b), lambda g: g * (factor * a))


def addcmul(input: Tensor, tensor1: Any, tensor2: Any, *, value: Any = 1, out: Tensor | None = None) -> Tensor:
    """input + value·tensor1·tensor2."""
    return deliver(_addcmul(input, tensor1, tensor2, value=value), out, "addcmul")


@op(promote=True)
def _addcdiv(x: Array, a: Array, b: Array, *, value: Any) -> Answer:
    factor = x.dtype.type(value)
    return x + factor * (a / b), (lambda g: g, lambda g: g * (factor / b), lambda g: -g * (factor * a / (b * b)))


def addcdiv(input: Tensor, tensor1: Any, tensor2: Any, *, value: Any = 1, out: Tensor | None = None) -> Tensor:
    """input + value·tensor1/tensor2; RuntimeError for integer quotients."""
    if common_dtype((tensor1.array, tensor2.array)).category < FLOAT:
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a "
            "true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as "
            "(input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as "
            "(input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter "
            "implementation: (input + value * tensor1 / tensor2), for all dtypes."
        )
    return deliver(_addcdiv(input, tensor1, tensor2, value=value), out, "addcdiv")


subtract, multiply, divide = sub, mul, div


def true_divide(dividend: Any, divisor: Any, *, out: Tensor | None = None) -> Tensor:
    """dividend / divisor."""
    return div(dividend, divisor, out=out)
