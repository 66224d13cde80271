"""`interpolate` under its old names: `upsample`, `upsample_nearest`, `upsample_bilinear`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from ..tensor import Tensor
from .interpolate import interpolate

__all__ = ["upsample", "upsample_bilinear", "upsample_nearest"]


def upsample(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """`interpolate` under its old name, with torch's warning."""
    _deprecated("upsample", "`nn.functional.interpolate`")
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(
    input: Tensor, size: int | Sequence[int] | None = None, scale_factor: float | Sequence[float] | None = None
) -> Tensor:
    """`interpolate` to the nearest under its old name, with torch's warning."""
    _deprecated("upsample_nearest", "`nn.functional.interpolate`")
    return interpolate(input, size, scale_factor, mode="nearest")


def upsample_bilinear(
    input: Tensor, size: int | Sequence[int] | None = None, scale_factor: float | Sequence[float] | None = None
) -> Tensor:
    """`interpolate` bilinearly with aligned corners under its old name, with torch's warning."""
    _deprecated("upsample_bilinear", "`nn.functional.interpolate`")
    return interpolate(input, size, scale_factor, mode="bilinear", align_corners=True)


def _deprecated(name: str, instead: str) -> None:
    warnings.warn(f"`nn.functional.{name}` is deprecated. Use {instead} instead.", stacklevel=3)
