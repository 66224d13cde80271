"""`interpolate`: resizing by nearest, linear, cubic, area and anti-aliased rules, one axis after the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .adaptive_pool import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d, times
from .supported import floating

__all__ = ["interpolate"]

AREA = {1: adaptive_avg_pool1d, 2: adaptive_avg_pool2d, 3: adaptive_avg_pool3d}
RANK = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5, "lanczos": 4}


def step(size: int, out: int, align_corners: bool, factor: float | None, kind: Any) -> Any:
    """How far apart, in input elements, neighbouring output elements lie."""
    if align_corners:
        return kind(size - 1) / kind(out - 1) if out > 1 else kind(0)
    return kind(1.0 / factor) if factor else kind(size) / kind(out)


def nearest_index(size: int, out: int, factor: float | None, exact: bool) -> Array:
    """Which element each output element copies; torch reckons this in float32 whatever the data."""
    place = np.arange(out, dtype=np.float32) + np.float32(0.5 if exact else 0)
    scale = step(size, out, False, factor, np.float32)
    return np.asarray(np.minimum(np.floor(place * scale).astype(np.intp), size - 1))


def spread_weights(taps: Array, weights: Array, size: int) -> Array:
    """Matrix (size, out) from the element numbers and weights (out, taps) of every output element."""
    matrix = np.zeros((size, len(taps)), weights.dtype)
    np.add.at(matrix, (taps, np.arange(len(taps))[:, None]), weights)
    return matrix


def linear_matrix(size: int, out: int, align_corners: bool, factor: float | None, kind: Any) -> Array:
    """Each output element between two input elements."""
    scale, index = step(size, out, align_corners, factor, kind), np.arange(out, dtype=kind)
    source = index * scale if align_corners else np.maximum(scale * (index + kind(0.5)) - kind(0.5), 0)
    low = np.minimum(source.astype(np.intp), size - 1)
    share = np.clip(source - low.astype(kind), 0, 1)
    taps = np.stack((low, np.minimum(low + 1, size - 1)), 1)
    return spread_weights(taps, np.stack((1 - share, share), 1), size)


def cubic(x: Array, a: float) -> Array:
    """Keys' cubic kernel at distance ``x``."""
    x = np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((x - 5) * x + 8) * x * a - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0))


def cubic_matrix(size: int, out: int, align_corners: bool, factor: float | None, kind: Any) -> Array:
    """Each output element between four; the border element stands for what lies beyond."""
    scale, index = step(size, out, align_corners, factor, kind), np.arange(out, dtype=kind)
    source = index * scale if align_corners else scale * (index + kind(0.5)) - kind(0.5)
    low = np.floor(source)
    offsets = np.arange(-1, 3)
    weights = cubic((source - low)[:, None] - offsets.astype(kind), -0.75).astype(kind)
    return spread_weights(np.clip(low.astype(np.intp)[:, None] + offsets, 0, size - 1), weights, size)


def triangle(x: Array) -> Array:
    """The linear kernel."""
    return np.asarray(np.maximum(1 - np.abs(x), 0))


def lanczos(x: Array) -> Array:
    """The windowed sinc of three lobes."""
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


SMOOTH: dict[str, tuple[Callable[[Array], Array], int]] = {
    "bilinear": (triangle, 2),
    "bicubic": (lambda x: cubic(x, -0.5), 4),
    "lanczos": (lanczos, 6),
}
"""The kernels of the anti-aliased modes and the elements they reach over."""


def smooth_matrix(size: int, out: int, align_corners: bool, factor: float | None, kind: Any, mode: str) -> Array:
    """Each output element by a kernel as wide as the step, its weights made to sum to 1."""
    kernel, reach = SMOOTH[mode]
    scale = step(size, out, align_corners, factor, kind)
    stretch = max(scale, kind(1))
    support = kind(reach / 2) * stretch
    center = scale * (np.arange(out, dtype=kind) + kind(0.5))
    first = np.maximum((center - support + kind(0.5)).astype(np.intp), 0)
    end = np.minimum((center + support + kind(0.5)).astype(np.intp), size)
    place = np.arange(size)[:, None]
    weights = kernel((place - center + kind(0.5)) / stretch) * ((place >= first) & (place < end))
    return np.asarray((weights / weights.sum(0)).astype(kind))


def _matrices(shape: tuple[int, ...], dtype: Any, static: dict[str, Any]) -> list[Array]:
    kind, mode, align = dtype.type, static["mode"], static["align_corners"]
    axes = zip(shape[2:], static["size"], static["scale_factor"], strict=True)
    if static["antialias"]:
        return [smooth_matrix(n, out, align, factor, kind, mode) for n, out, factor in axes]
    build = cubic_matrix if mode == "bicubic" else linear_matrix
    return [build(n, out, align, factor, kind) for n, out, factor in axes]


