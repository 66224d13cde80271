"""Looking up rows of a table and joining them bag by bag: `embedding_bag`."""

from __future__ import annotations

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor, wrap
from .embedding import add_rows, check_index, renormalise, row_of
from .supported import constant

__all__ = ["embedding_bag"]


@op
def _embedding_bag(
    w: Array,
    index: Array,
    bag: Array,
    scale: Array | None,
    *,
    bags: int,
    mode: str,
    padding_idx: int | None,
    scale_grad_by_freq: bool,
    sparse: bool,
) -> Answer:
    """``bag`` (K) tells which output row each index belongs to, in ascending order; padding belongs to none."""
    index = index.reshape(-1)
    given = None if scale is None else scale.shape
    used = np.ones(len(index), bool) if padding_idx is None else index != padding_idx
    index, bag = index[used], bag[used]
    count = w.shape[0]
    rows = w[index]
    if mode == "max":
        return _largest(rows, index, bag, bags, count)
    weights = np.ones(len(index), w.dtype) if scale is None else scale.reshape(-1)[used]
    if mode == "mean":
        sizes = np.bincount(bag, minlength=bags)
        weights = 1 / np.maximum(sizes, 1).astype(w.dtype)[bag]
    y = add_rows(rows * weights[:, None], bag, bags)
    frequency = _frequency(index, count) if scale_grad_by_freq else 1

    def to_scale(g: Array) -> Array:
        whole = np.zeros(len(used), g.dtype)
        whole[used] = np.einsum("kd,kd->k", g[bag], rows)
        return whole.reshape(given)

    return y, (
        lambda g: add_rows(g[bag] * (weights / frequency)[:, None], index, count),
        None,
        None,
        to_scale if scale is not None else None,
    )


def _frequency(index: Array, count: int) -> Array:
    """What torch divides the gradient of each looked-up row by.

    Meant is how often the index occurs. torch takes, for the i-th distinct index, the frequency of the i-th of all the
    sorted ones, and so do we.
    """
    distinct, which = np.unique(index, return_inverse=True)
    return np.asarray(np.bincount(index, minlength=count)[np.sort(index)[: len(distinct)]][which])


def _largest(rows: Array, index: Array, bag: Array, bags: int, count: int) -> Answer:
    """Element-wise maximum of each bag; the gradient goes to the first row that has it."""
    y = np.zeros((bags, rows.shape[1]), rows.dtype)
    source = np.zeros(y.shape, np.intp)
    if not len(index):
        return y, (lambda g: np.zeros((count, g.shape[1]), g.dtype), None, None, None)
    starts = np.flatnonzero(np.r_[True, bag[1:] != bag[:-1]])
    present = bag[starts]
    y[present] = np.maximum.reduceat(rows, starts, axis=0)
    last = np.arange(len(rows))[:, None]
    candidate = np.where(rows == y[bag], last, len(rows))
    source[present] = index[np.minimum.reduceat(candidate, starts, axis=0)]
    empty = np.ones(bags, bool)
    empty[present] = False

    def to_table(g: Array) -> Array:
        dw = np.zeros((count, g.shape[1]), g.dtype)
        np.add.at(dw, (source[~empty], np.arange(g.shape[1])), g[~empty])
        return dw

    return y, (to_table, None, None, None)


def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Sum, mean or maximum of rows of ``weight`` (V, D), bag by bag: (B, D).

    Bags are the rows of ``input`` (B, N), or start in ``input`` (K) at ``offsets`` (B).
    """
    if input.dtype.name == "int32" and weight.dtype.name == "int64":  # the old order of arguments
        input, weight = weight, input
    if per_sample_weights is not None and per_sample_weights.shape != input.shape:
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({per_sample_weights.shape}) is not None, then it must have the "
            f"same shape as the input ({input.shape})"
        )
    bag, bags = _bags(input, offsets, include_last_offset)
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and (scale_grad_by_freq or sparse):
        what = "scaling the gradient by the frequency" if scale_grad_by_freq else "sparse weights"
        raise ValueError(f"max mode does not support {what}")
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' "
            f"(got mode='{mode}'). Please open a feature request on GitHub."
        )
    check_index(input, "embedding_bag")
    index = input.array.reshape(-1)
    count = weight.shape[0]
    for place in np.flatnonzero((index < 0) | (index >= count))[:1]:
        raise RuntimeError(
            f"Index {place} of input takes value {index[place]} which is not in the valid range [0, {count})"
        )
    padding_idx = row_of(padding_idx, count, lambda: "padding_idx must be within the number of embeddings")
    if max_norm is not None:
        constant("embedding_renorm_", weight=weight)
        renormalise(weight, index, max_norm, norm_type)
    return _embedding_bag(
        weight, input, wrap(bag), per_sample_weights, bags=bags, mode=mode, padding_idx=padding_idx,
        scale_grad_by_freq=scale_grad_by_freq, sparse=sparse,
    )  # fmt: skip


def _bags(input: Tensor, offsets: Tensor | None, include_last_offset: bool) -> tuple[Array, int]:
    """Which bag each index is in, and how many bags there are."""
    if input.ndim == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length "
                f"sequences. However, found offsets of type {type(offsets)}"
            )
        return np.repeat(np.arange(input.shape[0]), input.shape[1]), input.shape[0]
    if input.ndim != 1:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.ndim}")
    if offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    if offsets.ndim != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    starts = offsets.array
    if len(starts) and starts[0] != 0:
        raise RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. "
            f"However, got {starts[0]}"
        )
    if len(starts) and starts[-1] > input.shape[0]:
        raise RuntimeError(
            "offsets[-1] can not be greater than input's length: {input.shape[0]}) but got offsets[-1] of {starts[-1]}"
        )
    if include_last_offset:
        starts = starts[:-1]
    bag = np.searchsorted(starts, np.arange(input.shape[0]), side="right") - 1
    return bag, len(starts)
