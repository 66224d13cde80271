"""Losses by likelihood: binary cross entropy, Kullback-Leibler divergence, Poisson and Gaussian."""

from __future__ import annotations

import math
import warnings

import numpy as np

from ..array import Answer, Array, Rule
from ..autograd import op
from ..broadcast import need_broadcast
from ..tensor import Tensor, wrap
from .arithmetic import div
from .reduction import finish, reduction_of
from .shape import unsqueeze
from .smooth import log1pexp, logistic
from .supported import constant, floating

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "gaussian_nll_loss",
    "kl_div",
    "poisson_nll_loss",
]

LEAST = 9.999999960041972e-13  # 1e-12 as torch has it, in float64 too: rounded to float32


@op
def _binary_cross_entropy(x: Array, t: Array, w: Array | None, *, reduction: str) -> Answer:
    with np.errstate(divide="ignore"):
        log_x, log_not = np.log(x), np.log1p(-x)
    yes, no = np.maximum(log_x, -100), np.maximum(log_not, -100)
    scale = x.dtype.type(1) if w is None else w
    losses = -(t * yes + (1 - t) * no) * scale
    rules = (
        lambda g: g * scale * ((x - t) / np.maximum((1 - x) * x, LEAST)),
        lambda g: g * scale * (log_not - log_x),
    )
    value, back = finish(losses, rules, reduction)
    assert isinstance(back, tuple)
    return value, (*back, None)


@op(promote=True)
def _binary_cross_entropy_with_logits(
    x: Array, t: Array, w: Array | None, pos: Array | None, *, reduction: str
) -> Answer:
    one = x.dtype.type(1)
    scale, more = one if w is None else w, (one if pos is None else pos) - 1
    unlikely = log1pexp(-x)
    bare = (1 - t) * x + (1 + more * t) * unlikely
    rules: tuple[Rule, ...] = (
        lambda g: g * scale * ((1 - t) - (1 + more * t) * logistic(-x)),
        lambda g: g * scale * (more * unlikely - x),
    )
    value, back = finish(bare * scale, rules, reduction)
    assert isinstance(back, tuple)
    return value, (*back, None, None)


@op(promote=True)
def _kl_div(x: Array, t: Array, *, reduction: str, log_target: bool) -> Answer:
    if log_target:
        p = np.exp(t)
        return finish(p * (t - x), (lambda g: g * -p, lambda g: g * p * (t - x + 1)), reduction)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_t = np.where(t == 0, 0, np.log(t))

    def to_target(g: Array) -> Array:
        with np.errstate(invalid="ignore"):
            return np.asarray(g * (log_t + t / t - x))  # nan at 0, as the derivative of t log t is in torch

    return finish(t * log_t - t * x, (lambda g: g * -t, to_target), reduction)


@op(promote=True)
def _poisson_nll_loss(x: Array, t: Array, *, log_input: bool, full: bool, eps: float, reduction: str) -> Answer:
    rate = np.exp(x) if log_input else x
    with np.errstate(divide="ignore", invalid="ignore"):
        log_rate = x if log_input else np.log(x + eps)
        losses = rate - t * log_rate
        stirling = np.where(t > 1, t * np.log(t) - t + 0.5 * np.log(2 * math.pi * t), 0)
        growth = np.where(t > 1, np.log(t) + 0.5 / t, 0)
    rules: tuple[Rule, ...] = (
        lambda g: g * (rate - t if log_input else 1 - t / (x + eps)),
        lambda g: g * (growth - log_rate if full else -log_rate),
    )
    return finish(losses + stirling if full else losses, rules, reduction)


@op(promote=True)
def _gaussian_nll_loss(x: Array, t: Array, var: Array, *, full: bool, eps: float, reduction: str) -> Answer:
    v, d = np.maximum(var, eps), x - t
    losses = 0.5 * (np.log(v) + d * d / v) + (0.5 * math.log(2 * math.pi) if full else 0)
    rules: tuple[Rule, ...] = (
        lambda g: g * (d / v),
        lambda g: g * -(d / v),
        lambda g: g * (0.5 * (1 / v - d * d / (v * v))),  # through the clamp as well
    )
    return finish(losses, rules, reduction)


