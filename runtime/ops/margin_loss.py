"""Losses by margin: what is on the right side by enough costs nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array, Rule
from ..autograd import op
from ..tensor import Tensor
from .reduction import finish, reduction_of
from .smooth import log1pexp
from .supported import constant, floating

__all__ = [
    "hinge_embedding_loss",
    "margin_ranking_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "soft_margin_loss",
]


@op
def _soft_margin_loss(x: Array, t: Array, *, reduction: str) -> Answer:
    with np.errstate(over="ignore", invalid="ignore"):
        odds = np.exp(-t * x)
        share = odds / (odds + 1)  # nan where the exponential overflows, as in torch
    value, rules = finish(np.log1p(odds), (lambda g: g * (-t * share),), reduction)
    assert isinstance(rules, tuple)
    return value, (*rules, None)


@op(promote=True)
def _hinge_embedding_loss(x: Array, t: Array, *, margin: float, reduction: str) -> Answer:
    gap = margin - x
    losses = np.where(t != 1, np.maximum(gap, 0), 0) + np.where(t != -1, x, 0)
    value, rules = finish(
        losses, (lambda g: np.where((t != 1) & (gap >= 0), -g, 0) + np.where(t != -1, g, 0),), reduction
    )
    assert isinstance(rules, tuple)
    return value, (*rules, None)


@op(promote=True)
def _margin_ranking_loss(x1: Array, x2: Array, t: Array, *, margin: float, reduction: str) -> Answer:
    gap = -t * (x1 - x2) + margin
    rules: tuple[Rule, ...] = (
        lambda g: np.where(gap >= 0, g * -t, 0),
        lambda g: np.where(gap >= 0, g * t, 0),
        lambda g: np.where(gap >= 0, g * (x2 - x1), 0),
    )
    return finish(np.maximum(gap, 0), rules, reduction)


@op
def _multilabel_soft_margin_loss(x: Array, t: Array, w: Array | None, *, reduction: str) -> Answer:
    yes, no = log1pexp(-x), log1pexp(x)
    t = t if t.dtype.kind == "f" else t.astype(x.dtype)
    scale = x.dtype.type(1) if w is None else w
    bare, classes = t * yes + (1 - t) * no, x.shape[-1]
    share = scale / classes

    def wide(rule: Rule) -> Rule:
        return lambda g: rule(np.expand_dims(g, -1))

    rules: tuple[Rule, ...] = (
        wide(lambda g: g * share * (1 - t - np.exp(-no))),
        wide(lambda g: g * share * (yes - no)),
        wide(lambda g: g * bare / classes),
    )
    value, back = finish((bare * scale).sum(-1) / classes, rules, reduction)
    assert isinstance(back, tuple)
    return value, back if w is not None else (*back[:2], None)


@op
def _multi_margin_loss(x: Array, t: Array, w: Array | None, *, p: int, margin: float, reduction: str) -> Answer:
    rows, targets = np.atleast_2d(x), t.reshape(-1)
    classes, lines = rows.shape[1], np.arange(len(rows))
    gap = margin - rows[lines, targets][:, None] + rows
    gap[lines, targets] = 0
    gap = np.maximum(gap, 0)
    share = (1 if w is None else w[targets][:, None]) / np.asarray(classes, x.dtype)
    shape, single = x.shape, t.ndim == 0

    def to_input(g: Array) -> Any:
        slope = ((gap > 0) if p == 1 else 2 * gap) * share * g.reshape(-1, 1)
        slope[lines, targets] = -slope.sum(1)
        return slope.reshape(shape)

    losses = (gap**p * share).sum(1)
    value, rules = finish(losses[0] if single else losses, (to_input,), reduction)
    assert isinstance(rules, tuple)
    return value, (*rules, None, None)


@op
def _multilabel_margin_loss(x: Array, t: Array, *, reduction: str) -> Answer:
    """Every true class against every other; the list of true classes of a row ends at its first -1."""
    rows, targets = np.atleast_2d(x), np.atleast_2d(t)
    classes, lines = rows.shape[1], np.arange(len(rows))[:, None]
    listed = np.cumprod(targets >= 0, axis=1).astype(bool)
    true = np.where(listed, targets, 0)
    is_true = np.zeros(rows.shape, bool)
    np.logical_or.at(is_true, (np.broadcast_to(lines, true.shape)[listed], true[listed]), True)
    counts = listed[:, :, None] & ~is_true[:, None, :]
    gap = np.where(counts, 1 - rows[lines, true][:, :, None] + rows[:, None, :], 0)
    gap = np.maximum(gap, 0)
    shape, single = x.shape, x.ndim < 2

    def to_input(g: Array) -> Any:
        pairs = (gap > 0) * (g.reshape(-1, 1, 1) / classes)
        dx = pairs.sum(1)
        np.add.at(dx, (np.broadcast_to(lines, true.shape), true), -pairs.sum(2))
        return dx.reshape(shape)

    losses = gap.sum((1, 2)) / classes
    value, rules = finish(losses[0] if single else losses, (to_input,), reduction)
    assert isinstance(rules, tuple)
    return value, (*rules, None)


def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``log(1 + exp(-t x))`` for targets 1 and -1."""
    reduction = reduction_of(reduction, size_average, reduce)
    constant("soft_margin_loss", target=target)
    return _soft_margin_loss(input, target, reduction=reduction)


