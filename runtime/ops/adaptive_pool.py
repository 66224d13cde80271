"""Adaptive pooling: the windows are what it takes to reach a given output size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from ..array import Answer, Answers, Array
from ..autograd import Op, op
from ..recorded import through
from ..second_order import on_tensors
from ..tensor import Tensor

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool1d_with_indices",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_with_indices",
    "adaptive_max_pool3d",
    "adaptive_max_pool3d_with_indices",
]

Sizes: TypeAlias = "int | Sequence[int | None]"
"""The output size: one for all axes, or one per axis; None keeps that of the input."""


def bounds(size: int, out: int) -> tuple[Array, Array]:
    """First element and end of each of ``out`` windows over ``size`` elements."""
    index = np.arange(out)
    return index * size // max(out, 1), -((index + 1) * size // -max(out, 1))


def averaging(size: int, out: int, dtype: np.dtype[Any]) -> Array:
    """Matrix (size, out) that takes the mean of each window."""
    start, end = bounds(size, out)
    place = np.arange(size)[:, None]
    return np.asarray((((place >= start) & (place < end)) / np.maximum(end - start, 1)).astype(dtype))


def times(x: Array, matrix: Array, axis: int) -> Array:
    """``x`` with ``matrix`` (size, out) applied along ``axis``."""
    if axis == x.ndim - 1:
        return np.asarray(x @ matrix)
    if axis == x.ndim - 2:
        return np.asarray(matrix.T @ x)
    return np.moveaxis(np.moveaxis(x, axis, -1) @ matrix, -1, axis)


def gathered(x: Array, out: tuple[int, ...]) -> tuple[Array, Array]:
    """Windows (..., *out, taps) of ``x`` (..., *S), and the flat index (*out, taps) of each element.

    Windows shorter than the longest repeat their last element, which a first maximum never is.
    """
    size = x.shape[x.ndim - len(out) :]
    flat: Any = np.zeros((), np.int64)
    for axis, (n, o) in enumerate(zip(size, out, strict=True)):
        start, end = bounds(n, o)
        longest = int((end - start).max(initial=1))
        index = np.minimum(start[:, None] + np.arange(longest), end[:, None] - 1)
        shape = [1] * (2 * len(out))
        shape[axis], shape[len(out) + axis] = index.shape
        flat = flat * n + index.reshape(shape)
    flat = flat.reshape(*out, -1)
    return x.reshape(*x.shape[: x.ndim - len(out)], -1)[..., flat], flat


def max_of(x: Array, out: tuple[int, ...]) -> tuple[Array, Array]:
    """The maximum of every window and its index into the flattened plane."""
    if 0 in out or x.size == 0:
        shape = (*x.shape[: x.ndim - len(out)], *out)
        return np.zeros(shape, x.dtype), np.zeros(shape, np.int64)
    parts, flat = gathered(x, out)
    best = parts.argmax(-1)[..., None]
    where = np.take_along_axis(np.broadcast_to(flat, parts.shape), best, -1)
    return np.take_along_axis(parts, best, -1)[..., 0], where[..., 0]


def scattered(g: Array, indices: Array, size: tuple[int, ...], spatial: int) -> Array:
    """``g`` (..., *out) added at its ``indices`` into planes of ``size``."""
    lead = g.shape[: g.ndim - spatial]
    planes, plane = int(np.prod(lead)), int(np.prod(size))
    dx = np.zeros((planes, plane), g.dtype)
    rows = np.arange(planes).reshape(*lead, *[1] * spatial)
    np.add.at(dx, (np.broadcast_to(rows, g.shape), indices), g)
    return dx.reshape(*lead, *size)


@op(name="scattered", linear=True)
def _scattered(g: Array, *, indices: Array, size: tuple[int, ...], spatial: int) -> Answer:
    return scattered(g, indices, size, spatial), lambda u: picked(u, indices, spatial)


def picked(u: Array, indices: Array, spatial: int) -> Array:
    """The elements of ``u`` (..., *S) at flat ``indices`` (..., *out) into its planes; `scattered` backwards."""
    lead, out = u.shape[: u.ndim - spatial], indices.shape[indices.ndim - spatial :]
    flat = np.broadcast_to(indices, (*lead, *out)).reshape(*lead, int(np.prod(out)))
    planes = u.reshape(*lead, int(np.prod(u.shape[u.ndim - spatial :])))
    return np.take_along_axis(planes, flat, -1).reshape(*lead, *out)


on_tensors(lambda g, indices, size, spatial: through(_scattered, g, indices=indices, size=size, spatial=spatial))(
    scattered
)


def _avg_op(spatial: int) -> Op[Tensor]:
    @op(name=f"adaptive_avg_pool{spatial}d", linear=True)
    def body(x: Array, *, output_size: tuple[int, ...]) -> Answer:
        axes = range(x.ndim - spatial, x.ndim)
        if all(n == 1 for n in output_size):
            shape, count = x.shape, int(np.prod(x.shape[-spatial:]))
            y = x.reshape(*shape[:-spatial], count).sum(-1) / x.dtype.type(count)
            return y.reshape(*shape[:-spatial], *output_size), lambda g: np.broadcast_to(g / g.dtype.type(count), shape)
        matrices = [averaging(x.shape[axis], n, x.dtype) for axis, n in zip(axes, output_size, strict=True)]
        for axis, matrix in zip(axes, matrices, strict=True):
            x = times(x, matrix, axis)

        def to_input(g: Array) -> Array:
            for axis, matrix in zip(axes, matrices, strict=True):
                g = times(g, matrix.T, axis)
            return g

        return x, to_input

    return body


def _max_op(spatial: int) -> Op[tuple[Tensor, ...]]:
    @op(name=f"adaptive_max_pool{spatial}d")
    def body(x: Array, *, output_size: tuple[int, ...]) -> Answers:
        y, indices = max_of(x, output_size)
        size = x.shape[x.ndim - spatial :]
        return (y, indices), lambda g: scattered(g[0], indices, size, spatial)

    return body


_AVG = {spatial: _avg_op(spatial) for spatial in (1, 2, 3)}
_MAX = {spatial: _max_op(spatial) for spatial in (1, 2, 3)}


def _out(name: str, input: Tensor, output_size: Sizes, spatial: int) -> tuple[int, ...]:
    """The output size per axis, after torch's checks of it and of the input."""
    shape = list(input.shape)
    if spatial == 1 and len(shape) not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {len(shape)}-dimensional tensor for argument #1 'self' "
            f"(while checking arguments for {name})"
        )
    if spatial > 1 and isinstance(output_size, Sequence) and len(shape) <= len(output_size):
        raise ValueError(f"Input dimension should be at least {len(output_size) + 1}")
    given = (output_size,) * spatial if isinstance(output_size, int) or output_size is None else tuple(output_size)
    if len(given) != spatial:
        raise RuntimeError(
            f"{name}() argument 'output_size' should contain one int (got {len(given)})"
            if spatial == 1
            else f"{name}(): internal error: output_size.size() must be {spatial}"
            if "max" in name
            else f"{name}: output_size must be {spatial}"
        )
    if len(shape) not in (spatial + 1, spatial + 2):
        colon = ":" if "max" in name else ""
        raise RuntimeError(f"{name}(): Expected {spatial + 1}D or {spatial + 2}D tensor, but got{colon} {shape}")
    size = shape[-spatial:]
    out = tuple(n if wanted is None else int(wanted) for n, wanted in zip(size, given, strict=True))
    if min(out) < 0 and "max" in name:
        made = [*shape[:-spatial], *(1,) * (spatial == 1), *out]
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(out)}: {made}")
    if min(out) < 0:
        raise RuntimeError(
            f"{name}: elements of output_size must be greater than or equal to 0 but received "
            f"{{{', '.join(map(str, out))}}}"
        )
    if 0 in shape[-spatial:]:
        raise RuntimeError(
            f"{name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {shape} "
            f"with dimension {shape.index(0, len(shape) - spatial)} being empty"
        )
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f"\"{name}\" not implemented for '{input.dtype.legacy}'")
    return out


