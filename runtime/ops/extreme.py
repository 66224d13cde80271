"""Largest and smallest over dimensions, with or without their places; medians and modes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..array import Answer, Answers, Array
from ..autograd import op
from ..tensor import Tensor
from .accumulate import placed_along
from .dims import axes_of, wrap_dim
from .extrema import maximum, minimum
from .out import like_input, same_dtype, takes_out
from .pointwise import need_tensor_among
from .reduce import spread


class ValuesIndices(NamedTuple):
    """What a selecting reduction returns, torch.return_types.max say."""

    values: Tensor
    indices: Tensor


class MinMax(NamedTuple):
    """What aminmax returns."""

    min: Tensor
    max: Tensor


def need_elements(x: Tensor, dim: Any, name: str, error: type[Exception] = RuntimeError) -> None:
    """*error* for a full reduction of nothing, IndexError for a reduced dimension of size 0."""
    shape = x.array.shape
    if x.array.size:
        return
    if dim is None:
        tail = " Specify the reduction dim with the 'dim' argument." if error is RuntimeError else ""
        raise error(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.{tail}")
    for axis in axes_of(dim, x.ndim):
        if shape[axis] == 0:
            raise IndexError(f"{name}(): Expected reduction dim {axis} to have non-zero size.")


def _shared(x: Array, value: Array, axes: tuple[int, ...], keepdim: bool) -> Any:
    """The rule that spreads a gradient evenly among all elements equal to the extreme one."""

    def pullback(g: Array) -> Any:
        kept = spread(value, axes, keepdim, x.shape)
        ties = (x == kept) | (np.isnan(x) & np.isnan(kept))
        share = spread(g, axes, keepdim, x.shape) / ties.sum(axis=axes, keepdims=True, dtype=x.dtype)
        return share * ties

    return pullback


@op
def _amax(x: Array, *, dim: tuple[int, ...], keepdim: bool) -> Answer:
    value = np.asarray(np.max(x, axis=dim, keepdims=keepdim))
    return value, _shared(x, value, dim, keepdim)


@op
def _amin(x: Array, *, dim: tuple[int, ...], keepdim: bool) -> Answer:
    value = np.asarray(np.min(x, axis=dim, keepdims=keepdim))
    return value, _shared(x, value, dim, keepdim)


@takes_out(check=like_input)
def amax(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The largest over *dim* (all if empty); ties share the gradient."""
    need_elements(input, dim or (None if dim == () else dim), "amax")
    return _amax(input, dim=axes_of(dim, input.ndim), keepdim=keepdim)


