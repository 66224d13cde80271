"""Losses by distance: `mse_loss`, `l1_loss`, `smooth_l1_loss`, `huber_loss`."""

from __future__ import annotations

import warnings

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import FLOAT
from ..promotion import result_type
from ..tensor import Tensor
from .reduction import finish, reduction_of
from .supported import floating

__all__ = ["huber_loss", "l1_loss", "mse_loss", "smooth_l1_loss"]


@op(promote=True)
def _mse_loss(x: Array, t: Array, *, reduction: str) -> Answer:
    d = x - t
    return finish(d * d, (lambda g: g * d * 2, lambda g: g * d * -2), reduction)


@op(promote=True)
def _l1_loss(x: Array, t: Array, *, reduction: str) -> Answer:
    d = x - t
    return finish(np.abs(d), (lambda g: g * np.sign(d), lambda g: g * -np.sign(d)), reduction)


@op(promote=True)
def _smooth_l1_loss(x: Array, t: Array, *, reduction: str, beta: float) -> Answer:
    d = x - t
    size = np.abs(d)
    losses = np.where(size < beta, 0.5 * d * d / beta, size - 0.5 * beta)

    def slope() -> Array:
        return np.clip(d / beta, -1, 1)

    return finish(losses, (lambda g: g * slope(), lambda g: g * -slope()), reduction)


@op(promote=True)
def _huber_loss(x: Array, t: Array, *, reduction: str, delta: float) -> Answer:
    d = x - t
    size = np.abs(d)
    losses = np.where(size < delta, 0.5 * d * d, delta * (size - 0.5 * delta))
    return finish(
        losses, (lambda g: g * np.clip(d, -delta, delta), lambda g: g * -np.clip(d, -delta, delta)), reduction
    )


@op(promote=True)
def _weighted(losses: Array, w: Array, *, reduction: str) -> Answer:
    return finish(losses * w, (lambda g: g * w, lambda g: g * losses), reduction)


@op(promote=True)
def _weighted_mean(losses: Array, w: Array) -> Answer:
    with np.errstate(invalid="ignore"):
        share = w.sum()
        mean = np.asarray((losses * w).sum() / share)
    return mean, (lambda g: g * (w / share), lambda g: g * ((losses - mean) / share))


def _same_size(input: Tensor, target: Tensor, stacklevel: int = 3) -> None:
    """torch's warning where the sizes differ."""
    if target.shape != input.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}). "
            "This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.",
            stacklevel=stacklevel,
        )


def _weigh(losses: Tensor, input: Tensor, weight: Tensor, reduction: str, by_weight: bool) -> Tensor:
    """``losses`` times ``weight``, reduced; ``by_weight``: the mean is over the sum of the weights."""
    if weight.shape != input.shape:
        raise ValueError("Weights and input must have the same size.")
    if by_weight and reduction == "mean":
        return _weighted_mean(losses, weight)
    return _weighted(losses, weight, reduction=reduction)


def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """``(input - target) ** 2``; with ``weight`` the mean is over its sum."""
    _same_size(input, target)
    reduction = reduction_of(reduction, size_average, reduce)
    if weight is not None:
        return _weigh(_mse_loss(input, target, reduction="none"), input, weight, reduction, True)
    if not (input.dtype.is_floating_point or target.dtype.is_floating_point):
        floating("mse_cpu", input)
    return _mse_loss(input, target, reduction=reduction)


def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """``|input - target|``; with ``weight`` the mean is over its sum."""
    _same_size(input, target)
    reduction = reduction_of(reduction, size_average, reduce)
    if weight is not None:
        return _weigh(_l1_loss(input, target, reduction="none"), input, weight, reduction, True)
    if reduction == "mean" and result_type(input, target).category < FLOAT:
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
            f"Got: {input.dtype.legacy}"
        )
    return _l1_loss(input, target, reduction=reduction)


def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """Squared within ``beta`` of the target (halved, over ``beta``), absolute beyond."""
    _same_size(input, target)
    reduction = reduction_of(reduction, size_average, reduce)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return _l1_loss(input, target, reduction=reduction)
    return _smooth_l1_loss(input, target, reduction=reduction, beta=beta)


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """Half the square within ``delta`` of the target, ``delta`` times the distance (less delta / 2) beyond."""
    _same_size(input, target)
    reduction = reduction_of(reduction)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    common = result_type(input, target)
    if common.category > input.dtype.category:
        raise RuntimeError(f"result type {common.legacy} can't be cast to the desired output type {input.dtype.legacy}")
    if weight is not None:
        losses = _huber_loss(input, target, reduction="none", delta=delta)
        return _weigh(losses, input, weight, reduction, False)
    return _huber_loss(input, target, reduction=reduction, delta=delta)
