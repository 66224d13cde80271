"""Activations that draw random numbers: `rrelu` and `gumbel_softmax`."""

from __future__ import annotations

import warnings

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..random.generator import default_generator
from ..random.noise import gumbel, rrelu_slopes
from ..tensor import Tensor
from .activation import applied, leaky_relu
from .dims import wrap_dim
from .softmax import softmax
from .supported import floating


@op(name="rrelu")
def _rrelu(x: Array, *, lower: float, upper: float) -> Answer:
    slopes = rrelu_slopes(default_generator.stream, x, lower, upper)
    return x * slopes, lambda g: g * slopes


def rrelu(
    input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False, inplace: bool = False
) -> Tensor:
    """`leaky_relu` with a slope drawn between ``lower`` and ``upper`` for every x <= 0; their middle if not training.

    https://arxiv.org/abs/1505.00853
    """
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if not training:
        return leaky_relu(input, (lower + upper) / 2, inplace)
    floating("rrelu_with_noise_out_cpu", input)
    return applied(_rrelu, input, inplace, lower=lower, upper=upper)


def rrelu_(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False) -> Tensor:
    """`rrelu` in place."""
    return rrelu(input, lower, upper, training, inplace=True)


@op
def _hardened(y: Array, *, dim: int) -> Answer:
    """1 at the largest, 0 elsewhere; the gradient passes straight through."""
    hard = np.zeros_like(y)
    np.put_along_axis(hard, np.expand_dims(y.argmax(dim), dim), 1, dim)
    return hard - y + y, lambda g: g  # torch's own way to the number: not always exactly 1


@op(name="gumbel_noise")
def _perturbed(x: Array, *, tau: float) -> Answer:
    return (x + gumbel(default_generator.stream, x)) / tau, lambda g: g / tau


def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Tensor:
    """`softmax` of ``(logits + Gumbel noise) / tau``; ``hard`` gives its one-hot form with the soft gradient.

    https://arxiv.org/abs/1611.01144
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=2)
    soft = softmax(_perturbed(logits, tau=tau), dim)
    return _hardened(soft, dim=wrap_dim(dim, logits.ndim)) if hard else soft
