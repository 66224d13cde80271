"""Distances: `pairwise_distance`, `cosine_similarity`, `pdist`, `normalize`, and the losses made of them."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np

from ..array import Answer, Array, Rule
from ..autograd import op
from ..tensor import Tensor
from .dims import wrap_dim
from .out import deliver
from .reduction import finish, reduction_of

__all__ = [
    "cosine_embedding_loss",
    "cosine_similarity",
    "normalize",
    "pairwise_distance",
    "pdist",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]


def norm(x: Array, p: float, axis: int) -> Array:
    """The p-norm along ``axis``, which stays with size 1."""
    if p == 2:
        return np.asarray(np.sqrt((x * x).sum(axis, keepdims=True)))
    size = np.abs(x)
    if p == 1:
        return np.asarray(size.sum(axis, keepdims=True))
    if p == 0:
        return np.asarray((size != 0).sum(axis, keepdims=True).astype(x.dtype))
    if p == inf:
        return np.asarray(size.max(axis, keepdims=True))
    if p == -inf:
        return np.asarray(size.min(axis, keepdims=True))
    return np.asarray((size**p).sum(axis, keepdims=True) ** (1 / p))


def norm_slope(x: Array, total: Array, p: float, axis: int) -> Array:
    """Derivative of `norm`, whose value is ``total``; 0 where that is 0, shared where several are the largest."""
    if p == 0:
        return np.zeros_like(x)
    if p == 1:
        return np.sign(x)
    if p in (inf, -inf):
        largest = np.abs(x) == total
        return np.asarray(np.sign(x) * largest / largest.sum(axis, keepdims=True).astype(x.dtype))
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = x / total if p == 2 else np.sign(x) * np.abs(x) ** (p - 1) / total ** (p - 1)
    return np.where((total == 0) | (x == 0), 0, slope) if (total == 0).any() or p < 2 else slope


@op(promote=True)
def _pairwise_distance(x1: Array, x2: Array, *, p: float, eps: float, keepdim: bool) -> Answer:
    d = x1 - x2 + eps
    total = norm(d, p, -1)

    def back(g: Array) -> Array:
        return (g if keepdim else g[..., None]) * norm_slope(d, total, p, -1)

    return total if keepdim else total[..., 0], (back, lambda g: -back(g))


@op(promote=True)
def _cosine_similarity(x1: Array, x2: Array, *, dim: int, eps: float) -> Answer:
    """Each norm on its own is kept from falling below ``eps``."""
    x1, x2 = np.broadcast_arrays(x1, x2)
    one, other = (np.sqrt((x * x).sum(dim, keepdims=True)) for x in (x1, x2))
    low, high = np.maximum(one, eps), np.maximum(other, eps)
    u, v = x1 / low, x2 / high
    cosine = (u * v).sum(dim, keepdims=True)

    def back(mine: Array, theirs: Array, length: Array, bounded: Array) -> Rule:
        def rule(g: Array) -> Any:
            along = np.where(length > eps, cosine * mine, 0)
            return np.expand_dims(g, dim) * (theirs - along) / bounded

        return rule

    return cosine.squeeze(dim), (back(u, v, one, low), back(v, u, other, high))


@op
def _normalize(x: Array, *, p: float, dim: int, eps: float) -> Answer:
    total = norm(x, p, dim)
    length = np.maximum(total, eps)
    y = x / length

    def back(g: Array) -> Any:
        along = np.where(total >= eps, (g * y).sum(dim, keepdims=True), 0)
        return (g - along * norm_slope(x, total, p, dim)) / length

    return y, back


@op(name="pdist")
def _pdist(x: Array, *, p: float) -> Answer:
    rows, columns = np.triu_indices(len(x), 1)
    d = x[rows] - x[columns]
    total = norm(d, p, -1) if d.size else np.zeros((len(rows), 1), x.dtype)

    def back(g: Array) -> Array:
        slope = g[:, None] * norm_slope(d, total, p, -1) if d.size else d
        dx = np.zeros_like(x)
        np.add.at(dx, rows, slope)
        np.subtract.at(dx, columns, slope)
        return dx

    return total[:, 0], back


@op(promote=True)
def _cosine_embedding_loss(x1: Array, x2: Array, t: Array, *, margin: float, reduction: str) -> Answer:
    """Squared lengths get 1e-12 added here; `cosine_similarity` has bounds instead."""
    product = (x1 * x2).sum(-1)
    one, other = ((x * x).sum(-1) + 1e-12 for x in (x1, x2))
    scale = 1 / np.sqrt(one * other)
    cosine = product * scale
    losses = np.where(t == 1, 1 - cosine, 0) + np.where(t == -1, np.maximum(cosine - margin, 0), 0)
    slope = np.where(t == 1, -1, 0) + np.where((t == -1) & (cosine - margin >= 0), 1, 0)

    def back(mine: Array, theirs: Array, length: Array) -> Rule:
        def rule(g: Array) -> Any:
            g = (g * slope)[..., None]
            return g * (theirs * scale[..., None] - mine * (cosine / length)[..., None])

        return rule

    value, rules = finish(losses, (back(x1, x2, one), back(x2, x1, other)), reduction)
    assert isinstance(rules, tuple)
    return value, (*rules, None)


@op(promote=True)
def _triplet(near: Array, far: Array, swap: Array | None, *, margin: float, reduction: str) -> Answer:
    """``max(0, margin + near - min(far, swap))``; equal distances share the gradient."""
    least = far if swap is None else np.minimum(far, swap)
    gap = margin + near - least
    share = np.ones_like(gap) if swap is None else np.where(far == swap, 0.5, far < swap).astype(gap.dtype)
    rules: tuple[Rule, ...] = (
        lambda g: np.where(gap >= 0, g, 0),
        lambda g: np.where(gap >= 0, -g * share, 0),
        lambda g: np.where(gap >= 0, -g * (1 - share), 0),
    )
    return finish(np.maximum(gap, 0), rules, reduction)


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """The p-norm of ``x1 - x2 + eps`` (*, D) along the last axis: (*), or (*, 1) with ``keepdim``."""
    return _pairwise_distance(x1, x2, p=float(p), eps=eps, keepdim=keepdim)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """``x1 · x2 / (max(|x1|, eps) max(|x2|, eps))`` along ``dim`` of the two, broadcast."""
    rank = max(x1.ndim, x2.ndim)
    return _cosine_similarity(x1, x2, dim=wrap_dim(dim, rank) - rank, eps=eps)


def pdist(input: Tensor, p: float = 2) -> Tensor:
    """Distances of all pairs of rows of ``input`` (N, D): (N (N - 1) / 2), row by row of the upper triangle."""
    if input.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.ndim}D")
    if p < 0:
        raise RuntimeError("pdist only supports non-negative p values")
    return _pdist(input, p=float(p))


def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12, out: Tensor | None = None) -> Tensor:
    """``input`` over its p-norm along ``dim``, or over ``eps`` where that is less."""
    y = _normalize(input, p=float(p), dim=wrap_dim(dim, input.ndim), eps=eps)
    return y if out is None else deliver(y, out, "normalize")


def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """1 less the cosine where the target is 1, ``max(0, cosine - margin)`` where it is -1; inputs (N, D) or (D)."""
    reduction = reduction_of(reduction, size_average, reduce)
    if target.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if target.ndim + 1 not in (input1.ndim, input2.ndim):
        raise RuntimeError(
            f"{target.ndim}D target tensor expects {target.ndim + 1}D input tensors, but found inputs with sizes "
            f"{list(input1.shape)} and {list(input2.shape)}."
        )
    return _cosine_embedding_loss(input1, input2, target, margin=margin, reduction=reduction)


def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, margin + |a - p| - |a - n|)`` by `pairwise_distance`; ``swap`` takes ``|p - n|`` where that is less."""
    reduction = reduction_of(reduction, size_average, reduce)

    def distance(x: Tensor, y: Tensor) -> Tensor:
        return pairwise_distance(x, y, p, eps)

    return triplet_margin_with_distance_loss(
        anchor, positive, negative, distance_function=distance, margin=margin, swap=swap, reduction=reduction
    )


def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """`triplet_margin_loss` by a distance of one's own."""
    reduction = reduction_of(reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    a, p, n = anchor.ndim, positive.ndim, negative.ndim
    if not a == p == n:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {a}D, positive {p}D, and negative {n}D inputs"
        )
    distance = distance_function or pairwise_distance
    swapped = distance(positive, negative) if swap else None
    near, far = distance(anchor, positive), distance(anchor, negative)
    return _triplet(near, far, swapped, margin=margin, reduction=reduction)
