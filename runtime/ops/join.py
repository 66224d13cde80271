"""Putting tensors together and repeating them: cat, stack, repeat, tile, meshgrid."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..summed import summed
from ..tensor import Tensor
from .accumulate import added_at
from .dims import sizes_of, varargs, wrap_dim
from .out import deliver, refuse_overlap
from .shape import broadcast_shapes, expand, reshape, unsqueeze


@op(promote=True, linear=True)
def _cat(*xs: Array, dim: int) -> Answer:
    ends = np.cumsum([x.shape[dim] for x in xs]).tolist()
    lead = (slice(None),) * dim

    def part(start: int, end: int) -> Any:
        return lambda g: g[(*lead, slice(start, end))]

    return np.concatenate(xs, dim), tuple(itertools.starmap(part, itertools.pairwise([0, *ends])))


def _listed(name: str, tensors: Any) -> list[Tensor]:
    """The tensors as a list; TypeError as torch words it for anything else, RuntimeError for none."""
    if not isinstance(tensors, (list, tuple)):
        kind = type(tensors).__name__
        raise TypeError(f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not {kind}")
    for at, one in enumerate(tensors):
        if not isinstance(one, Tensor):
            raise TypeError(f"expected Tensor as element {at} in argument 0, but got {type(one).__name__}")
    if not tensors and name != "cat":
        raise RuntimeError(f"{name} expects a non-empty TensorList")
    return list(tensors)


def cat(tensors: Any, dim: int = 0, *, out: Tensor | None = None, axis: int | None = None) -> Tensor:
    """All *tensors* one after another along *dim*; their other sizes must agree. Empty vectors are passed over."""
    several = _listed("cat", tensors)
    dim = dim if axis is None else axis
    if not several:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    for at, one in enumerate(several):
        if not one.ndim:
            raise RuntimeError(f"zero-dimensional tensor (at position {at}) cannot be concatenated")
    kept = [one for one in several if one.array.shape != (0,)] or several[:1]
    dim = wrap_dim(dim, kept[0].ndim)
    first = kept[0].array.shape
    for at, one in enumerate(kept[1:], 1):
        _need_same_sizes(first, one.array.shape, dim, at)
    if out is not None:
        refuse_overlap(out, *several)
    return deliver(_cat(*kept, dim=dim), out, "cat")


def _need_same_sizes(first: tuple[int, ...], shape: tuple[int, ...], dim: int, at: int) -> None:
    if len(shape) != len(first):
        raise RuntimeError(f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}")
    for axis, (expected, got) in enumerate(zip(first, shape, strict=True)):
        if axis != dim and expected != got:
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {dim}. Expected size {expected} but got size {got} "
                f"for tensor number {at} in the list."
            )


def concat(tensors: Any, dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """`cat` under another name."""
    return cat(tensors, dim, out=out)


concatenate = concat


@op(promote=True, linear=True)
def _stack(*xs: Array, dim: int) -> Answer:
    place = (slice(None),) * dim

    def part(at: int) -> Any:
        return lambda g: g[(*place, at)]

    return np.stack(xs, dim), tuple(part(at) for at in range(len(xs)))


def stack(tensors: Any, dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """All *tensors*, of one shape, along a new dimension."""
    several = _listed("stack", tensors)
    first = several[0].array.shape
    for at, one in enumerate(several):
        if one.array.shape != first:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
                f"{list(one.array.shape)} at entry {at}"
            )
    return deliver(_stack(*several, dim=wrap_dim(dim, len(first) + 1)), out, "stack")


def atleast_1d(*tensors: Any) -> Any:
    """Each with one dimension at least."""
    return _at_least(tensors, lambda x: reshape(x, 1) if x.ndim == 0 else x)


def atleast_2d(*tensors: Any) -> Any:
    """Each with two dimensions at least: a vector becomes a row."""
    return _at_least(tensors, lambda x: reshape(x, 1, -1) if x.ndim < 2 else x)


def atleast_3d(*tensors: Any) -> Any:
    """Each with three dimensions at least: a vector gets one before and one after, a matrix one after."""
    return _at_least(tensors, lambda x: reshape(x, 1, -1, 1) if x.ndim < 2 else unsqueeze(x, -1) if x.ndim == 2 else x)


def _at_least(tensors: tuple[Any, ...], lift: Any) -> Any:
    if len(tensors) == 1 and isinstance(tensors[0], Tensor):
        return lift(tensors[0])
    return tuple(lift(one) for one in varargs(tensors))


def hstack(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """Side by side: along dimension 1, vectors along 0."""
    lifted = [atleast_1d(one) for one in _listed("hstack", tensors)]
    return cat(lifted, 0 if lifted and lifted[0].ndim == 1 else 1, out=out)


def vstack(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """One below another: along dimension 0, vectors as rows."""
    return cat([atleast_2d(one) for one in _listed("vstack", tensors)], 0, out=out)


def dstack(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """One behind another: along dimension 2."""
    return cat([atleast_3d(one) for one in _listed("dstack", tensors)], 2, out=out)


row_stack = vstack


def column_stack(tensors: Any, *, out: Tensor | None = None) -> Tensor:
    """Vectors as columns, matrices side by side."""
    several = _listed("column_stack", tensors)
    return cat([reshape(one, -1, 1) if one.ndim <= 1 else one for one in several], 1, out=out)


# Repeating


@op(linear=True)
def _repeat(x: Array, *, repeats: tuple[int, ...]) -> Answer:
    sizes = (1,) * (len(repeats) - x.ndim) + x.shape

    def pullback(g: Array) -> Any:
        apart = [n for pair in zip(repeats, sizes, strict=True) for n in pair]
        return summed(g.reshape(apart), tuple(range(0, 2 * len(sizes), 2)))

    return np.tile(x, repeats), pullback


def repeat(input: Tensor, *repeats: Any, **named: Any) -> Tensor:
    """*repeats* copies along each dimension; RuntimeError for fewer numbers than dimensions."""
    times = sizes_of((named["repeats"],) if "repeats" in named else repeats)
    if len(times) < input.ndim:
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    if min(times, default=0) < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(times)}: {list(times)}")
    return _repeat(input, repeats=times)


def tile(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """`repeat`, with ones put before too few numbers."""
    times = sizes_of((named["dims"],) if "dims" in named else dims)
    return _repeat(input, repeats=(1,) * (input.ndim - len(times)) + times)


@op(linear=True)
def _repeat_interleave(x: Array, *, repeats: Any, dim: int) -> Answer:
    size = x.shape[dim]
    places = np.repeat(np.arange(size), repeats)

    def pullback(g: Array) -> Any:
        ahead = np.moveaxis(g, dim, 0)
        return np.moveaxis(added_at((size, *ahead.shape[1:]), (places,), ahead), 0, dim)

    return np.take(x, places, dim), pullback


def repeat_interleave(
    input: Tensor, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each element *repeats* times in place, along *dim* or flattened; with one argument, indices by their counts."""
    if repeats is None:
        return _counted(input)
    if dim is None:
        input, dim = reshape(input, -1), 0
    dim = wrap_dim(dim, input.ndim)
    input = reshape(input, -1) if not input.ndim else input
    times = repeats.array if isinstance(repeats, Tensor) else np.asarray(repeats)
    if times.ndim == 1 and times.size not in (1, input.array.shape[dim]):
        raise RuntimeError(
            f"repeats must have the same size as input along dim, but got repeats.size(0) = {times.size} and "
            f"input.size({dim}) = {input.array.shape[dim]}"
        )
    if (times < 0).any():
        raise RuntimeError("Repeats must be non-negative")
    return _repeat_interleave(input, repeats=times if times.size > 1 else int(times.reshape(-1)[0]), dim=dim)