@op(linear=True)
def _interpolate(x: Array, **static: Any) -> Answer:
    """``size`` and ``scale_factor`` (None: as the sizes say) per axis, ``mode``, ``align_corners``, ``antialias``."""
    if "nearest" in static["mode"]:
        return _nearest(x, static)
    matrices = _matrices(x.shape, x.dtype, static)
    for axis, matrix in enumerate(matrices, 2):
        x = times(x, matrix, axis)

    def back(g: Array) -> Array:
        for axis, matrix in enumerate(matrices, 2):
            g = times(g, matrix.T, axis)
        return g

    return x, back


def _nearest(x: Array, static: dict[str, Any]) -> Answer:
    exact, shape = static["mode"] == "nearest-exact", x.shape
    axes = zip(shape[2:], static["size"], static["scale_factor"], strict=True)
    sources = [nearest_index(n, out, factor, exact) for n, out, factor in axes]
    for axis, source in enumerate(sources, 2):
        x = np.take(x, source, axis)

    def back(g: Array) -> Array:
        for axis, source in enumerate(sources, 2):
            g = times(g, (source[:, None] == np.arange(shape[axis])).astype(g.dtype), axis)
        return g

    return x, back


def _checked_modes(input: Tensor, mode: str, align_corners: bool | None, antialias: bool) -> bool:
    """Raises what torch raises for a mode that does not fit; gives align_corners as a bool."""
    if mode in ("nearest", "area", "nearest-exact") and align_corners is not None:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear"
        )
    if antialias and not (mode in SMOOTH and input.ndim == 4):
        raise ValueError(
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input"
        )
    wanted = RANK.get(mode)
    known = wanted is not None or mode in ("nearest", "area", "nearest-exact")
    if input.ndim not in (3, 4, 5) or not known or (mode in ("bicubic", "lanczos") and input.ndim != 4):
        raise NotImplementedError(
            f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {input.ndim}D) for the modes: nearest | "
            f"linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got {mode})"
        )
    if wanted is not None and wanted != input.ndim:
        raise NotImplementedError(f"Got {input.ndim}D input, but {mode} mode needs {wanted}D input")
    if mode == "lanczos" and (align_corners or not antialias):
        raise ValueError(
            "Lanczos mode does not support align_corners=True"
            if align_corners
            else "Lanczos mode requires antialias=True"
        )
    return bool(align_corners)


def _per_axis(input: Tensor, value: Any, name: str) -> tuple[Any, ...]:
    """``value`` once per spatial axis. ValueError for a sequence of another length."""
    spatial = input.ndim - 2
    if not isinstance(value, (list, tuple)):
        return (value,) * spatial
    if len(value) != spatial:
        what, example = ("output", "o") if name == "size" else ("scale_factor", "s")
        other = f"output size of {value}" if name == "size" else f"scale_factor of shape {value}"
        raise ValueError(
            f"Input and {what} must have the same number of spatial dimensions, but got input with spatial dimensions "
            f"of {list(input.shape[2:])} and {other}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and "
            f"{what}{' size' * (name == 'size')} in ({example}1, {example}2, ...,{example}K) format."
        )
    return tuple(value)


def interpolate(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """``input`` (N, C, *) resized to ``size``, or by ``scale_factor``.

    A scale factor is itself used for the positions, unless ``recompute_scale_factor`` derives it from the sizes.
    """
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if size is None and scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    if recompute_scale_factor and size is not None:
        raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
    spatial = input.ndim - 2
    factors: tuple[float | None, ...] = (None,) * spatial
    if size is not None:
        out = tuple(int(n) for n in _per_axis(input, size, "size"))
    else:
        given = _per_axis(input, scale_factor, "scale_factor")
        out = tuple(math.floor(n * float(factor)) for n, factor in zip(input.shape[2:], given, strict=True))
        factors = factors if recompute_scale_factor or mode == "area" else tuple(float(f) for f in given)
    align = _checked_modes(input, mode, align_corners, antialias)
    if mode == "area":
        return AREA[spatial](input, out)
    if min(out) <= 0 or 0 in input.shape[2:]:
        names = "DHW"[-spatial:]
        had, wanted = (", ".join(f"{a}: {n}" for a, n in zip(names, s, strict=True)) for s in (input.shape[2:], out))
        raise RuntimeError(
            f"Input and output sizes should be greater than 0, but got input ({had}) "
            f"{'and ' * (spatial == 1)}output ({wanted})"
        )
    if input.dtype.name != "uint8":  # the one dtype of images that torch takes beside floats
        floating(f"upsample_{mode.replace('-', '_')}{spatial}d", input)
    return _interpolate(input, size=out, scale_factor=factors, mode=mode, align_corners=align, antialias=antialias)