def _avg(input: Tensor, output_size: Sizes, spatial: int) -> Tensor:
    return _AVG[spatial](input, output_size=_out(f"adaptive_avg_pool{spatial}d", input, output_size, spatial))


def _max(input: Tensor, output_size: Sizes, spatial: int, return_indices: bool) -> Any:
    found = _MAX[spatial](input, output_size=_out(f"adaptive_max_pool{spatial}d", input, output_size, spatial))
    return found if return_indices else found[0]


def adaptive_avg_pool1d(input: Tensor, output_size: Sizes) -> Tensor:
    """``input`` (N, C, L) or (C, L) averaged to (N, C, output_size)."""
    return _avg(input, output_size, 1)


def adaptive_avg_pool2d(input: Tensor, output_size: Sizes) -> Tensor:
    """``input`` (N, C, H, W) or (C, H, W) averaged to (N, C, *output_size)."""
    return _avg(input, output_size, 2)


def adaptive_avg_pool3d(input: Tensor, output_size: Sizes) -> Tensor:
    """``input`` (N, C, D, H, W) or (C, D, H, W) averaged to (N, C, *output_size)."""
    return _avg(input, output_size, 3)


def adaptive_max_pool1d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """Maxima of ``input`` (N, C, L) or (C, L) as (N, C, output_size), and where they are if ``return_indices``."""
    return _max(input, output_size, 1, return_indices)


def adaptive_max_pool2d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """Maxima of ``input`` (N, C, H, W) or (C, H, W) as (N, C, *output_size); indices count through H * W."""
    return _max(input, output_size, 2, return_indices)


def adaptive_max_pool3d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """Maxima of ``input`` (N, C, D, H, W) or (C, D, H, W) as (N, C, *output_size); indices count through D * H * W."""
    return _max(input, output_size, 3, return_indices)


def adaptive_max_pool1d_with_indices(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """`adaptive_max_pool1d` that always gives indices."""
    return _max(input, output_size, 1, True)


def adaptive_max_pool2d_with_indices(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """`adaptive_max_pool2d` that always gives indices."""
    return _max(input, output_size, 2, True)


def adaptive_max_pool3d_with_indices(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """`adaptive_max_pool3d` that always gives indices."""
    return _max(input, output_size, 3, True)
