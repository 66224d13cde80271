"""Classification losses over class indices or probabilities: `nll_loss` and `cross_entropy`."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..summed import summed
from ..tensor import Tensor, wrap
from .reduction import reduction_of
from .softmax import log_probabilities, log_softmax
from .supported import constant, floating

__all__ = ["cross_entropy", "nll_loss"]


def picked(log_p: Array, target: Array, w: Array | None, ignore_index: int) -> tuple[Array, Array]:
    """Of ``log_p`` (N, C, *S): each position's target as a valid index (N, 1, *S), and its weight, 0 if ignored."""
    ignored = target == ignore_index
    index = np.where(ignored, 0, target).astype(np.intp)
    if index.size and (index.min() < 0 or index.max() >= log_p.shape[1]):
        wrong = index[(index < 0) | (index >= log_p.shape[1])]
        raise IndexError(f"Target {wrong[0]} is out of bounds.")
    weight = np.ones(index.shape, log_p.dtype) if w is None else w[index]
    weight[ignored] = 0
    return np.expand_dims(index, 1), weight


def average(total: Array, divisor: Array) -> Array:
    """``total / divisor``; nothing divided by nothing is nan, without a warning."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(total / divisor)


def nll(log_p: Array, target: Array, w: Array | None, ignore_index: int, reduction: str) -> Answer:
    """Minus the log-probability of each target, times its class weight; the mean is over the weights."""
    index, weight = picked(log_p, target, w, ignore_index)
    losses = -np.take_along_axis(log_p, index, 1)[:, 0] * weight
    losses[weight == 0] = 0  # an ignored -inf counts nothing
    shape, total = log_p.shape, weight.sum()
    value = losses if reduction == "none" else losses.sum()
    value = average(value, total) if reduction == "mean" else value

    def to_log_p(g: Array) -> Array:
        g = average(g, total) if reduction == "mean" else g
        part = -weight * np.where(weight != 0, g, 0)
        dx = np.zeros(shape, log_p_dtype)
        np.put_along_axis(dx, index, np.expand_dims(part, 1).astype(log_p_dtype, copy=False), 1)
        return dx

    log_p_dtype = log_p.dtype
    return np.asarray(value), (to_log_p, None, None)


def with_batch(x: Array, target: Array) -> tuple[Array, Array]:
    """A single sample (C) and its target as a batch of one."""
    return (x[None], target.reshape(1)) if x.ndim == 1 else (x, target)


@op(linear=True)
def _nll_loss(x: Array, target: Array, w: Array | None, *, ignore_index: int, reduction: str) -> Answer:
    batch, targets = with_batch(x, target)
    value, rules = nll(batch, targets, w, ignore_index, reduction)
    shape = x.shape
    assert isinstance(rules, tuple)
    back = rules[0]
    assert back is not None
    value = value.reshape(target.shape) if reduction == "none" else value
    return value, (lambda g: back(g.reshape(targets.shape) if g.ndim else g).reshape(shape), None, None)


@op(name="cross_entropy_loss")
def _cross_entropy(
    x: Array, target: Array, w: Array | None, *, ignore_index: int, reduction: str, label_smoothing: float
) -> Answer:
    """Class indices. Smoothing mixes in the mean over all classes of their weighted losses."""
    batch, targets = with_batch(x, target)
    log_p = log_probabilities(batch, 1)
    index, weight = picked(log_p, targets, w, ignore_index)
    total = weight.sum()
    classes = np.ones(batch.shape[1], x.dtype) if w is None else w
    across = classes.reshape(-1, *[1] * (batch.ndim - 2))
    counted = targets != ignore_index
    losses = -np.take_along_axis(log_p, index, 1)[:, 0] * weight
    losses[~counted] = 0
    if label_smoothing:
        smooth = -(log_p * across).sum(1) * counted
        losses = losses * (1 - label_smoothing) + smooth * (label_smoothing / batch.shape[1])
    shape, sizes = x.shape, targets.shape

    def to_input(g: Array) -> Array:
        g = average(g, total) if reduction == "mean" else g
        g = np.where(counted, g.reshape(sizes) if g.ndim else g, 0)
        dlog = np.zeros_like(log_p)
        np.put_along_axis(dlog, index, np.expand_dims(-g * weight * (1 - label_smoothing), 1), 1)
        if label_smoothing:
            dlog -= np.expand_dims(g, 1) * across * (label_smoothing / log_p.shape[1])
        dlog -= np.exp(log_p) * dlog.sum(1, keepdims=True)
        return dlog.reshape(shape)

    if reduction == "none":
        return losses.reshape(target.shape), (to_input, None, None)
    value = losses.sum()
    return average(value, total) if reduction == "mean" else np.asarray(value), (to_input, None, None)


@_cross_entropy.composed
def _cross_entropy_of_others(
    x: Any, target: Any, w: Any, *, ignore_index: int, reduction: str, label_smoothing: float
) -> Any:
    batch, targets = (x[None], target.reshape(1)) if x.ndim == 1 else (x, target)
    log_p: Any = log_softmax(batch, 1)
    losses: Any = nll_loss(log_p, targets, w, ignore_index=ignore_index, reduction="none")
    _, weight = picked(log_p.array, targets.array, None if w is None else w.array, ignore_index)
    if label_smoothing:
        classes = batch.shape[1]
        across = np.ones(classes, x.array.dtype) if w is None else w.array
        counted = wrap((targets.array != ignore_index).astype(x.array.dtype))
        smooth = -(log_p * wrap(across.reshape(-1, *[1] * (batch.ndim - 2)))).sum(1) * counted
        losses = losses * (1 - label_smoothing) + smooth * (label_smoothing / classes)
    if reduction == "none":
        return losses.reshape(target.shape)
    return losses.sum() / float(weight.sum()) if reduction == "mean" else losses.sum()


@op(name="cross_entropy_loss")
def _soft_cross_entropy(x: Array, target: Array, w: Array | None, *, reduction: str, label_smoothing: float) -> Answer:
    """Class probabilities. The mean is over the positions, whatever the weights."""
    axis = 0 if x.ndim == 1 else 1
    log_p = log_probabilities(x, axis)
    classes = log_p.shape[axis]
    goal = target * (1 - label_smoothing) + label_smoothing / classes if label_smoothing else target
    across = np.ones(1, x.dtype) if w is None else w.reshape(-1, *[1] * (x.ndim - axis - 1))
    every = -(log_p * goal)
    losses = (every * across).sum(axis)
    count = prod(x.shape) / max(classes, 1)

    def spread(g: Array) -> Array:
        g = g / max(count, 1) if reduction == "mean" else g
        return np.expand_dims(g, axis) if reduction == "none" else g

    def to_input(g: Array) -> Any:
        dlog = -spread(g) * goal * across
        return dlog - np.exp(log_p) * dlog.sum(axis, keepdims=True)

    def to_target(g: Array) -> Array:
        return -spread(g) * log_p * across * (1 - label_smoothing)

    def to_weight(g: Array) -> Any:
        return summed(spread(g) * every, tuple(i for i in range(every.ndim) if i != axis))

    rules = (to_input, to_target, to_weight)
    if reduction == "none":
        return losses, rules
    value = losses.sum()
    return average(value, np.asarray(count, x.dtype)) if reduction == "mean" else np.asarray(value), rules


def _check_target(input: Tensor, target: Tensor, weight: Tensor | None) -> None:
    """Raises what torch raises where target or weight do not fit the input."""
    rank, shape = input.ndim, list(target.shape)
    if rank < 1:
        raise ValueError(f"Expected 1 or more dimensions (got {rank})")
    if rank != 1 and target.ndim and input.shape[0] != target.shape[0]:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0]}) to match target batch_size ({target.shape[0]})."
        )
    if rank <= 2 and target.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    wanted = [input.shape[0], *input.shape[2:]]
    if rank == 4 and shape != wanted:
        raise RuntimeError(f"size mismatch (got input: {list(input.shape)} , target: {shape}")
    if rank > 2 and shape != wanted:
        raise RuntimeError(f"Expected target size {wanted}, got {shape}")
    classes = input.shape[0 if rank == 1 else 1]
    if weight is not None and tuple(weight.shape) != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of "
            f"shape: {list(weight.shape)}"
        )
    if target.dtype.name not in ("int64", "uint8"):
        raise RuntimeError(f"expected target dtype to be Long or Byte, but got {target.dtype.legacy}")


def _constant_weight(input: Tensor, weight: Tensor | None) -> None:
    constant("nll_loss_forward", weight=weight)
    if weight is not None and weight.dtype is not input.dtype:
        raise RuntimeError(f"expected scalar type {input.dtype.legacy} but found {weight.dtype.legacy}")


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``-weight[target] * input[target]`` for log-probabilities ``input`` (N, C, *) or (C), ``target`` (N, *) or ().

    The mean divides by the sum of the weights used. Positions with ``target == ignore_index`` count nothing.
    """
    reduction = reduction_of(reduction, size_average, reduce)
    _check_target(input, target, weight)
    floating("nll_loss_out_frame", input)
    _constant_weight(input, weight)
    return _nll_loss(input, target, weight, ignore_index=ignore_index, reduction=reduction)


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """`nll_loss` of the `log_softmax` of ``input`` (N, C, *) or (C).

    ``target`` has class indices (N, *) or (), or, in the shape of ``input``, class probabilities.
    """
    reduction = reduction_of(reduction, size_average, reduce)
    if tuple(input.shape) == tuple(target.shape):
        return _with_probabilities(input, target, weight, ignore_index, reduction, label_smoothing)
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:g}")
    floating("log_softmax_lastdim_kernel_impl", input)
    _check_target(input, target, weight)
    _constant_weight(input, weight)
    return _cross_entropy(
        input, target, weight, ignore_index=ignore_index, reduction=reduction, label_smoothing=label_smoothing
    )


def _with_probabilities(
    input: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int, reduction: str, label_smoothing: float
) -> Tensor:
    if not target.dtype.is_floating_point:
        raise RuntimeError(
            f"Expected floating point type for target with class probabilities, got {target.dtype.legacy}"
        )
    floating("log_softmax_lastdim_kernel_impl", input)
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    classes = input.shape[0 if input.ndim == 1 else 1]
    if weight is not None and tuple(weight.shape) != (classes,):
        raise RuntimeError(
            f"cross_entropy: weight tensor should be defined either for all {classes} classes or no classes but got "
            f"weight tensor of shape: {list(weight.shape)}"
        )
    return _soft_cross_entropy(input, target, weight, reduction=reduction, label_smoothing=label_smoothing)