def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``-(t log x + (1 - t) log(1 - x)) * weight`` for x and t between 0 and 1; logarithms stop at -100."""
    reduction = reduction_of(reduction, size_average, reduce)
    if target.shape != input.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}) is deprecated. "
            "Please ensure they have the same size."
        )
    if weight is not None and not _broadcasts(weight.shape, input.shape):
        raise RuntimeError(
            f"Attempting to broadcast a dimension of length {weight.shape[-1]} at -1! Mismatching argument at index 1 "
            f"had {weight.shape}; but expected shape should be broadcastable to {list(input.shape)}"
        )
    for other in (target, weight):
        if other is not None and other.dtype is not input.dtype:
            raise RuntimeError(f"Found dtype {other.dtype.legacy} but expected {input.dtype.legacy}")
    constant("binary_cross_entropy", weight=weight)
    for name, values in (("input", input.array), ("target", target.array)):
        if values.size and not (values.min() >= 0 and values.max() <= 1):
            raise RuntimeError(f"all elements of {name} should be between 0 and 1")
    return _binary_cross_entropy(input, target, weight, reduction=reduction)


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    pairs = zip(reversed(shape), reversed(to), strict=False)
    return len(shape) <= len(to) and all(n in (1, wanted) for n, wanted in pairs)


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """`binary_cross_entropy` of ``sigmoid(input)``, computed without it; ``pos_weight`` weighs ``t log x``."""
    reduction = reduction_of(reduction, size_average, reduce)
    if target.shape != input.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as input size ({input.shape})")
    floating("log_sigmoid_cpu", input)
    if not target.dtype.is_floating_point:
        raise RuntimeError(
            f"result type {input.dtype.legacy} can't be cast to the desired output type {target.dtype.legacy}"
        )
    constant("binary_cross_entropy_with_logits", weight=weight, pos_weight=pos_weight)
    return _binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction=reduction)


def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """``t (log t - input)`` for log-probabilities ``input``; 'batchmean' divides the sum by the first size."""
    _need_real("kl_div", input, target)
    if reduction == "mean" and size_average is None and reduce is None:
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math definition."
            "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
            stacklevel=2,
        )
    if reduction == "batchmean" and size_average is None and reduce is None:
        total = _kl_div(input, target, reduction="sum", log_target=log_target)
        return div(total, input.shape[0]) if input.ndim else total
    reduction = reduction_of(reduction, size_average, reduce)
    return _kl_div(input, target, reduction=reduction, log_target=log_target)


def _need_real(name: str, *inputs: Tensor) -> None:
    for kind in (one.dtype for one in inputs):
        if not kind.is_floating_point:
            raise RuntimeError(f"{name}: {'Complex' if kind.is_complex else 'Integral'} inputs not supported.")


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``exp(x) - t x``, or ``x - t log(x + eps)`` if not ``log_input``; ``full`` adds Stirling's term for t > 1."""
    reduction = reduction_of(reduction, size_average, reduce)
    need_broadcast(target.array.shape, input.array.shape)
    return _poisson_nll_loss(input, target, log_input=log_input, full=full, eps=eps, reduction=reduction)


def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Tensor | float, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Tensor:
    """``(log v + (x - t) ** 2 / v) / 2`` with ``v = max(var, eps)``; ``full`` adds ``log(2 pi) / 2``.

    ``var`` has the shape of ``input``, or 1 in one axis, or lacks the last one.
    """
    if isinstance(var, float):
        var = wrap(np.full_like(input.array, var))
    if var.array.size and (var.array < 0).any():
        raise ValueError("var has negative entry/entries")
    if var.shape != input.shape:
        pairs = zip(input.shape, var.shape, strict=False)
        if tuple(input.shape[:-1]) == tuple(var.shape):
            var = unsqueeze(var, -1)
        elif input.ndim != var.ndim or sum(y for x, y in pairs if x != y) != 1:
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not valid")
    return _gaussian_nll_loss(input, target, var, full=full, eps=eps, reduction=reduction)
