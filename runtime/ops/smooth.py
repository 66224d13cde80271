"""Smooth activations: `sigmoid` and its relatives, `gelu`, `silu`, `mish`, `softplus`, `glu`."""

from __future__ import annotations

import math

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .activation import applied
from .chain import in_blocks
from .dims import wrap_dim
from .normal_cdf import normal_cdf
from .pointwise import unary
from .supported import floating

__all__ = ["gelu", "glu", "logsigmoid", "mish", "sigmoid", "silu", "softplus", "softsign", "tanh", "tanhshrink"]


def logistic(x: Array) -> Array:
    """``1 / (1 + exp(-x))``; exp may overflow to infinity, which gives the right 0."""
    with np.errstate(over="ignore"):
        y = np.exp(-x)
    y += 1
    return np.reciprocal(y, out=y) if y.ndim else 1 / y


def log1pexp(x: Array) -> Array:
    """``log(1 + exp(x))`` without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


@unary
def sigmoid(x: Array) -> Answer:
    """``1 / (1 + exp(-x))``; integers give the default dtype."""
    y = np.asarray(logistic(x))
    return y, lambda g: g * (y * (1 - y))


@unary
def tanh(x: Array) -> Answer:
    """The hyperbolic tangent; integers give the default dtype."""
    y = np.asarray(np.tanh(x))
    return y, lambda g: g * (1 - y * y)


@op(floating=True)
def _tanhshrink(x: Array) -> Answer:
    t = np.tanh(x)
    return x - t, lambda g: g * (t * t)


@op(floating=True)
def _softsign(x: Array) -> Answer:
    scale = 1 / (1 + np.abs(x))
    return x * scale, lambda g: g * (scale * scale)


@op
def _logsigmoid(x: Array) -> Answer:
    return -log1pexp(-x), lambda g: g * logistic(-x)


@op
def _softplus(x: Array, *, beta: float, threshold: float) -> Answer:
    scaled = x * beta
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(scaled > threshold, x, log1pexp(scaled) / beta)
    return y, lambda g: np.where(scaled > threshold, g, g * logistic(scaled))


@op
def _silu(x: Array) -> Answer:
    s = in_blocks(logistic, x)
    return x * s, lambda g: in_blocks(lambda g, x, s: g * (s * (1 + x * (1 - s))), g, x, s)


@op
def _mish(x: Array) -> Answer:
    t = in_blocks(lambda x: np.tanh(log1pexp(x)), x)
    return x * t, lambda g: in_blocks(lambda g, x, t: g * (t + x * logistic(x) * (1 - t * t)), g, x, t)


ROOT, CUBE = math.sqrt(2 / math.pi), 0.044715


def _gelu_tanh_slope(g: Array, x: Array, t: Array) -> Array:
    slope: Array = 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * (ROOT * (1 + 3 * CUBE * (x * x)))
    return np.asarray(g * slope)


@op(layout="first")
def _gelu(x: Array, *, approximate: str) -> Answer:
    if approximate == "tanh":
        t = in_blocks(lambda x: np.tanh(ROOT * (x + CUBE * (x * x * x))), x)
        return in_blocks(lambda x, t: 0.5 * x * (1 + t), x, t), lambda g: in_blocks(_gelu_tanh_slope, g, x, t)
    cdf = in_blocks(normal_cdf, x)
    density = 1 / math.sqrt(2 * math.pi)
    return x * cdf, lambda g: in_blocks(lambda g, x, cdf: g * (cdf + x * np.exp(-0.5 * (x * x)) * density), g, x, cdf)


@op
def _glu(x: Array, *, dim: int) -> Answer:
    value, gate = np.split(x, 2, dim)
    s = logistic(gate)
    return value * s, lambda g: np.concatenate((g * s, g * value * (s * (1 - s))), dim)


def tanhshrink(input: Tensor) -> Tensor:
    """``x - tanh(x)``."""
    return _tanhshrink(input)


def softsign(input: Tensor) -> Tensor:
    """``x / (1 + |x|)``."""
    return _softsign(input)


def logsigmoid(input: Tensor) -> Tensor:
    """``log(1 / (1 + exp(-x)))``."""
    floating("log_sigmoid_cpu", input)
    return _logsigmoid(input)


def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """``log(1 + exp(beta * x)) / beta``, and x itself where ``beta * x > threshold``."""
    floating("softplus_cpu", input)
    return _softplus(input, beta=beta, threshold=threshold)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """``x * sigmoid(x)``."""
    floating("silu_cpu", input)
    return applied(_silu, input, inplace)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """``x * tanh(softplus(x))``."""
    floating("mish_cpu", input)
    return applied(_mish, input, inplace)


def gelu(input: Tensor, *, approximate: str = "none") -> Tensor:
    """``x * Phi(x)`` with the normal distribution function, or its ``'tanh'`` approximation.

    RuntimeError for another ``approximate``. https://arxiv.org/abs/1606.08415
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    floating("GeluKernelImpl", input)
    return _gelu(input, approximate=approximate)


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """First half along ``dim`` times the sigmoid of the second. RuntimeError for an odd size."""
    if input.ndim == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    axis = wrap_dim(dim, input.ndim)
    size = input.shape[axis]
    if size % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {axis} is size {size}")
    floating("glu_cpu", input)
    return _glu(input, dim=axis)