def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """x where the target is 1, ``max(0, margin - x)`` where it is -1."""
    reduction = reduction_of(reduction, size_average, reduce)
    return _hinge_embedding_loss(input, target, margin=margin, reduction=reduction)


def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, -t (x1 - x2) + margin)``: target 1 wants the first above the second, -1 below."""
    reduction = reduction_of(reduction, size_average, reduce)
    if not input1.ndim == input2.ndim == target.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.shape}, input2: {input2.shape}, target: {target.shape} "
        )
    return _margin_ranking_loss(input1, input2, target, margin=margin, reduction=reduction)


def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Mean over the classes (last axis) of the binary cross entropy of each."""
    reduction = reduction_of(reduction, size_average, reduce)
    floating("log_sigmoid_cpu", input)
    return _multilabel_soft_margin_loss(input, target, weight, reduction=reduction)


def _check_matrix(input: Tensor) -> None:
    if input.ndim > 2 or 0 in input.shape[-1:]:
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {list(input.shape)}"
        )


def _check_classes(target: Tensor) -> None:
    if target.dtype.name != "int64":
        raise RuntimeError(f"expected scalar type Long but found {target.dtype.legacy}")


def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Mean over the other classes of ``weight[t] * max(0, margin - x[t] + x[i]) ** p``; ``input`` (N, C) or (C)."""
    reduction = reduction_of(reduction, size_average, reduce)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and weight.ndim != 1:
        raise ValueError(f"weight must be one-dimensional, got {weight.ndim} dimensions.")
    _check_matrix(input)
    rows = input.shape[0] if input.ndim == 2 else 1
    if target.array.size != rows or target.ndim > 1:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch "
            f"size). Expected target size [{rows}], but got {list(target.shape)}. Input has shape {list(input.shape)}."
        )
    classes = input.shape[-1] if input.ndim else 1
    if weight is not None and weight.array.size != classes:
        raise RuntimeError(f"inconsistent weight size, expected {classes} but got {list(weight.shape)}")
    _check_classes(target)
    if rows and not (target.array.min() >= 0 and target.array.max() < classes):
        raise RuntimeError("target out of range")
    constant("multi_margin_loss", weight=weight)
    return _multi_margin_loss(input, target, weight, p=p, margin=margin, reduction=reduction)


def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Mean over pairs of a true class and another of ``max(0, 1 - x[true] + x[other])``; ``input`` (N, C) or (C).

    ``target`` lists the true classes of each row, filled up with -1.
    """
    reduction = reduction_of(reduction, size_average, reduce)
    _check_matrix(input)
    if tuple(target.shape) != tuple(input.shape):
        raise RuntimeError(f"inconsistent target size: {list(target.shape)} for input of size: {list(input.shape)}")
    _check_classes(target)
    values: Any = target.array
    if values.size and not (values.min() >= -1 and values.max() < (input.shape[-1] if input.ndim else 1)):
        raise RuntimeError("argument #2 'target' is out of range")
    return _multilabel_margin_loss(input, target, reduction=reduction)
