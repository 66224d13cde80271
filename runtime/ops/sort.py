"""Order: sort, argsort, topk; places in sorted sequences; distinct values and counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Answers, Array
from ..autograd import op
from ..tensor import Tensor, wrap
from .accumulate import placed_along
from .dims import wrap_dim
from .extreme import ValuesIndices
from .out import takes_out


def _order(x: Array, dim: int, descending: bool) -> Array:
    """Stable; nan counts as the largest."""
    if not descending:
        return np.argsort(x, axis=dim, kind="stable")
    backwards = np.argsort(np.flip(x, dim), axis=dim, kind="stable")
    return np.flip(x.shape[dim] - 1 - backwards, dim)


def _picked(x: Array, index: Array, dim: int) -> Answers:
    shape = x.shape

    def pullback(g: tuple[Array, Array]) -> Any:
        return placed_along(shape, index, g[0], dim)

    return (np.take_along_axis(x, index, dim), np.ascontiguousarray(index)), pullback


@op(layout="first")
def _sort(x: Array, *, dim: int, descending: bool) -> Answers:
    if not x.ndim:
        return (x.copy(), np.zeros((), np.int64)), lambda g: g[0]
    return _picked(x, _order(x, dim, descending), dim)


@takes_out
def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> ValuesIndices:
    """Sorted along *dim*, and where each value was. Always stable here."""
    return ValuesIndices(*_sort(input, dim=wrap_dim(dim, input.ndim), descending=descending))


@op
def _argsort(x: Array, *, dim: int, descending: bool) -> Answer:
    return (_order(x, dim, descending) if x.ndim else np.zeros((), np.int64)), None


def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """The indices that sort *input* along *dim*."""
    return _argsort(input, dim=wrap_dim(dim, input.ndim), descending=descending)


def msort(input: Tensor) -> Tensor:
    """Sorted along the first dimension."""
    return sort(input, 0).values


@op
def _topk(x: Array, *, k: int, dim: int, largest: bool) -> Answers:
    if not x.ndim:
        return (x.copy(), np.zeros((), np.int64)), lambda g: g[0]
    return _picked(x, np.take(_order(x, dim, largest), np.arange(k), dim), dim)


@takes_out
def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> ValuesIndices:
    """The *k* largest (or smallest) along *dim*, in order, and where they were."""
    dim, k = wrap_dim(dim, input.ndim), int(k)
    if not 0 <= k <= (input.array.shape[dim] if input.ndim else 1):
        raise RuntimeError("selected index k out of range")
    return ValuesIndices(*_topk(input, k=k, dim=dim, largest=largest))


# Places in sorted sequences


@op
def _searchsorted(sequence: Array, values: Array, *, right: bool, storage: Any) -> Answer:
    side: Any = "right" if right else "left"
    if sequence.ndim == 1:
        return np.asarray(np.searchsorted(sequence, values, side)).astype(storage), None
    if values.size == 0 or sequence.size == 0:
        return np.zeros(values.shape, storage), None
    rows, wanted = sequence.reshape(-1, sequence.shape[-1]), values.reshape(-1, values.shape[-1])
    found = [np.searchsorted(row, want, side) for row, want in zip(rows, wanted, strict=True)]
    return np.array(found, storage).reshape(values.shape), None


@takes_out
def searchsorted(
    sorted_sequence: Tensor,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Tensor | None = None,
) -> Tensor:
    """Where each value of *input* belongs in *sorted_sequence*; row by row if that has several dimensions."""
    if side not in (None, "left", "right"):
        raise RuntimeError(f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}")
    if right and side == "left":
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True"
        )
    values = input if isinstance(input, Tensor) else wrap(np.asarray(input, sorted_sequence.array.dtype))
    sequence = sorted_sequence
    if sorter is not None:
        sequence = wrap(np.take_along_axis(sequence.array, sorter.array, -1))
    if sequence.ndim > 1 and sequence.array.shape[:-1] != values.array.shape[:-1]:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries "
            f"tensor and input value tensor must match, but we got boundaries tensor {list(sequence.shape)} and input "
            f"value tensor {list(values.shape)}"
        )
    storage = np.int32 if out_int32 else np.int64
    return _searchsorted(sequence, values, right=right or side == "right", storage=storage)


@takes_out
def bucketize(input: Any, boundaries: Tensor, *, out_int32: bool = False, right: bool = False) -> Tensor:
    """`searchsorted` with its arguments swapped, for one sequence of boundaries."""
    if boundaries.ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries.ndim})")
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


# Distinct values and counts


@op
def _unique(x: Array, *, dim: int | None) -> Answers:
    values, inverse, counts = np.unique(x, return_inverse=True, return_counts=True, axis=dim)
    inverse = inverse.reshape(x.shape if dim is None else -1)
    return (values, inverse.astype(np.int64), counts.astype(np.int64)), None


def unique(
    input: Tensor, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, dim: Any = None
) -> Any:
    """The distinct values in order (slices along *dim*), with the place of each element among them and the counts."""
    dim = None if dim is None else wrap_dim(dim, input.ndim)
    return _asked(_unique(input, dim=dim), return_inverse, return_counts)


@op
def _unique_consecutive(x: Array, *, dim: int | None) -> Answers:
    line = x.reshape(-1) if dim is None else np.moveaxis(x, dim, 0)
    flat = line.reshape(len(line), int(np.prod(line.shape[1:])))
    new = np.ones(len(line), np.bool_)
    new[1:] = (flat[1:] != flat[:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    inverse = np.cumsum(new) - 1
    values = line[starts] if dim is None else np.moveaxis(line[starts], 0, dim)
    counts = np.diff(np.append(starts, len(line)))
    return (values, inverse.reshape(x.shape if dim is None else -1), counts), None


def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: Any = None
) -> Any:
    """*input* without repetitions of the element (slice of *dim*) before."""
    dim = None if dim is None else wrap_dim(dim, input.ndim)
    return _asked(_unique_consecutive(input, dim=dim), return_inverse, return_counts)


def _asked(found: tuple[Tensor, ...], inverse: bool, counts: bool) -> Any:
    values, where, how_many = found
    answer = (values, *((where,) if inverse else ()), *((how_many,) if counts else ()))
    return answer if len(answer) > 1 else values


@op
def _bincount(x: Array, weights: Array | None, *, minlength: int) -> Answer:
    counts = np.bincount(x, weights, minlength)
    return counts.astype(weights.dtype if weights is not None and weights.dtype == np.float32 else counts.dtype), None


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of 0, 1, … occurs in a vector, or the sum of its weights."""
    if input.array.dtype.kind not in "iu":
        raise NotImplementedError(f"\"bincount_cpu\" not implemented for '{input.dtype.legacy}'")
    if input.ndim != 1 or (input.array < 0).any():
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    return _bincount(input, weights, minlength=minlength)


