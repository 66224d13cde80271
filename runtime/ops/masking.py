"""`torch.dropout` and its kin, under their torch-level names: multiplication by noise that was drawn for this call.

Every one takes (input, p, train), gives the input itself back if p is 0 or train is false, and raises RuntimeError for
a p outside [0, 1]. The `feature_` ones draw per channel, (N, C), and want two dimensions at least.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..array import Answer, Array, Drawn
from ..autograd import Op, op
from ..inplace import inplace
from ..layout import empty_like
from ..random.discrete import bernoulli
from ..random.generator import default_generator
from ..tensor import Tensor

_SELU_FLOOR = 1.7580993408473766
"""−selu(−∞): what alpha dropout sets elements to, negated."""


def dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """Elements become 0 with probability p, the others grow by 1 / (1 − p)."""
    return _apply(_dropout, input, p, train)


def dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """In-place version of `dropout`."""
    return _apply(_dropout, input, p, train, in_place=True)


def alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """Dropout that keeps mean and variance after SELU: Klambauer and others, 2017."""
    return _apply(_alpha_dropout, input, p, train)


def alpha_dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """In-place version of `alpha_dropout`."""
    return _apply(_alpha_dropout, input, p, train, in_place=True)


def feature_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """Dropout of whole channels."""
    return _apply(_feature_dropout, input, p, train)


def feature_dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """In-place version of `feature_dropout`."""
    return _apply(_feature_dropout, input, p, train, in_place=True)


def feature_alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """Alpha dropout of whole channels."""
    return _apply(_feature_alpha_dropout, input, p, train)


def feature_alpha_dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """In-place version of `feature_alpha_dropout`."""
    return _apply(_feature_alpha_dropout, input, p, train, in_place=True)


def channel_dropout(input: Tensor, p: float, train: bool, batched: bool, in_place: bool) -> Tensor:
    """`feature_dropout`, whose channels come first if the input is not batched."""
    return _apply(_feature_dropout, input, p, train, in_place=in_place, **({} if batched else {"batched": False}))


def _apply(change: Op[Tensor], input: Tensor, p: Any, train: bool, in_place: bool = False, **static: Any) -> Tensor:
    if not isinstance(input, Tensor):
        name = change.name + "_" * in_place
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    p = float(p)
    if not 0 <= p <= 1:
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p:g}")
    if p == 0 or not train or not input.array.size:
        return input
    return inplace(change, input, p=p, **static) if in_place else change(input, p=p, **static)


@op(name="dropout", again=False)
def _dropout(x: Array, *, p: float) -> Answer:
    return _scaled(x, p, lambda: empty_like(x))


@op(name="feature_dropout", again=False)
def _feature_dropout(x: Array, *, p: float, batched: bool = True) -> Answer:
    return _scaled(x, p, lambda: _per_channel(x, batched))


@op(name="alpha_dropout", again=False)
def _alpha_dropout(x: Array, *, p: float) -> Answer:
    return _shifted(x, p, lambda: empty_like(x))


@op(name="feature_alpha_dropout", again=False)
def _feature_alpha_dropout(x: Array, *, p: float) -> Answer:
    return _shifted(x, p, lambda: _per_channel(x, True))


def _per_channel(x: Array, batched: bool) -> Array:
    leading = x.shape[: 1 + batched]
    if x.ndim < 1 + batched:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    return np.empty(leading + (1,) * (x.ndim - len(leading)), x.dtype)


def _scaled(x: Array, p: float, room: Callable[[], Array]) -> Answer:
    if p == 1:
        return _nothing(x)
    noise = _kept(x, p, room)
    noise *= noise.dtype.type(1 / _wide(noise)(1 - p))
    drawn = Drawn(noise)
    return x * noise, lambda g: g * drawn.noise


def _shifted(x: Array, p: float, room: Callable[[], Array]) -> Answer:
    if p == 1:
        return _nothing(x)
    noise = _kept(x, p, room)
    scale = 1.0 / math.sqrt((_SELU_FLOOR * _SELU_FLOOR * p + 1) * (1 - p))
    kind, wide = noise.dtype.type, _wide(noise)
    shift = (noise - kind(1)) * kind(_SELU_FLOOR * scale) + wide(_SELU_FLOOR * scale * p)
    noise *= kind(scale)
    drawn = Drawn(noise)
    return x * noise + shift.astype(x.dtype, copy=False), lambda g: g * drawn.noise


def _wide(noise: Array) -> Any:
    """The type in which torch computes with a number: single precision at least."""
    return np.result_type(noise, np.float32).type


def _nothing(x: Array) -> Answer:
    return x * 0, lambda g: g * 0


def _kept(x: Array, p: float, room: Callable[[], Array]) -> Array:
    """Ones where an element is kept, drawn into the array that `room` makes."""
    if x.dtype.kind not in "fc":
        raise RuntimeError("result type Float can't be cast to the desired output type Long")
    noise: Array = room()
    bernoulli(default_generator.stream, noise, 1 - p)
    return noise
