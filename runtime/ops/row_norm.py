"""Normalisation within a sample, without history: `layer_norm`, `rms_norm`, `group_norm`, `local_response_norm`."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..kernels import not_implemented, refuse
from ..recorded import through
from ..second_order import on_tensors
from ..summed import inner_products, summed
from ..tensor import Tensor
from .chain import row_blocks
from .supported import floating

__all__ = ["group_norm", "layer_norm", "local_response_norm", "rms_norm"]


def _plainly_normalised(rows: Any, eps: float) -> tuple[Any, Any, Any]:
    mean = rows.mean(1, keepdims=True)
    centred = rows - mean
    inverse = 1 / np.sqrt((centred * centred).mean(1, keepdims=True) + eps)
    return centred * inverse, mean, inverse


def _plainly_through(g: Any, rows: Any, mean: Any, inverse: Any, w: Any) -> Any:
    normal, h = (rows - mean) * inverse, g if w is None else g * w
    return (h - h.mean(1, keepdims=True) - normal * (h * normal).mean(1, keepdims=True)) * inverse


@on_tensors(_plainly_normalised)
def normalised_rows(rows: Array, eps: float) -> tuple[Array, Array, Array]:
    """Rows (R, D) less their mean over their deviation, and of every row the mean and one over the deviation."""
    out, size = np.empty_like(rows), rows.shape[1]
    mean, inverse = np.empty((2, len(rows), 1), rows.dtype)
    for part in row_blocks(rows):
        x, y = rows[part], out[part]
        np.divide(x.sum(1, keepdims=True), size, out=mean[part])
        np.subtract(x, mean[part], out=y)
        inverse[part] = 1 / np.sqrt(inner_products(y, y)[:, None] / size + eps)
        y *= inverse[part]
    return out, mean, inverse


@on_tensors(_plainly_through)
def through_rows(g: Array, rows: Array, mean: Array, inverse: Array, w: Array | None) -> Array:
    """Gradient of the rows, given that of the normalised ones times ``w`` (D)."""
    out, size = np.empty_like(rows), rows.shape[1]
    for part in row_blocks(rows):
        dx, h = out[part], g[part] if w is None else g[part] * w
        np.subtract(rows[part], mean[part], out=dx)
        dx *= inverse[part]
        dx *= inner_products(h, dx)[:, None] / -size
        dx += h
        dx -= h.sum(1, keepdims=True) / size
        dx *= inverse[part]
    return out


@on_tensors(lambda g, rows, mean, inverse: (g * (rows - mean) * inverse).sum(0))
def weight_of_rows(g: Array, rows: Array, mean: Array, inverse: Array) -> Array:
    """Gradient of the weight (D) that the normalised rows were multiplied with."""
    total = np.zeros(rows.shape[1], rows.dtype)
    for part in row_blocks(rows):
        normal = rows[part] - mean[part]
        normal *= inverse[part]
        normal *= g[part]
        total += summed(normal, 0)
    return total


@op(layout="rows")
def _layer_norm(x: Array, w: Array | None, b: Array | None, *, normalized_shape: tuple[int, ...], eps: float) -> Answer:
    size, shape = prod(normalized_shape), x.shape
    rows = x.reshape(-1, size)
    if rows.size == 0:
        return x.copy(), (lambda g: g, *(lambda g: np.zeros(normalized_shape, g.dtype),) * 2)
    y, mean, inverse = normalised_rows(rows, eps)
    if w is not None:
        y *= w.reshape(-1)
    if b is not None:
        y += b.reshape(-1)

    def to_input(g: Array) -> Array:
        line = None if w is None else w.reshape(-1)
        return through_rows(g.reshape(-1, size), rows, mean, inverse, line).reshape(shape)

    def to_weight(g: Array) -> Any:
        return weight_of_rows(g.reshape(-1, size), rows, mean, inverse).reshape(normalized_shape)

    def to_bias(g: Array) -> Any:
        return summed(g.reshape(-1, size), 0).reshape(normalized_shape)

    return y.reshape(shape), (to_input, to_weight if w is not None else None, to_bias if b is not None else None)


@op(layout="rows")
def _rms_norm(x: Array, w: Array | None, *, normalized_shape: tuple[int, ...], eps: float) -> Answer:
    size, shape = prod(normalized_shape), x.shape
    rows = x.reshape(-1, size)
    inverse = 1 / np.sqrt(inner_products(rows, rows)[:, None] / max(size, 1) + eps)
    y = rows * inverse
    if w is not None:
        y *= w.reshape(-1)

    def to_input(g: Array) -> Any:
        g = g.reshape(-1, size)
        g = g if w is None else g * w.reshape(-1)
        along = inner_products(g, rows)[:, None] * (inverse * inverse / size)
        return ((g - rows * along) * inverse).reshape(shape)

    def to_weight(g: Array) -> Any:
        return summed(g.reshape(-1, size) * (rows * inverse), 0).reshape(normalized_shape)

    return y.reshape(shape), (to_input, to_weight if w is not None else None)


@op(layout="rows")
def _group_norm(x: Array, w: Array | None, b: Array | None, *, num_groups: int, eps: float) -> Answer:
    shape = x.shape
    batch, channels = shape[:2]
    if x.size == 0:
        return x.copy(), (lambda g: g, lambda g: np.zeros(channels, g.dtype), lambda g: np.zeros(channels, g.dtype))
    flat = (batch, channels, prod(shape[2:]))
    rows = x.reshape(batch * num_groups, -1)
    y, mean, inverse = normalised_rows(rows, eps)
    y = y.reshape(flat)
    if w is not None:
        y *= w[:, None]
    if b is not None:
        y += b[:, None]

    def to_input(g: Array) -> Array:
        g = g.reshape(flat) if w is None else g.reshape(flat) * w[:, None]
        return through_rows(g.reshape(rows.shape), rows, mean, inverse, None).reshape(shape)

    def to_weight(g: Array) -> Any:
        return summed(inner_products(g.reshape(flat), ((rows - mean) * inverse).reshape(flat)), 0)

    def to_bias(g: Array) -> Any:
        return summed(g.reshape(flat), (0, 2))

    return y.reshape(shape), (to_input, to_weight if w is not None else None, to_bias if b is not None else None)


def channel_window(x: Array, size: int, ahead: int) -> Array:
    """Sum over ``size`` neighbouring channels of ``x`` (N, C, *), from ``ahead`` before each one."""
    total = np.zeros_like(x)
    channels = x.shape[1]
    for shift in range(-ahead, size - ahead):
        lo, hi = max(0, -shift), min(channels, channels - shift)
        if lo < hi:
            total[:, lo:hi] += x[:, lo + shift : hi + shift]
    return total


@op(name="channel_window", linear=True)
def _channel_window(x: Array, *, size: int, ahead: int) -> Answer:
    return channel_window(x, size, ahead), lambda g: channel_window(g, size, size - 1 - ahead)


on_tensors(lambda x, size, ahead: through(_channel_window, x, size=size, ahead=ahead))(channel_window)


@op
def _local_response_norm(x: Array, *, size: int, alpha: float, beta: float, k: float) -> Answer:
    base = channel_window(x * x, size, size // 2) * (alpha / size) + k
    scale = base**-beta

    def to_input(g: Array) -> Array:
        inner = channel_window(g * x * scale / base, size, (size - 1) // 2)
        return g * scale - x * inner * (2 * alpha * beta / size)

    return x * scale, to_input


def _check_shape(input: Tensor, normalized_shape: Sequence[int], star: str, **affine: Tensor | None) -> tuple[int, ...]:
    """``normalized_shape`` as a tuple. RuntimeError unless it ends the input's shape and fits weight and bias."""
    shape = list(normalized_shape)
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
            "normalized_shape = []"
        )
    for name, tensor in affine.items():
        if tensor is not None and list(tensor.shape) != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(tensor.shape)} and normalized_shape = {shape}"
            )
    if list(input.shape[max(0, input.ndim - len(shape)) :]) != shape:
        sizes = ", ".join(map(str, shape))
        raise RuntimeError(
            f"Given normalized_shape={shape}, expected input with shape [*{star}{sizes}], but got input of "
            f"size{list(input.shape)}"
        )
    return tuple(shape)


