"""Fractional max pooling: windows of one size at random places. https://arxiv.org/abs/1412.6071"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..array import Answers, Array
from ..autograd import Op, op
from ..random.creation import rand
from ..tensor import Tensor
from .adaptive_pool import scattered
from .conv import Ints

__all__ = [
    "fractional_max_pool2d",
    "fractional_max_pool2d_with_indices",
    "fractional_max_pool3d",
    "fractional_max_pool3d_with_indices",
]


def starts(samples: Array, size: int, kernel: int, out: int) -> Array:
    """First element of every window (*, out), steps between them random by ``samples`` (*)."""
    if out == 1:
        return np.full((*samples.shape, 1), size - kernel)
    alpha = samples.dtype.type((size - kernel) / (out - 1))
    place = samples[..., None] + np.arange(out, dtype=samples.dtype)
    first = (place * alpha).astype(np.int64) - (samples * alpha).astype(np.int64)[..., None]
    first[..., -1] = size - kernel
    return np.asarray(first)


def _op(spatial: int) -> Op[tuple[Tensor, ...]]:
    @op(name=f"fractional_max_pool{spatial}d")
    def body(x: Array, samples: Array, *, kernel_size: tuple[int, ...], output_size: tuple[int, ...]) -> Answers:
        size, lead = x.shape[-spatial:], x.shape[: x.ndim - spatial]
        samples = samples.reshape(*lead, spatial) if x.ndim == spatial + 2 else samples[0]
        # torch draws for the last axis first in two dimensions, and in order in three
        order = range(spatial) if spatial == 3 else reversed(range(spatial))
        flat: Any = np.zeros((1,) * (len(lead) + 2 * spatial), np.int64)
        for axis, which in enumerate(order):
            first = starts(samples[..., which], size[axis], kernel_size[axis], output_size[axis])
            index = first[..., None] + np.arange(kernel_size[axis])
            shape = [1] * (2 * spatial)
            shape[axis], shape[spatial + axis] = index.shape[-2:]
            flat = flat * size[axis] + index.reshape(*lead, *shape)
        flat = flat.reshape(*lead, int(np.prod(output_size)), int(np.prod(kernel_size)))
        parts = np.take_along_axis(x.reshape(*lead, int(np.prod(size)))[..., None, :], flat, -1)
        best = parts.argmax(-1)[..., None]
        shape_out = (*lead, *output_size)
        indices = np.take_along_axis(flat, best, -1).reshape(shape_out)
        y = np.take_along_axis(parts, best, -1).reshape(shape_out)
        return (y, indices), (lambda g: scattered(g[0], indices, size, spatial), None)

    return body


_FRACTIONAL = {spatial: _op(spatial) for spatial in (2, 3)}


def _pool(
    spatial: int,
    input: Tensor,
    kernel_size: Ints,
    output_size: Ints | None,
    output_ratio: Any,
    samples: Tensor | None,
) -> Any:
    name = f"fractional_max_pool{spatial}d"
    if output_size is None:
        if output_ratio is None:
            raise ValueError(f"{name} requires specifying either an output_size or an output_ratio")
        ratios = _axes(output_ratio, spatial, name)
        output_size = tuple(int(n * ratio) for n, ratio in zip(input.shape[-spatial:], ratios, strict=True))
    kernel, out = _axes(kernel_size, spatial, name), _axes(output_size, spatial, name)
    if input.ndim not in (spatial + 1, spatial + 2):
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-input.ndim}, {input.ndim - 1}], "
            f"but got {-spatial - 1})"
        )
    axes = ("time", "height", "width")[-spatial:]
    for axis, n, k, o in zip(axes, input.shape[-spatial:], kernel, out, strict=True):
        if o + k - 1 >= n + 1:
            raise RuntimeError(f"{name}(): pool {axis} {k} too large relative to input {axis} {n}")
    if samples is None:
        batch = input.shape[0] if input.ndim == spatial + 2 else 1
        samples = rand(batch, input.shape[-spatial - 1], spatial, dtype=input.dtype)
    return _FRACTIONAL[spatial](input, samples, kernel_size=kernel, output_size=out)


def _axes(value: Any, spatial: int, name: str) -> tuple[Any, ...]:
    if not isinstance(value, Sequence):
        return (value,) * spatial
    if len(value) != spatial:
        raise RuntimeError(f"{name}: expected a single number or {spatial} of them, got {list(value)}")
    return tuple(value)


def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """Maxima of ``input`` (N, C, H, W) or (C, H, W) as (N, C, *output_size), with indices if ``return_indices``."""
    found = _pool(2, input, kernel_size, output_size, output_ratio, _random_samples)
    return found if return_indices else found[0]


def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """Maxima of ``input`` (N, C, D, H, W) or (C, D, H, W) as (N, C, *output_size)."""
    found = _pool(3, input, kernel_size, output_size, output_ratio, _random_samples)
    return found if return_indices else found[0]


def fractional_max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """`fractional_max_pool2d` that always gives indices."""
    return _pool(2, input, kernel_size, output_size, output_ratio, _random_samples)


def fractional_max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """`fractional_max_pool3d` that always gives indices."""
    return _pool(3, input, kernel_size, output_size, output_ratio, _random_samples)
