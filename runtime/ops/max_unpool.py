"""Putting maxima back where they came from: `max_unpool1d`, `max_unpool2d`, `max_unpool3d`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..array import Answer, Array
from ..autograd import Op, op
from ..tensor import Tensor
from .conv import Ints

__all__ = ["max_unpool1d", "max_unpool2d", "max_unpool3d"]


def _op(spatial: int) -> Op[Tensor]:
    @op(name=f"max_unpool{spatial}d")
    def body(x: Array, indices: Array, *, output_size: tuple[int, ...]) -> Answer:
        lead = x.shape[: x.ndim - spatial]
        rows = int(np.prod(lead))
        flat = indices.reshape(rows, -1)
        y = np.zeros((rows, int(np.prod(output_size))), x.dtype)
        np.put_along_axis(y, flat, x.reshape(rows, -1), 1)
        shape = x.shape

        def back(g: Array) -> Array:
            return np.take_along_axis(g.reshape(rows, -1), flat, 1).reshape(shape)

        return y.reshape(*lead, *output_size), (back, None)

    return body


_UNPOOL = {spatial: _op(spatial) for spatial in (1, 2, 3)}


def _axes(value: Ints, spatial: int) -> tuple[int, ...]:
    return (value,) * spatial if isinstance(value, int) else tuple(value) * (spatial if len(value) == 1 else 1)


def _output_size(
    given: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    wanted: Sequence[int] | None,
) -> tuple[int, ...]:
    """The size pooled from, as far as it can be known; ValueError where the wanted one cannot be it."""
    spatial = len(kernel)
    default = [(n - 1) * s + k - 2 * p for n, s, k, p in zip(given[-spatial:], stride, kernel, padding, strict=True)]
    if wanted is None:
        return tuple(default)
    sizes = tuple(wanted)[2:] if len(wanted) == spatial + 2 else tuple(wanted)
    if len(sizes) != spatial:
        raise ValueError(
            f"output_size should be a sequence containing {spatial} or {spatial + 2} elements, but it has a length of "
            f"'{len(sizes)}'"
        )
    for axis, (size, usual, step) in enumerate(zip(sizes, default, stride, strict=True)):
        if not usual - step < size < usual + step:
            raise ValueError(
                f'invalid output_size "{sizes}" (dim {axis} must be between {usual - step} and {usual + step})'
            )
    return sizes


def _unpool(
    input: Tensor,
    indices: Tensor,
    kernel_size: Ints,
    stride: Ints | None,
    padding: Ints,
    output_size: Sequence[int] | None,
    spatial: int,
) -> Tensor:
    kernel = _axes(kernel_size, spatial)
    steps = kernel if stride is None else _axes(stride, spatial)
    size = _output_size(input.shape, kernel, steps, _axes(padding, spatial), output_size)
    if indices.dtype.name != "int64":
        raise RuntimeError(f"elements in indices should be type int64 but got: {indices.dtype.legacy}")
    if indices.shape != input.shape:
        raise RuntimeError(
            f"Expected shape of indices to be same as that of the input tensor ({list(input.shape)}) but got indices "
            f"tensor with shape: {list(indices.shape)}"
        )
    if input.ndim not in (spatial + 1, spatial + 2):
        raise RuntimeError(
            f"Input to max_unpooling{spatial}d should be a {spatial + 1}d or {spatial + 2}d Tensor, but got a tensor "
            f"with {input.ndim} dimensions."
        )
    volume = int(np.prod(size))
    wrong = indices.array[(indices.array < 0) | (indices.array >= volume)]
    if wrong.size:
        volumes = "x".join(map(str, size))
        raise RuntimeError(f"Found an invalid max index: {wrong[0]} (output volumes are of size {volumes})")
    return _UNPOOL[spatial](input, indices, output_size=size)


def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """``input`` (N, C, L) or (C, L) at its ``indices`` into zeros (N, C, L')."""
    return _unpool(input, indices, kernel_size, stride, padding, output_size, 1)


def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """``input`` (N, C, H, W) or (C, H, W) at its ``indices`` into zeros (N, C, H', W')."""
    return _unpool(input, indices, kernel_size, stride, padding, output_size, 2)


def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """``input`` (N, C, D, H, W) or (C, D, H, W) at its ``indices`` into zeros (N, C, D', H', W')."""
    return _unpool(input, indices, kernel_size, stride, padding, output_size, 3)
