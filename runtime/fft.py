"""`torch.fft`: transforms, frequencies and shifts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .missing import refusing
from .numpy_words import speak_numpy
from .ops.dims import sizes_of
from .ops.fourier import (
    fft,
    fftn,
    hfft,
    hfftn,
    ifft,
    ifftn,
    ihfft,
    ihfftn,
    irfft,
    irfftn,
    rfft,
    rfftn,
)
from .ops.memory import clone
from .ops.out import takes_out
from .ops.turn import roll
from .options import made, storage_of
from .tensor import Tensor

__all__ = [
    "fft", "fft2", "fftfreq", "fftn", "fftshift", "hfft", "hfft2", "hfftn", "ifft", "ifft2", "ifftn", "ifftshift",
    "ihfft", "ihfft2", "ihfftn", "irfft", "irfft2", "irfftn", "rfft", "rfft2", "rfftfreq", "rfftn",
]  # fmt: skip


@takes_out
def fft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """`fftn` along the last two dimensions."""
    return fftn(input, s, dim, norm)


@takes_out
def ifft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """`ifftn` along the last two dimensions."""
    return ifftn(input, s, dim, norm)


@takes_out
def rfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """`rfftn` along the last two dimensions."""
    return rfftn(input, s, dim, norm)


@takes_out
def irfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """`irfftn` along the last two dimensions."""
    return irfftn(input, s, dim, norm)


@takes_out
def hfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """`hfftn` along the last two dimensions."""
    return hfftn(input, s, dim, norm)


@takes_out
def ihfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """`ihfftn` along the last two dimensions."""
    return ihfftn(input, s, dim, norm)


def fftfreq(n: int, d: float = 1.0, **options: Any) -> Tensor:
    """The frequencies of `fft` of *n* elements *d* apart."""
    storage = storage_of("fftfreq", options.pop("dtype", None))
    return made("fftfreq", _places(n, storage) * storage.type(1.0 / (n * d)), options)


def rfftfreq(n: int, d: float = 1.0, **options: Any) -> Tensor:
    """The frequencies of `rfft` of *n* elements *d* apart."""
    storage = storage_of("rfftfreq", options.pop("dtype", None))
    return made("rfftfreq", np.arange(n // 2 + 1).astype(storage) * storage.type(1.0 / (n * d)), options)


def _places(n: int, storage: np.dtype[Any]) -> np.ndarray[Any, Any]:
    places = np.arange(n)
    return np.where(places < (n + 1) // 2, places, places - n).astype(storage)


def fftshift(input: Tensor, dim: Any = None) -> Tensor:
    """With frequency 0 in the middle of *dim* (all by default)."""
    return _shifted(input, dim, 0)


def ifftshift(input: Tensor, dim: Any = None) -> Tensor:
    """`fftshift` undone."""
    return _shifted(input, dim, 1)


def _shifted(input: Tensor, dim: Any, up: int) -> Tensor:
    dims = tuple(range(input.ndim)) if dim is None else sizes_of((dim,))
    if not dims:
        return clone(input)
    return roll(input, tuple((input.shape[one] + up) // 2 for one in dims), dims)


speak_numpy(globals())
del speak_numpy

__getattr__ = refusing("torch.fft")
