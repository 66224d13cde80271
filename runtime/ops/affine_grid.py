"""Places to sample an image at, from an affine map: `affine_grid`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .grid import aligned

__all__ = ["affine_grid"]


@op
def _affine_grid(theta: Array, *, size: tuple[int, ...], align_corners: bool) -> Answer:
    spatial = size[2:]
    axes = [np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in spatial]
    if not align_corners:
        axes = [axis * (n - 1) / n for axis, n in zip(axes, spatial, strict=True)]
    mesh = np.meshgrid(*axes, indexing="ij")[::-1]  # x first
    base = np.stack([*mesh, np.ones(spatial)], -1).reshape(-1, len(spatial) + 1).astype(theta.dtype)
    out = (len(theta), *spatial, len(spatial))
    return (base @ theta.swapaxes(1, 2)).reshape(
        out
    ), lambda g: g.reshape(len(g), -1, len(spatial)).swapaxes(1, 2) @ base


def affine_grid(theta: Tensor, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """The grid (N, H, W, 2) that ``theta`` (N, 2, 3) makes of an image of ``size`` (N, C, H, W); 3D alike."""
    align = aligned(align_corners)
    if not theta.dtype.is_floating_point:
        raise ValueError(f"Expected theta to have floating point type, but got {theta.dtype}")
    if len(size) not in (4, 5):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. "
            f"Got size {size}."
        )
    spatial = len(size) - 2
    if theta.ndim != 3 or tuple(theta.shape[1:]) != (spatial, spatial + 1):
        raise ValueError(
            f"Expected a batch of {spatial}D affine matrices of shape Nx{spatial}x{spatial + 1} for size {size}. "
            f"Got {theta.shape}."
        )
    if align and min(size[2:]) == 1:
        warnings.warn(
            "Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This "
            "is not an intended use case of affine_grid. See the documentation of affine_grid for details.",
            stacklevel=2,
        )
    elif min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {size}")
    return _affine_grid(theta, size=tuple(int(n) for n in size), align_corners=align)
