"""erf and its relatives, lgamma and its derivatives, as functions of a tensor."""

from __future__ import annotations

import math

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .erf_values import erf_values, erfc_values, erfinv_values
from .gamma_values import digamma_values, lgamma_values, polygamma_values
from .out import deliver
from .pointwise import unary
from .working_dtype import floating

_SLOPE = 2 / math.sqrt(math.pi)


@unary
def erf(x: Array) -> Answer:
    """2/√π ∫₀ˣ exp(−t²) dt."""
    return erf_values(x), lambda g: g * np.exp(-x * x) * x.dtype.type(_SLOPE)


@unary
def erfc(x: Array) -> Answer:
    """1 − erf(x), without cancellation."""
    return erfc_values(x), lambda g: -g * np.exp(-x * x) * x.dtype.type(_SLOPE)


@unary
def erfinv(x: Array) -> Answer:
    """The inverse of erf."""
    y = erfinv_values(x)
    return y, lambda g: g * np.exp(y * y) / y.dtype.type(_SLOPE)


@unary
def lgamma(x: Array) -> Answer:
    """log|Γ(x)|."""
    return lgamma_values(x), lambda g: g * digamma_values(x)


@unary
def digamma(x: Array) -> Answer:
    """The derivative of lgamma."""
    return digamma_values(x), lambda g: g * polygamma_values(1, x)


@op
def _polygamma(x: Array, *, n: int) -> Answer:
    return polygamma_values(n, x), lambda g: g * polygamma_values(n + 1, x)


def polygamma(n: int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The *n*-th derivative of digamma; RuntimeError for negative *n*."""
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    return deliver(digamma(input) if n == 0 else _polygamma(floating(input), n=n), out, "polygamma")


@unary
def ndtr(x: Array) -> Answer:
    """The normal distribution function: ½·erfc(−x/√2)."""
    half = x.dtype.type(0.5)
    value = half * erfc_values(-x * x.dtype.type(math.sqrt(0.5)))
    return value, lambda g: g * np.exp(-half * x * x) * x.dtype.type(1 / math.sqrt(2 * math.pi))


@unary
def entr(x: Array) -> Answer:
    """−x·log(x): 0 at 0, −inf below."""
    zero = x.dtype.type(0)
    value = np.where(x > 0, -x * np.log(x), np.where(x == 0, zero, np.where(np.isnan(x), x, -np.inf).astype(x.dtype)))
    return value, lambda g: g * np.where(x > 0, -np.log(x) - 1, np.inf).astype(x.dtype)