@op
def _histc(x: Array, *, bins: int, min: float, max: float) -> Answer:
    low, high = (float(x.min()), float(x.max())) if min == max and x.size else (min, max)
    low, high = (low - 1, high + 1) if low == high else (low, high)
    return np.histogram(x, bins, (low, high))[0].astype(x.dtype), None


@takes_out
def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements fall into each of *bins* equal parts of [min, max] (of the data if both are equal)."""
    if input.array.dtype.kind != "f":
        raise NotImplementedError(f"\"histogram_cpu\" not implemented for '{input.dtype.legacy}'")
    if bins <= 0:
        raise RuntimeError("bins must be > 0")
    if max < min:
        raise RuntimeError("max must be larger than min")
    return _histc(input, bins=bins, min=float(min), max=float(max))


@op
def _isin(x: Array, y: Array, *, invert: bool) -> Answer:
    return np.isin(x, y, invert=invert), None


def isin(elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """Whether each element is one of *test_elements*."""
    one, other = (x if isinstance(x, Tensor) else wrap(np.asarray(x)) for x in (elements, test_elements))
    return _isin(one, other, invert=invert)


@op
def _one_hot(x: Array, *, num_classes: int) -> Answer:
    return (x[..., None] == np.arange(num_classes)).astype(np.int64), None


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """`nn.functional.one_hot`: a new last dimension with 1 at the index, 0 elsewhere."""
    if tensor.array.dtype != np.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not tensor.array.size and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if tensor.array.size and int(tensor.array.min()) < 0:
        raise RuntimeError("Class values must be non-negative.")
    most = int(tensor.array.max()) if tensor.array.size else 0
    if num_classes == -1:
        num_classes = most + 1
    elif num_classes <= 0:
        raise RuntimeError("num_classes should be positive")
    elif most >= num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    return _one_hot(tensor, num_classes=num_classes)
