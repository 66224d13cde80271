"""Sampling an image at given places: `grid_sample`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import product

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .interpolate import cubic

__all__ = ["grid_sample"]

MODES = ("bilinear", "nearest", "bicubic")
PADDINGS = ("zeros", "border", "reflection")


def reflected(place: Array, low: float, high: float) -> tuple[Array, Array]:
    """``place`` mirrored at both ends until it lies between them, and the sign this gives its derivative."""
    if low == high:
        return np.zeros_like(place), np.zeros_like(place)
    span = place.dtype.type(high - low)
    away = place - place.dtype.type(low)
    sign = np.where(away < 0, -1, 1).astype(place.dtype)
    away = np.abs(away)
    flips, rest = np.floor(away / span), np.fmod(away, span)
    odd = flips % 2 == 1
    return np.where(odd, span - rest, rest) + place.dtype.type(low), np.where(odd, -sign, sign)


def clipped(place: Array, size: int) -> tuple[Array, Array]:
    """``place`` kept within the image, and its derivative: 0 at the border itself."""
    return np.clip(place, 0, size - 1), ((place > 0) & (place < size - 1)).astype(place.dtype)


def in_image(place: Array, size: int, padding_mode: str, align_corners: bool) -> tuple[Array, Array]:
    """``place`` in elements after the padding rule, with its derivative."""
    if padding_mode == "border":
        return clipped(place, size)
    if padding_mode == "reflection":
        ends = (0.0, size - 1.0) if align_corners else (-0.5, size - 0.5)
        place, sign = reflected(place, *ends)
        place, slope = clipped(place, size)
        return place, sign * slope
    return place, np.ones_like(place)


def in_elements(grid: Array, size: int, align_corners: bool) -> tuple[Array, float]:
    """Places from -1 … 1 in elements of an axis of ``size``, and the factor between them."""
    if align_corners:
        return (grid + 1) / 2 * (size - 1), (size - 1) / 2
    return ((grid + 1) * size - 1) / 2, size / 2


class Picture:
    """Looking up elements of ``x`` (N, C, *S) by lists of positions (N, P) per axis; those outside are 0."""

    def __init__(self, x: Array) -> None:
        self.size, self.shape, self.flat = x.shape[2:], x.shape, x.reshape(*x.shape[:2], -1)

    def places(self, index: Sequence[Array]) -> tuple[Array, Array]:
        """Flat position (N, 1, P), and whether it lies inside."""
        inside = np.ones(index[0].shape, bool)
        flat = np.zeros(index[0].shape, np.intp)
        for axis, n in zip(index, self.size, strict=True):
            inside &= (axis >= 0) & (axis < n)
            with np.errstate(invalid="ignore"):
                flat = flat * n + np.clip(np.nan_to_num(axis), 0, n - 1).astype(np.intp)
        return flat[:, None], inside[:, None]

    def at(self, index: Sequence[Array]) -> Array:
        """The elements (N, C, P)."""
        flat, inside = self.places(index)
        return np.take_along_axis(self.flat, flat, 2) * inside


def add_at(shape: tuple[int, ...], flat: Array, values: Array) -> Array:
    """Zeros of ``shape`` (N, C, *S) with ``values`` (N, C, P) added at ``flat`` (N, 1, P)."""
    dx = np.zeros((*shape[:2], int(np.prod(shape[2:]))), values.dtype)
    lines = np.arange(shape[0])[:, None, None], np.arange(shape[1])[:, None]
    np.add.at(dx, (*lines, flat), values)
    return dx.reshape(shape)


Taps = list[tuple[list[Array], list[Array], list[Array]]]
"""For every tap: its index, its weight and the weight's derivative, each per axis (N, P)."""


def taps_of(places: list[Array], slopes: list[Array], sizes: Sequence[int], mode: str, rule: tuple[str, bool]) -> Taps:
    """All taps of every sample; ``slopes`` are the derivatives of the places by the grid."""
    if mode == "nearest":
        return [([np.rint(place) for place in places], [np.ones_like(p) for p in places], [p * 0 for p in places])]
    per_axis = []
    for place, slope, size in zip(places, slopes, sizes, strict=True):
        low = np.floor(place)
        t = place - low
        if mode == "bilinear":
            per_axis.append([(low, 1 - t, -slope), (low + 1, t, slope)])
            continue
        offsets = range(-1, 3)
        weights = [cubic(t - k, -0.75) for k in offsets]
        turns = [cubic_slope(t - k, -0.75) * slope for k in offsets]
        index = [in_image(low + k, size, *rule)[0] for k in offsets]
        per_axis.append(list(zip(index, weights, turns, strict=True)))
    return [tuple(map(list, zip(*choice, strict=True))) for choice in product(*per_axis)]  # type: ignore[misc]


