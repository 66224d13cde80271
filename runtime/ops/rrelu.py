"""`rrelu` of torch.nn.functional: slopes drawn for every element that is not positive."""

from __future__ import annotations

import math

from ..array import Answer, Array, Drawn
from ..autograd import op
from ..dtypes import float16
from ..inplace import inplace as change
from ..random.generator import Generator, stream_of
from ..random.noise import rrelu_slopes
from ..tensor import Tensor
from .activation import leaky_relu

__all__ = ["rrelu", "rrelu_"]


@op(name="rrelu_with_noise", again=False)
def _rrelu(x: Array, *, lower: float, upper: float, generator: Generator | None) -> Answer:
    drawn = Drawn(rrelu_slopes(stream_of(generator), x, lower, upper))
    return x * drawn.noise, lambda g: g * drawn.noise


def rrelu(
    input: Tensor,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
    inplace: bool = False,
    *,
    generator: Generator | None = None,
) -> Tensor:
    """x if x > 0, else x · a: a of [lower, upper) in training, drawn per element, and their mean otherwise.

    Xu and others, 2015. RuntimeError if lower > upper or one is not finite. torch takes `generator` in `torch.rrelu`.
    """
    for name, bound in (("lower", lower), ("upper", upper)):
        if not math.isfinite(bound):
            raise RuntimeError(f"rrelu: {name} bound must be finite, got {bound}")
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if not training:
        return leaky_relu(input, (lower + upper) / 2, inplace)
    if input.dtype is float16 or not input.dtype.is_floating_point:
        raise NotImplementedError(f"\"rrelu_with_noise_out_cpu\" not implemented for '{input.dtype.legacy}'")
    static = {"lower": lower, "upper": upper, "generator": generator}
    return change(_rrelu, input, **static) if inplace else _rrelu(input, **static)


def rrelu_(
    input: Tensor,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """In-place version of `rrelu`."""
    return rrelu(input, lower, upper, training, True, generator=generator)
