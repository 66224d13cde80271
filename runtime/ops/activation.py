"""Piecewise activations, from `relu` to `hardswish`, and their in-place forms.

Where two pieces meet, each takes the derivative torch takes: 0 for `relu` at 0, of the lower piece for `elu`.
"""

from __future__ import annotations

import numpy as np

from ..array import Answer, Array
from ..autograd import Op, op
from ..inplace import inplace as change
from ..summed import summed
from ..tensor import Tensor
from .select import chosen, zeroed
from .supported import floating, same

__all__ = [
    "celu",
    "celu_",
    "elu",
    "elu_",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hardtanh_",
    "leaky_relu",
    "leaky_relu_",
    "prelu",
    "relu",
    "relu6",
    "relu_",
    "selu",
    "selu_",
    "softshrink",
    "threshold",
    "threshold_",
]

SIXTH = 0.1666666716337204  # as torch has it, in float64 too: one sixth rounded to float32


def applied(op: Op[Tensor], input: Tensor, inplace: bool, **static: float) -> Tensor:
    """``op`` on ``input``; the result in ``input``'s own memory if ``inplace``."""
    return change(op, input, **static) if inplace else op(input, **static)


@op
def _relu(x: Array) -> Answer:
    y = np.maximum(x, 0)
    return y, lambda g: zeroed(g, y <= 0)


@op
def _threshold(x: Array, *, threshold: float, value: float) -> Answer:
    low = x <= threshold
    return np.where(low, x.dtype.type(value), x), lambda g: zeroed(g, low)


@op
def _hardtanh(x: Array, *, min_val: float, max_val: float) -> Answer:
    y = np.clip(x, x.dtype.type(min_val), x.dtype.type(max_val))
    return y, lambda g: zeroed(g, (x <= min_val) | (x >= max_val))


@op
def _relu6(x: Array) -> Answer:
    return np.clip(x, 0, 6), lambda g: zeroed(g, (x <= 0) | (x >= 6))


@op
def _leaky_relu(x: Array, *, negative_slope: float) -> Answer:
    return chosen(x > 0, x, x * negative_slope), lambda g: chosen(x > 0, g, g * negative_slope)


@op
def _prelu(x: Array, w: Array) -> Answer:
    slope = w.reshape(()) if w.size == 1 else w if x.ndim < 2 else w.reshape(-1, *[1] * (x.ndim - 2))
    axes = tuple(range(x.ndim)) if w.size == 1 else tuple(i for i in range(x.ndim) if i != 1)
    shape = w.shape
    return chosen(x > 0, x, slope * x), (
        lambda g: chosen(x > 0, g, slope * g),
        lambda g: summed(zeroed(x * g, x > 0), axes).reshape(shape),
    )


def exponential_linear(x: Array, alpha: float, scale: float, rate: float) -> Answer:
    """``scale * x`` above 0, ``scale * alpha * (exp(rate * x) - 1)`` up to it: elu, selu, celu."""
    curve = np.expm1(np.minimum(x, 0) * rate)
    y = chosen(x > 0, x * scale, curve * (alpha * scale))
    return y, lambda g: chosen(x <= 0, g * (curve + 1) * (alpha * scale * rate), g * scale)


@op
def _elu(x: Array, *, alpha: float) -> Answer:
    return exponential_linear(x, alpha, 1.0, 1.0)


@op
def _selu(x: Array) -> Answer:
    return exponential_linear(x, 1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1.0)


@op
def _celu(x: Array, *, alpha: float) -> Answer:
    y, _ = exponential_linear(x, alpha, 1.0, 1.0 / alpha)
    rate = 1.0 / float(np.float32(alpha))  # as in torch's derivative, in float64 too
    return y, lambda g: chosen(x <= 0, g * np.exp(np.minimum(x, 0) * rate) * (alpha * rate), g)


@op
def _hardsigmoid(x: Array) -> Answer:
    return np.clip(x + 3, 0, 6) / 6, lambda g: zeroed(g * SIXTH, ~((x > -3) & (x < 3)))


@op
def _hardswish(x: Array) -> Answer:
    y = x * np.clip(x + 3, 0, 6) / 6
    return y, lambda g: zeroed(chosen(x < 3, g * (x / 3 + 0.5), g), x <= -3)


