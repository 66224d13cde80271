"""Looking up rows of a table: `embedding`, `embedding_bag`, `one_hot`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor, wrap
from .supported import constant


def add_rows(rows: Array, index: Array, count: int) -> Array:
    """Table of ``count`` rows, each the sum of the ``rows`` (K, D) that ``index`` (K) sends to it."""
    table = np.zeros((count, rows.shape[1]), rows.dtype)
    order = np.argsort(index, kind="stable")
    sorted_index = index[order]
    starts = np.flatnonzero(np.r_[True, sorted_index[1:] != sorted_index[:-1]]) if len(index) else order
    if len(starts) == len(index):
        table[index] = rows
    else:
        table[sorted_index[starts]] = np.add.reduceat(rows[order], starts, axis=0)
    return table


def table_gradient(rows: Array, index: Array, count: int, padding_idx: int | None, by_frequency: bool) -> Array:
    """Gradient of the table from that of looked-up ``rows``: padding gets none, frequent rows may be divided."""
    if by_frequency and len(index):
        rows = rows / np.bincount(index, minlength=count)[index][:, None].astype(rows.dtype)
    if padding_idx is not None:
        rows, index = rows[index != padding_idx], index[index != padding_idx]
    return add_rows(rows, index, count)


@op
def _embedding(w: Array, index: Array, *, padding_idx: int | None, scale_grad_by_freq: bool, sparse: bool) -> Answer:
    flat, (count, width) = index.reshape(-1), w.shape
    return w[index], (
        lambda g: table_gradient(g.reshape(-1, width), flat, count, padding_idx, scale_grad_by_freq),
        None,
    )


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


@op
def _one_hot(index: Array, *, num_classes: int) -> Answer:
    return (index[..., None] == np.arange(num_classes)).astype(np.int64), None


def renormalise(weight: Tensor, index: Array, max_norm: float, norm_type: float) -> None:
    """Scales the rows of ``weight`` that are looked up down to ``max_norm``, in place and unrecorded."""
    rows = np.unique(index)
    norms = (np.abs(weight.array[rows]) ** norm_type).sum(1) ** (1 / norm_type)
    long = norms > max_norm
    if long.any():
        scale = (max_norm / (norms[long] + 1e-7)).astype(weight.array.dtype)
        weight.array[rows[long]] *= scale[:, None]
        weight.counter.count += 1


def _check_index(input: Tensor, function: str) -> None:
    if input.dtype.name not in ("int64", "int32"):
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
            f"torch.{input.dtype.legacy}Tensor instead (while checking arguments for {function})"
        )


def _row(padding_idx: int | None, count: int, message: Callable[[], str]) -> int | None:
    """``padding_idx`` counted from the front. AssertionError outside the table."""
    if padding_idx is None:
        return None
    if not -count <= padding_idx < count:
        raise AssertionError(message())
    return padding_idx % count


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Rows of ``weight`` (V, D) for the indices ``input`` (*): (*, D).

    The row ``padding_idx`` gets no gradient. ``max_norm`` shortens the rows used, in place. ``sparse`` is accepted, the
    gradient is dense. IndexError outside the table.
    """
    padding_idx = _row(padding_idx, weight.shape[0], lambda: "Padding_idx must be within num_embeddings")
    if weight.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    _check_index(input, "embedding")
    index = input.array
    if index.size and (index.min() < 0 or index.max() >= weight.shape[0]):
        raise IndexError("index out of range in self")
    if max_norm is not None:
        renormalise(weight, index, max_norm, norm_type)
    return _embedding(weight, input, padding_idx=padding_idx, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)


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
    _check_index(input, "embedding_bag")
    index = input.array.reshape(-1)
    count = weight.shape[0]
    for place in np.flatnonzero((index < 0) | (index >= count))[:1]:
        raise RuntimeError(
            f"Index {place} of input takes value {index[place]} which is not in the valid range [0, {count})"
        )
    padding_idx = _row(padding_idx, count, lambda: "padding_idx must be within the number of embeddings")
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


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """``tensor`` (*) of class numbers as (*, num_classes) of 0 and 1; -1 takes one more than the largest."""
    if tensor.dtype.name != "int64":
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    values = tensor.array
    if not values.size and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if values.size and values.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes == -1:
        num_classes = int(values.max()) + 1
    elif num_classes < 1:
        raise RuntimeError("num_classes should be positive")
    elif values.size and values.max() >= num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    return _one_hot(tensor, num_classes=num_classes)
