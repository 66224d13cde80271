"""Moving between channels and places: `pixel_shuffle`, `pixel_unshuffle`, `channel_shuffle`."""

from __future__ import annotations

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor

__all__ = ["channel_shuffle", "native_channel_shuffle", "pixel_shuffle", "pixel_unshuffle"]


def moved(x: Array, shape: tuple[int, ...], order: tuple[int, ...], out: tuple[int, ...]) -> Answer:
    """``x`` seen in ``shape``, its axes put in ``order``, and seen in ``out``."""
    given, back = x.shape, np.argsort(order)
    middle = tuple(shape[axis] for axis in order)
    y = np.ascontiguousarray(x.reshape(shape).transpose(order)).reshape(out)
    return (y.copy() if y.base is x or y is x else y), lambda g: g.reshape(middle).transpose(back).reshape(given)


@op(linear=True)
def _pixel_shuffle(x: Array, *, upscale_factor: int) -> Answer:
    *lead, c, h, w = x.shape
    r, n = upscale_factor, len(lead)
    order = (*range(n), n, n + 3, n + 1, n + 4, n + 2)
    return moved(x, (*lead, c // r**2, r, r, h, w), order, (*lead, c // r**2, h * r, w * r))


@op(linear=True)
def _pixel_unshuffle(x: Array, *, downscale_factor: int) -> Answer:
    *lead, c, h, w = x.shape
    r, n = downscale_factor, len(lead)
    order = (*range(n), n, n + 2, n + 4, n + 1, n + 3)
    return moved(x, (*lead, c, h // r, r, w // r, r), order, (*lead, c * r**2, h // r, w // r))


@op(linear=True)
def _channel_shuffle(x: Array, *, groups: int) -> Answer:
    n, c, *rest = x.shape
    order = (0, 2, 1, *range(3, 3 + len(rest)))
    return moved(x, (n, groups, c // groups, *rest), order, x.shape)


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """``input`` (*, C r², H, W) as (*, C, H r, W r). https://arxiv.org/abs/1609.05158"""
    if input.ndim < 3:
        raise RuntimeError(
            f"pixel_shuffle expects input to have at least 3 dimensions, but got input with {input.ndim} dimension(s)"
        )
    if upscale_factor <= 0:
        raise RuntimeError(f"pixel_shuffle expects a positive upscale_factor, but got {upscale_factor}")
    if input.shape[-3] % upscale_factor**2:
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            f"but input.size(-3)={input.shape[-3]} is not divisible by {upscale_factor**2}"
        )
    return _pixel_shuffle(input, upscale_factor=upscale_factor)


def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """``input`` (*, C, H r, W r) as (*, C r², H, W): the reverse of `pixel_shuffle`."""
    if input.ndim < 3:
        raise RuntimeError(
            f"pixel_unshuffle expects input to have at least 3 dimensions, but got input with {input.ndim} dimension(s)"
        )
    if downscale_factor <= 0:
        raise RuntimeError(f"pixel_unshuffle expects a positive downscale_factor, but got {downscale_factor}")
    for axis, name in ((-2, "height"), (-1, "width")):
        if input.shape[axis] % downscale_factor:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but input.size({axis})="
                f"{input.shape[axis]} is not divisible by {downscale_factor}"
            )
    return _pixel_unshuffle(input, downscale_factor=downscale_factor)


def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """``input`` (N, C, *) with the channels of its ``groups`` dealt out in turn. https://arxiv.org/abs/1707.01083"""
    if input.ndim < 3:
        raise RuntimeError(f"channel_shuffle expects input with > 2 dims, but got input with sizes {list(input.shape)}")
    if groups <= 0:
        raise RuntimeError(f"Number of groups to divide channels in must be positive. Value of groups:{groups}")
    if input.shape[1] % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {input.shape[1]} channels and {groups} groups."
        )
    return _channel_shuffle(input, groups=groups)


def native_channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """`channel_shuffle`."""
    return channel_shuffle(input, groups)
