"""Rounding, fractions and signs, element by element: the gradient of a step is 0."""

from __future__ import annotations

import builtins

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .out import deliver
from .pointwise import require_tensor, unary_any


@unary_any
def sign(x: Array) -> Answer:
    """−1, 0 or 1; nan stays nan in numpy and is 0 in torch."""
    y = x.copy() if x.dtype == np.bool_ else np.sign(x)
    if y.dtype.kind == "f":
        y = np.where(np.isnan(y), y.dtype.type(0), y)
    return y, np.zeros_like


@unary_any
def sgn(x: Array) -> Answer:
    """sign for real numbers, x/|x| for complex ones."""
    return (x.copy() if x.dtype == np.bool_ else np.nan_to_num(np.sign(x))), np.zeros_like


@unary_any
def signbit(x: Array) -> Answer:
    """Whether the sign bit is set: true for −0.0."""
    return (np.signbit(x) if x.dtype.kind == "f" else x < 0), None


@unary_any
def floor(x: Array) -> Answer:
    """The largest whole number not above x."""
    return (np.floor(x) if x.dtype.kind == "f" else x.copy()), np.zeros_like


@unary_any
def ceil(x: Array) -> Answer:
    """The smallest whole number not below x."""
    return (np.ceil(x) if x.dtype.kind == "f" else x.copy()), np.zeros_like


@unary_any
def trunc(x: Array) -> Answer:
    """x without its fraction."""
    return (np.trunc(x) if x.dtype.kind == "f" else x.copy()), np.zeros_like


fix = trunc


@unary_any
def frac(x: Array) -> Answer:
    """The fraction of x, with its sign."""
    return x - np.trunc(x), lambda g: g


@op
def _round(x: Array, *, decimals: int) -> Answer:
    if x.dtype.kind != "f":
        return x.copy(), None
    scale = x.dtype.type(10.0 ** builtins.abs(decimals))
    if decimals == 0:
        y = np.rint(x)
    elif decimals > 0:
        y = np.rint(x * scale) / scale
    else:
        y = np.rint(x / scale) * scale
    return y, np.zeros_like


def round(input: Tensor, *, decimals: int = 0, out: Tensor | None = None) -> Tensor:
    """The nearest number of that many decimals, halves to even; its gradient is 0."""
    require_tensor(input, "round")
    return deliver(_round(input, decimals=decimals), out, "round")


@op
def _nan_to_num(x: Array, *, nan: float, posinf: float | None, neginf: float | None) -> Answer:
    if x.dtype.kind != "f":
        return x.copy(), None
    finite = np.isfinite(x)
    return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf), lambda g: g * finite


def nan_to_num(
    input: Tensor,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """nan → *nan* (0), infinities → *posinf*, *neginf* (the largest and smallest of the dtype)."""
    require_tensor(input, "nan_to_num")
    return deliver(_nan_to_num(input, nan=nan or 0.0, posinf=posinf, neginf=neginf), out, "nan_to_num")
