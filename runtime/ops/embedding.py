"""Looking up rows of a table: `embedding`, and what `embedding_bag` shares with it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor

__all__ = ["embedding"]


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


@op(linear=True)
def _embedding(w: Array, index: Array, *, padding_idx: int | None, scale_grad_by_freq: bool, sparse: bool) -> Answer:
    flat, (count, width) = index.reshape(-1), w.shape
    return w[index], (
        lambda g: table_gradient(g.reshape(-1, width), flat, count, padding_idx, scale_grad_by_freq),
        None,
    )


def renormalise(weight: Tensor, index: Array, max_norm: float, norm_type: float) -> None:
    """Scales the rows of ``weight`` that are looked up down to ``max_norm``, in place and unrecorded."""
    rows = np.unique(index)
    norms = (np.abs(weight.array[rows]) ** norm_type).sum(1) ** (1 / norm_type)
    long = norms > max_norm
    if long.any():
        scale = (max_norm / (norms[long] + 1e-7)).astype(weight.array.dtype)
        weight.array[rows[long]] *= scale[:, None]
        weight.counter.count += 1


def check_index(input: Tensor, function: str) -> None:
    """RuntimeError unless ``input`` has integers that torch takes for an index."""
    if input.dtype.name not in ("int64", "int32"):
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
            f"torch.{input.dtype.legacy}Tensor instead (while checking arguments for {function})"
        )


def row_of(padding_idx: int | None, count: int, message: Callable[[], str]) -> int | None:
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
    if weight.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    padding_idx = row_of(padding_idx, weight.shape[0], lambda: "Padding_idx must be within num_embeddings")
    check_index(input, "embedding")
    index = input.array
    if index.size and (index.min() < 0 or index.max() >= weight.shape[0]):
        raise IndexError("index out of range in self")
    if max_norm is not None:
        renormalise(weight, index, max_norm, norm_type)
    return _embedding(weight, input, padding_idx=padding_idx, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)