@takes_out(check=like_input)
def amin(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The smallest over *dim* (all if empty); ties share the gradient."""
    need_elements(input, dim or (None if dim == () else dim), "amin")
    return _amin(input, dim=axes_of(dim, input.ndim), keepdim=keepdim)


@takes_out(check=same_dtype)
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> MinMax:
    """Smallest and largest over *dim*."""
    if dim is None and not input.array.size:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
        )
    need_elements(input, dim, "aminmax")
    axes = axes_of(dim, input.ndim)
    return MinMax(_amin(input, dim=axes, keepdim=keepdim), _amax(input, dim=axes, keepdim=keepdim))


def chosen(x: Array, index: Array, axis: int, keepdim: bool) -> Answers:
    """Values and indices along *axis* from kept-dimension *index*; the gradient goes back to the chosen places."""
    shape = x.shape
    if not shape:
        return (x.copy(), np.zeros((), np.int64)), lambda g: g[0]
    value = np.take_along_axis(x, index, axis)

    def pullback(g: tuple[Array, Array]) -> Any:
        return placed_along(shape, index, g[0] if keepdim else np.expand_dims(g[0], axis), axis)

    if keepdim:
        return (value, index), pullback
    return (value.squeeze(axis), index.squeeze(axis)), pullback


@op
def _max(x: Array, *, dim: int, keepdim: bool) -> Answers:
    return chosen(x, np.argmax(x, axis=dim, keepdims=True) if x.ndim else x, dim, keepdim)


@op
def _min(x: Array, *, dim: int, keepdim: bool) -> Answers:
    return chosen(x, np.argmin(x, axis=dim, keepdims=True) if x.ndim else x, dim, keepdim)


@takes_out
def max(input: Tensor, dim: Any = None, keepdim: bool = False, **other: Any) -> Any:
    """The largest of all; the largest over *dim* with its places; or `maximum` of two tensors."""
    dim = other.get("other", dim)
    need_tensor_among("max", input, dim, first=True)
    if isinstance(dim, Tensor):
        return maximum(input, dim)
    need_elements(input, dim, "max")
    if dim is None:
        return _amax(input, dim=axes_of(None, input.ndim), keepdim=False)
    return ValuesIndices(*_max(input, dim=wrap_dim(dim, input.ndim), keepdim=keepdim))


@takes_out
def min(input: Tensor, dim: Any = None, keepdim: bool = False, **other: Any) -> Any:
    """The smallest of all; the smallest over *dim* with its places; or `minimum` of two tensors."""
    dim = other.get("other", dim)
    need_tensor_among("min", input, dim, first=True)
    if isinstance(dim, Tensor):
        return minimum(input, dim)
    need_elements(input, dim, "min")
    if dim is None:
        return _amin(input, dim=axes_of(None, input.ndim), keepdim=False)
    return ValuesIndices(*_min(input, dim=wrap_dim(dim, input.ndim), keepdim=keepdim))


@op
def _argmax(x: Array, *, dim: int | None, keepdim: bool) -> Answer:
    return (np.argmax(x, axis=dim, keepdims=keepdim) if x.ndim else np.zeros((), np.int64)), None


@op
def _argmin(x: Array, *, dim: int | None, keepdim: bool) -> Answer:
    return (np.argmin(x, axis=dim, keepdims=keepdim) if x.ndim else np.zeros((), np.int64)), None


def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The first place of the largest over *dim*, in the flattened input if None."""
    need_elements(input, dim, "argmax", IndexError)
    return _argmax(input, dim=None if dim is None else wrap_dim(dim, input.ndim), keepdim=keepdim)


def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The first place of the smallest over *dim*, in the flattened input if None."""
    need_elements(input, dim, "argmin", IndexError)
    return _argmin(input, dim=None if dim is None else wrap_dim(dim, input.ndim), keepdim=keepdim)


# The middle and the most frequent


def _median_place(x: Array, axis: int, skip_nan: bool) -> Array:
    """Where the lower median lies, dims kept; a nan, unless skipped, counts as the median."""
    order = np.argsort(x, axis=axis, kind="stable")
    n = x.shape[axis]
    if x.dtype.kind != "f":
        middle = np.full([1], (n - 1) // 2)
        place = np.take(order, (n - 1) // 2, axis=axis)
        return np.expand_dims(place, axis) if middle.size else place
    missing = np.isnan(x).sum(axis=axis, keepdims=True)
    if skip_nan:
        rank = np.maximum(n - missing - 1, 0) // 2
    else:
        rank = np.where(missing > 0, n - missing, (n - 1) // 2)
    return np.take_along_axis(order, rank, axis)


@op
def _median(x: Array, *, dim: int, keepdim: bool, skip_nan: bool) -> Answers:
    return chosen(x, _median_place(x, dim, skip_nan) if x.ndim else x, dim, keepdim)


@op
def _median_of_all(x: Array, *, skip_nan: bool) -> Answer:
    if not x.size:
        return np.full((), np.nan, x.dtype), None
    flat = x.reshape(-1)
    value = flat[_median_place(flat, 0, skip_nan)].reshape(())
    return value, _shared(x, value, tuple(range(x.ndim)), False)


@takes_out
def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle of all, the lower one of two; over *dim* with its places. nan if there is one."""
    return _middle(input, dim, keepdim, skip_nan=False)


@takes_out
def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The median of what is not nan."""
    return _middle(input, dim, keepdim, skip_nan=True)


def _middle(x: Tensor, dim: int | None, keepdim: bool, skip_nan: bool) -> Any:
    if dim is None:
        return _median_of_all(x, skip_nan=skip_nan)
    need_elements(x, dim, "median")
    return ValuesIndices(*_median(x, dim=wrap_dim(dim, x.ndim), keepdim=keepdim, skip_nan=skip_nan))


@op
def _mode(x: Array, *, dim: int, keepdim: bool) -> Answers:
    if not x.ndim:
        return chosen(x, x, dim, keepdim)
    line = np.moveaxis(x, dim, -1)
    order = np.argsort(line, axis=-1, kind="stable")
    ordered = np.take_along_axis(line, order, -1)
    run = np.ones(line.shape, np.int64)
    for i in range(1, line.shape[-1]):
        run[..., i] = np.where(ordered[..., i] == ordered[..., i - 1], run[..., i - 1] + 1, 1)
    place = np.take_along_axis(order, np.argmax(run, -1, keepdims=True), -1)
    return chosen(x, np.moveaxis(place, -1, dim), dim, keepdim)


@takes_out
def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    """The most frequent over *dim*, the smallest of several, with its last place."""
    need_elements(input, dim, "mode")
    return ValuesIndices(*_mode(input, dim=wrap_dim(dim, input.ndim), keepdim=keepdim))


@op
def _kthvalue(x: Array, *, k: int, dim: int, keepdim: bool) -> Answers:
    if not x.ndim:
        return chosen(x, x, dim, keepdim)
    order = np.argsort(x, axis=dim, kind="stable")
    return chosen(x, np.take(order, [k - 1], axis=dim), dim, keepdim)


@takes_out(check=same_dtype)
def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    """The *k*-th smallest (from 1) over *dim* with its place; RuntimeError for no such k."""
    dim = wrap_dim(dim, input.ndim)
    if not 1 <= k <= (input.array.shape[dim] if input.ndim else 1):
        raise RuntimeError("kthvalue(): selected number k out of range for dimension " + str(dim))
    return ValuesIndices(*_kthvalue(input, k=k, dim=dim, keepdim=keepdim))