@op
def _hardshrink(x: Array, *, lambd: float) -> Answer:
    small = (x >= -lambd) & (x <= lambd)
    return zeroed(x, small), lambda g: zeroed(g, small)


@op
def _softshrink(x: Array, *, lambd: float) -> Answer:
    small = (x >= -lambd) & (x <= lambd)
    return zeroed(x - np.copysign(lambd, x), small), lambda g: zeroed(g, small)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """``max(x, 0)``. RuntimeError for booleans."""
    if input.dtype.name == "bool":
        raise RuntimeError("Boolean inputs not supported for relu")
    return applied(_relu, input, inplace)


def relu_(input: Tensor) -> Tensor:
    """`relu` in place."""
    return relu(input, inplace=True)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """x where ``x > threshold``, else ``value``."""
    return applied(_threshold, input, inplace, threshold=threshold, value=value)


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """`threshold` in place."""
    return change(_threshold, input, threshold=threshold, value=value)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """x kept between ``min_val`` and ``max_val``. ValueError if these are the wrong way round."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    if input.dtype.name == "uint8" and min_val < 0:
        raise RuntimeError("cannot do hardtanh on an unsigned type with negative limits")
    return applied(_hardtanh, input, inplace, min_val=min_val, max_val=max_val)


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """`hardtanh` in place."""
    return hardtanh(input, min_val, max_val, inplace=True)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """``min(max(x, 0), 6)``."""
    return applied(_relu6, input, inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x above 0, ``negative_slope * x`` up to it."""
    floating("leaky_relu_cpu", input)
    return applied(_leaky_relu, input, inplace, negative_slope=negative_slope)


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """`leaky_relu` in place."""
    return leaky_relu(input, negative_slope, inplace=True)


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """`leaky_relu` with a learnt slope: one number, or one per channel (dimension 1)."""
    same("prelu: Type promoting not supported. Got {} and {}", input, weight)
    slopes = weight.array.size
    if slopes != 1:
        if input.ndim == 0:
            raise RuntimeError("Not allow zero-dim input tensor.")
        channels = input.shape[1] if input.ndim > 1 else 1
        if channels != slopes:
            raise RuntimeError(
                "Mismatch of parameter numbers and input channel size. "
                f"Found parameter numbers = {slopes} and channel size = {channels}."
            )
    if weight.ndim > 1:
        raise RuntimeError(f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.ndim}")
    return _prelu(input, weight)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x above 0, ``alpha * (exp(x) - 1)`` up to it."""
    floating("elu_cpu", input)
    return applied(_elu, input, inplace, alpha=alpha)


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`elu` in place."""
    return elu(input, alpha, inplace=True)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """`elu` scaled so that mean 0 and variance 1 are kept: https://arxiv.org/abs/1706.02515."""
    floating("elu_cpu", input)
    return applied(_selu, input, inplace)


def selu_(input: Tensor) -> Tensor:
    """`selu` in place."""
    return selu(input, inplace=True)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x above 0, ``alpha * (exp(x / alpha) - 1)`` up to it."""
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    floating("elu_cpu", input)
    return applied(_celu, input, inplace, alpha=alpha)


def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`celu` in place."""
    return celu(input, alpha, inplace=True)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """``relu6(x + 3) / 6``."""
    floating("hardsigmoid_cpu", input)
    return applied(_hardsigmoid, input, inplace)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """``x * relu6(x + 3) / 6``."""
    floating("hardswish_cpu", input)
    return applied(_hardswish, input, inplace)


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x, or 0 where x lies within ``lambd`` of 0."""
    floating("hardshrink_cpu", input)
    return _hardshrink(input, lambd=lambd)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x moved towards 0 by ``lambd``, not beyond. RuntimeError for a negative ``lambd``."""
    floating("softshrink_check", input)
    if lambd < 0:
        top = np.finfo(input.array.dtype).max
        raise RuntimeError(
            f"lambda must be in range [0, {top:g}] for input dtype {input.dtype.legacy}, but found {lambd:g}"
        )
    return _softshrink(input, lambd=lambd)
