"""Functions of one tensor, element by element: roots, exponentials, trigonometry, rounding, signs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .out import deliver
from .pointwise import require_tensor, unary, unary_any
from .rounded import rounded
from .working_dtype import floating

# Roots and powers


@unary
def sqrt(x: Array) -> Answer:
    """√x; the gradient at 0 is inf."""
    y = np.sqrt(x)
    return y, lambda g: g / (2 * y)


@unary
def rsqrt(x: Array) -> Answer:
    """1/√x."""
    y = 1 / np.sqrt(x)
    return y, lambda g: g * (-0.5 * y * y * y)


@unary_any
def square(x: Array) -> Answer:
    """x²; int64 for bool."""
    y = np.square(x) if x.dtype != np.bool_ else x.astype(np.int64)
    return y, lambda g: g * (2 * x)


@unary
def reciprocal(x: Array) -> Answer:
    """1/x."""
    y = np.reciprocal(x)
    return y, lambda g: -g * (y * y)


# Exponentials and logarithms


@unary
def exp(x: Array) -> Answer:
    """eˣ."""
    y = rounded(np.exp, x)
    return y, lambda g: g * y


@unary
def exp2(x: Array) -> Answer:
    """2ˣ."""
    y = rounded(np.exp2, x)
    return y, lambda g: g * y * y.dtype.type(math.log(2))


@unary
def expm1(x: Array) -> Answer:
    """eˣ − 1, exact near 0."""
    y = rounded(np.expm1, x)
    return y, lambda g: g * (y + 1)


@unary
def log(x: Array) -> Answer:
    """Natural logarithm."""
    return rounded(np.log, x), lambda g: g / x


@unary
def log2(x: Array) -> Answer:
    """Logarithm to base 2."""
    return rounded(np.log2, x), lambda g: g / (x * x.dtype.type(math.log(2)))


@unary
def log10(x: Array) -> Answer:
    """Logarithm to base 10."""
    return rounded(np.log10, x), lambda g: g / (x * x.dtype.type(math.log(10)))


@unary
def log1p(x: Array) -> Answer:
    """log(1 + x), exact near 0."""
    return rounded(np.log1p, x), lambda g: g / (x + 1)


# Trigonometry


@unary
def sin(x: Array) -> Answer:
    """Sine of radians."""
    return rounded(np.sin, x), lambda g: g * np.cos(x)


@unary
def cos(x: Array) -> Answer:
    """Cosine of radians."""
    return rounded(np.cos, x), lambda g: -g * np.sin(x)


@unary
def tan(x: Array) -> Answer:
    """Tangent of radians."""
    y = rounded(np.tan, x)
    return y, lambda g: g * (1 + y * y)


@unary
def asin(x: Array) -> Answer:
    """Inverse sine; nan outside [-1, 1]."""
    return rounded(np.arcsin, x), lambda g: g / np.sqrt(1 - x * x)


@unary
def acos(x: Array) -> Answer:
    """Inverse cosine; nan outside [-1, 1]."""
    return rounded(np.arccos, x), lambda g: -g / np.sqrt(1 - x * x)


@unary
def atan(x: Array) -> Answer:
    """Inverse tangent."""
    return rounded(np.arctan, x), lambda g: g / (x * x + 1)


@unary
def sinh(x: Array) -> Answer:
    """Hyperbolic sine."""
    return rounded(np.sinh, x), lambda g: g * np.cosh(x)


@unary
def cosh(x: Array) -> Answer:
    """Hyperbolic cosine."""
    return rounded(np.cosh, x), lambda g: g * np.sinh(x)


@unary
def asinh(x: Array) -> Answer:
    """Inverse hyperbolic sine."""
    return rounded(np.arcsinh, x), lambda g: g / np.sqrt(x * x + 1)


@unary
def acosh(x: Array) -> Answer:
    """Inverse hyperbolic cosine; nan below 1."""
    return rounded(np.arccosh, x), lambda g: g / np.sqrt(x * x - 1)


@unary
def atanh(x: Array) -> Answer:
    """Inverse hyperbolic tangent; nan outside [-1, 1]."""
    return rounded(np.arctanh, x), lambda g: g / (1 - x * x)


@unary
def sinc(x: Array) -> Answer:
    """sin(πx)/(πx), 1 at 0."""
    turned = x * x.dtype.type(math.pi)
    y = np.sinc(x)

    def pullback(g: Array) -> Any:
        slope = (turned * np.cos(turned) - np.sin(turned)) / (turned * x)
        return g * np.where(x == 0, x.dtype.type(0), slope)

    return y, pullback


@unary
def deg2rad(x: Array) -> Answer:
    """Degrees to radians."""
    factor = x.dtype.type(math.pi / 180)
    return x * factor, lambda g: g * factor


@unary
def rad2deg(x: Array) -> Answer:
    """Radians to degrees."""
    factor = x.dtype.type(180 / math.pi)
    return x * factor, lambda g: g * factor


# Signs


@unary_any
def neg(x: Array) -> Answer:
    """−x; RuntimeError for bool."""
    if x.dtype == np.bool_:
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, "
            "use the `~` or `logical_not()` operator instead."
        )
    return -x, lambda g: -g


@unary_any
def positive(x: Array) -> Answer:
    """x itself; RuntimeError for bool."""
    if x.dtype == np.bool_:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return x, lambda g: g


@unary_any
def abs(x: Array) -> Answer:
    """|x|; the gradient at 0 is 0."""
    size = np.abs(x)
    if x.dtype.kind == "c":
        return size, lambda g: g * (x / np.where(size == 0, 1, size))
    return size, lambda g: g * np.sign(x)


abs.op.adjoint = True


@op
def _logit(x: Array, *, eps: float | None) -> Answer:
    z = x if eps is None else np.clip(x, x.dtype.type(eps), x.dtype.type(1 - eps))
    inside = True if eps is None else (x >= eps) & (x <= 1 - eps)
    return np.log(z / (1 - z)), lambda g: np.where(inside, g / (z * (1 - z)), z.dtype.type(0))


def logit(input: Tensor, eps: float | None = None, *, out: Tensor | None = None) -> Tensor:
    """log(x/(1 − x)), x first clamped to [eps, 1 − eps] if *eps* is given."""
    require_tensor(input, "logit")
    return deliver(_logit(floating(input), eps=eps), out, "logit")


absolute, negative = abs, neg
arcsin, arccos, arctan, arcsinh, arccosh, arctanh = asin, acos, atan, asinh, acosh, atanh