def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """``input`` (*, *normalized_shape) normalised over its last axes. https://arxiv.org/abs/1607.06450"""
    if isinstance(normalized_shape, int):
        raise TypeError("layer_norm(): argument 'normalized_shape' (position 2) must be tuple of ints, not int")
    shape = _check_shape(input, normalized_shape, ", ", weight=weight, bias=bias)
    floating("LayerNormKernelImpl", input)
    return _layer_norm(input, weight, bias, normalized_shape=shape, eps=eps)


def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """``input`` over the root of its mean square along the last axes; ``eps`` None is the dtype's own.

    https://arxiv.org/abs/1910.07467
    """
    if isinstance(normalized_shape, int):
        raise TypeError("rms_norm(): argument 'normalized_shape' (position 2) must be tuple of ints, not int")
    shape = _check_shape(input, normalized_shape, "", weight=weight)
    floating("rms_norm", input)
    small = float(np.finfo(input.array.dtype).eps) if eps is None else eps
    return _rms_norm(input, weight, normalized_shape=shape, eps=small)


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    """``input`` (N, C, *) normalised per sample and group of channels. https://arxiv.org/abs/1803.08494"""
    if input.ndim < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {input.ndim}")
    channels = input.shape[1]
    if input.shape[0] * channels // num_groups * prod(input.shape[2:]) == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {list(input.shape)}")
    if channels % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(input.shape)} and num_groups={num_groups}"
        )
    for name, tensor in (("weight", weight), ("bias", bias)):
        if tensor is not None and tuple(tensor.shape) != (channels,):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of "
                f"shape {list(tensor.shape)} and input of shape {list(input.shape)}"
            )
    floating("GroupNormKernelImpl", input)
    return _group_norm(input, weight, bias, num_groups=num_groups, eps=eps)


_AVERAGES = not_implemented("cbhu", "avg_pool3d_out_frame")
"""What the average over channels refuses."""


def local_response_norm(input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """``input`` (N, C, *) over ``(k + alpha * mean of squares of size neighbouring channels) ** beta``."""
    if input.ndim < 3:
        raise ValueError(
            f"Expected 3D or higher dimensionality                          input (got {input.ndim} dimensions)"
        )
    if size <= 0:
        raise RuntimeError(f"kernel size should be greater than zero, but got kH: {size} kW: 1")
    refuse(_AVERAGES, (input.array,))
    return _local_response_norm(input, size=size, alpha=alpha, beta=beta, k=k)
