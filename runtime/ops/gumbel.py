"""`gumbel_softmax`: sampling that gradients pass through."""

from __future__ import annotations

import warnings

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..random.generator import default_generator
from ..random.noise import gumbel
from ..tensor import Tensor
from .dims import wrap_dim
from .softmax import softmax

__all__ = ["gumbel_softmax"]


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