def cubic_slope(x: Array, a: float) -> Array:
    """Derivative of `cubic`."""
    sign, x = np.sign(x), np.abs(x)
    return sign * np.where(x <= 1, (3 * (a + 2) * x - 2 * (a + 3)) * x, np.where(x < 2, a * ((3 * x - 10) * x + 8), 0))


@op(name="grid_sampler")
def _grid_sample(x: Array, grid: Array, *, mode: str, padding_mode: str, align_corners: bool) -> Answer:
    sizes, out = x.shape[2:], grid.shape[1:-1]
    picture, rule = Picture(x), (padding_mode, align_corners)
    places, slopes = [], []
    for axis, size in enumerate(sizes):  # the last coordinate of the grid is the first axis
        place, factor = in_elements(grid[..., len(sizes) - 1 - axis].reshape(len(grid), -1), size, align_corners)
        slope = np.ones_like(place)
        if mode != "bicubic":
            place, slope = in_image(place, size, *rule)
        places.append(place)
        slopes.append(slope * place.dtype.type(factor))
    taps = taps_of(places, slopes, sizes, mode, rule)
    y = np.zeros((*x.shape[:2], places[0].shape[1]), x.dtype)
    for index, weights, _ in taps:
        y += picture.at(index) * np.prod(weights, axis=0)[:, None]
    shape, given = x.shape, grid.shape

    def to_input(g: Array) -> Array:
        g = g.reshape(y_shape)
        dx = np.zeros(shape, g.dtype)
        for index, weights, _ in taps:
            flat, inside = picture.places(index)
            dx += add_at(shape, flat, g * np.prod(weights, axis=0)[:, None] * inside)
        return dx

    def to_grid(g: Array) -> Array:
        g = g.reshape(y_shape)
        total = np.zeros((*places[0].shape, len(sizes)), g.dtype)
        for index, weights, turns in taps if mode != "nearest" else ():
            value = (g * picture.at(index)).sum(1)
            for axis, turn in enumerate(turns):
                others = [w for i, w in enumerate(weights) if i != axis]
                total[..., len(sizes) - 1 - axis] += value * turn * np.prod(others, axis=0)
        return total.reshape(given)

    y_shape = y.shape
    return y.reshape(*x.shape[:2], *out), (to_input, to_grid)


def aligned(align_corners: bool | None) -> bool:
    """``align_corners`` as a bool, with torch's warning where it was not given."""
    if align_corners is None:
        warnings.warn(
            "Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please "
            "specify align_corners=True if the old behavior is desired. See the documentation of grid_sample for "
            "details.",
            stacklevel=3,
        )
    return bool(align_corners)


def _check_grid(input: Tensor, grid: Tensor, mode: str) -> None:
    if input.shape[0] != grid.shape[0]:
        raise RuntimeError(
            "grid_sampler(): expected grid and input to have same batch size, but got input with sizes "
            f"{list(input.shape)} and grid with sizes {list(grid.shape)}"
        )
    if grid.shape[-1] != input.ndim - 2:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {input.ndim - 2} in last dimension, but got grid with sizes "
            f"{list(grid.shape)}"
        )
    for axis in range(2, input.ndim):
        if input.shape[axis] == 0:
            raise RuntimeError(
                "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes "
                f"{list(input.shape)} with dimension {axis} being empty"
            )
    if input.ndim not in (4, 5) or input.ndim != grid.ndim:
        raise RuntimeError(
            "grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got input with sizes "
            f"{list(input.shape)} and grid with sizes {list(grid.shape)}"
        )
    if mode == "bicubic" and input.ndim == 5:
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")
    if input.dtype is not grid.dtype:
        raise RuntimeError(
            "grid_sampler(): expected input and grid to have the same type, but input has "
            f"{input.dtype.legacy} and grid has {grid.dtype.legacy}"
        )


def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """``input`` (N, C, H, W) at the places ``grid`` (N, H', W', 2) of (x, y) from -1 to 1: (N, C, H', W'); 5D alike."""
    if mode not in MODES:
        raise ValueError(
            f"nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '{mode}'"
        )
    if padding_mode not in PADDINGS:
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: "
            f"'{padding_mode}'"
        )
    align = aligned(align_corners)
    _check_grid(input, grid, mode)
    return _grid_sample(input, grid, mode=mode, padding_mode=padding_mode, align_corners=align)