@op(name="repeat_interleave")
def _counted(repeats: Array) -> Answer:
    return np.repeat(np.arange(repeats.size), repeats), None


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """Each vector laid out over all combinations with the others; 'xy' swaps the first two dimensions."""
    several = [reshape(one, 1) if one.ndim == 0 else one for one in varargs(tensors)]
    if any(one.ndim > 1 for one in several):
        raise RuntimeError("torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got a higher dimension")
    swapped = indexing == "xy" and len(several) > 1
    order = [1, 0, *range(2, len(several))] if swapped else list(range(len(several)))
    rank = len(several)
    shaped = [reshape(one, *(-1 if order[at] == axis else 1 for axis in range(rank))) for at, one in enumerate(several)]
    shape = broadcast_shapes(*(one.shape for one in shaped))
    return tuple(expand(one, shape) for one in shaped)


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All combinations of the elements of vectors, one per row."""
    if len(tensors) == 1:
        return tensors[0]
    return stack([reshape(grid, -1) for grid in meshgrid(*tensors)], 1)


def block_diag(*tensors: Tensor) -> Tensor:
    """The matrices along the diagonal of one larger, zeros elsewhere."""
    return _block_diag(*(atleast_2d(one) for one in tensors))


@op(promote=True, linear=True)
def _block_diag(*xs: Array) -> Answer:
    rows = [0, *np.cumsum([x.shape[0] for x in xs]).tolist()]
    columns = [0, *np.cumsum([x.shape[1] for x in xs]).tolist()]
    value = np.zeros((rows[-1], columns[-1]), xs[0].dtype)
    windows = [
        (slice(*row), slice(*column))
        for row, column in zip(itertools.pairwise(rows), itertools.pairwise(columns), strict=True)
    ]
    for x, window in zip(xs, windows, strict=True):
        value[window] = x

    def part(window: tuple[slice, slice]) -> Any:
        return lambda g: g[window]

    return value, tuple(part(window) for window in windows)
