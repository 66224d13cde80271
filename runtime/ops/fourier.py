"""Discrete Fourier transforms on numpy's, and what goes with them: frequencies and shifts.

All three kinds (complex to complex, real to half of a complex spectrum, and back) are linear; the gradient of each is
made of another one. Names and arguments are those of `torch.fft`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import FLOAT, get_default_dtype
from ..tensor import Tensor
from .complex import conj
from .dims import sizes_of, wrap_dim
from .memory import cast
from .out import takes_out

Sizes = tuple[int, ...]
_OTHER_NORM = {"backward": "forward", "forward": "backward", "ortho": "ortho"}


def _scale(norm: Any, forward: bool, count: int) -> float:
    """What *norm* multiplies a transform of *count* elements with."""
    if norm == "ortho":
        return float(1 / np.sqrt(count))
    return 1 / count if (norm == "forward") is forward else 1.0


def _bare(x: Array, axes: Sizes, forward: bool) -> Array:
    """The transform without any factor."""
    return np.asarray(np.fft.fftn(x, axes=axes) if forward else np.fft.ifftn(x, axes=axes, norm="forward"))


def _scaled(x: Array, factor: float) -> Array:
    return x if factor == 1 else np.asarray(x * x.real.dtype.type(factor))


@op(name="fft_c2c", linear=True, adjoint=True)
def _c2c(x: Array, *, axes: Sizes, norm: str, forward: bool) -> Answer:
    factor = _scale(norm, forward, int(np.prod([x.shape[axis] for axis in axes])))
    return _scaled(_bare(x, axes, forward), factor), lambda g: _scaled(_bare(g, axes, not forward), factor)


@op(name="fft_r2c", linear=True, adjoint=True)
def _r2c(x: Array, *, axes: Sizes, norm: str) -> Answer:
    shape, last = x.shape, axes[-1]
    factor = _scale(norm, True, int(np.prod([shape[axis] for axis in axes])))

    def to_real(g: Array) -> Array:
        whole = np.zeros(shape, g.dtype)
        whole[(*(slice(None),) * last, slice(g.shape[last]))] = g
        return _scaled(_bare(whole, axes, False).real, factor)

    return _scaled(np.fft.rfftn(x, axes=axes), factor), to_real


@op(name="fft_c2r", linear=True, adjoint=True)
def _c2r(x: Array, *, axes: Sizes, norm: str, size: int) -> Answer:
    """*size* elements along the last axis, from the half of the spectrum that a real signal has."""
    last, half = axes[-1], x.shape[axes[-1]]
    factor = _scale(norm, False, int(np.prod([x.shape[axis] for axis in axes[:-1]])) * size)
    inner = _bare(x, axes[:-1], False) if len(axes) > 1 else x
    value = np.fft.irfft(inner, size, axis=last, norm="forward")
    twice = np.full(half, 2)
    twice[0] = 1
    if size % 2 == 0:
        twice[size // 2 :] = 1
    weight = twice.reshape([-1 if axis == last else 1 for axis in range(x.ndim)])

    def to_half(g: Array) -> Array:
        spectrum = np.fft.rfft(g, axis=last)
        spectrum = spectrum * weight.astype(g.dtype)
        return _scaled(_bare(spectrum, axes[:-1], True) if len(axes) > 1 else spectrum, factor)

    return _scaled(value, factor), to_half


@op(name="fft_resize", linear=True)
def _resize(x: Array, *, axes: Sizes, sizes: Sizes) -> Answer:
    """Cut, or filled up with zeros, along some axes."""
    shape = x.shape
    return _resized(x, axes, sizes), lambda g: _resized(g, axes, tuple(shape[axis] for axis in axes))


def _resized(x: Array, axes: Sizes, sizes: Sizes) -> Array:
    for axis, size in zip(axes, sizes, strict=True):
        lead = (slice(None),) * axis
        have = x.shape[axis]
        if size < have:
            x = x[(*lead, slice(size))]
        elif size > have:
            wide = np.zeros((*x.shape[:axis], size, *x.shape[axis + 1 :]), x.dtype)
            wide[(*lead, slice(have))] = x
            x = wide
    return x


def _checked(input: Tensor, name: str, norm: Any, real: bool = False) -> tuple[Tensor, str]:
    """The input as floats, and the norm by its name; RuntimeError as in torch."""
    if norm not in (None, "backward", "forward", "ortho"):
        raise RuntimeError(f'Invalid normalization mode: "{norm}"')
    if real and input.dtype.is_complex:
        raise RuntimeError(f"{name} expects a real input tensor, but got {input.dtype.legacy}")
    if input.dtype.category < FLOAT:
        input = cast(input, get_default_dtype())
    return input, norm or "backward"


def _along(input: Tensor, n: Any, dim: Any, several: bool) -> tuple[Sizes, Sizes | None]:
    """Axes and sizes, checked; sizes None where they are the input's."""
    if not input.ndim and dim is not None:
        first = next(iter(sizes_of((dim,))), 0)
        raise IndexError(f"Dimension specified as {first} but tensor has no dimensions")
    if not several:
        return (wrap_dim(dim, input.ndim),), None if n is None else (int(n),)
    sizes = None if n is None else sizes_of((n,))
    if dim is None:
        if sizes is not None and len(sizes) > input.ndim:
            raise RuntimeError(f"Got shape with {len(sizes)} values but input tensor only has {input.ndim} dimensions.")
        first = 0 if sizes is None else input.ndim - len(sizes)
        return tuple(range(first, input.ndim)), sizes
    axes = tuple(wrap_dim(one, input.ndim) for one in sizes_of((dim,)))
    if len(set(axes)) != len(axes):
        raise RuntimeError("FFT dims must be unique")
    if sizes is not None and len(sizes) != len(axes):
        raise RuntimeError("When given, dim and shape arguments must have the same length")
    return axes, None if sizes is None else tuple(
        input.shape[a] if s == -1 else s for a, s in zip(axes, sizes, strict=True)
    )


def _need_points(sizes: Sequence[int]) -> None:
    for size in sizes:
        if size < 1:
            raise RuntimeError(f"Invalid number of data points ({size}) specified")


def _fitting(input: Tensor, axes: Sizes, sizes: Sizes | None) -> Tensor:
    wanted = tuple(input.shape[axis] for axis in axes) if sizes is None else sizes
    _need_points(wanted)
    if all(input.shape[axis] == size for axis, size in zip(axes, wanted, strict=True)):
        return input
    return _resize(input, axes=axes, sizes=wanted)


def _complex(name: str, input: Tensor, n: Any, dim: Any, norm: Any, forward: bool, several: bool) -> Tensor:
    x, norm = _checked(input, name, norm)
    axes, sizes = _along(x, n, dim, several)
    x = cast(_fitting(x, axes, sizes), x.dtype.to_complex())
    return _c2c(x, axes=axes, norm=norm, forward=forward) if axes else x


def _half(name: str, input: Tensor, n: Any, dim: Any, norm: Any, several: bool) -> Tensor:
    x, norm = _checked(input, name, norm, real=True)
    axes, sizes = _along(x, n, dim, several)
    if not axes:
        raise RuntimeError(f"{name} must transform at least one axis")
    return _r2c(_fitting(x, axes, sizes), axes=axes, norm=norm)


def _whole(name: str, input: Tensor, n: Any, dim: Any, norm: Any, several: bool) -> Tensor:
    x, norm = _checked(input, name, norm)
    axes, sizes = _along(x, n, dim, several)
    if not axes:
        raise RuntimeError(f"{name} must transform at least one axis")
    last = 2 * (x.shape[axes[-1]] - 1) if sizes is None else sizes[-1]
    _need_points([last])
    others = tuple(x.shape[axis] for axis in axes[:-1]) if sizes is None else sizes[:-1]
    x = cast(_fitting(x, axes, (*others, last // 2 + 1)), x.dtype.to_complex())
    return _c2r(x, axes=axes, norm=norm, size=last)


@takes_out
def fft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The spectrum along *dim*, cut or filled up to *n* elements before."""
    return _complex("fft", input, n, dim, norm, True, False)


@takes_out
def ifft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """`fft` backwards."""
    return _complex("ifft", input, n, dim, norm, False, False)


@takes_out
def rfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The first n // 2 + 1 elements of the spectrum of a real signal."""
    return _half("rfft", input, n, dim, norm, False)


@takes_out
def irfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """`rfft` backwards: *n* real elements, 2 · (size − 1) by default."""
    return _whole("irfft", input, n, dim, norm, False)


@takes_out
def hfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The real spectrum of a signal of which half is given, the other half being its conjugate."""
    return _whole("hfft", conj(input), n, dim, _OTHER_NORM.get(norm or "backward", norm), False)


@takes_out
def ihfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """`hfft` backwards."""
    return conj(_half("ihfft", input, n, dim, _OTHER_NORM.get(norm or "backward", norm), False))


@takes_out
def fftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """`fft` along several dimensions, all by default."""
    return _complex("fftn", input, s, dim, norm, True, True)


@takes_out
def ifftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """`fftn` backwards."""
    return _complex("ifftn", input, s, dim, norm, False, True)


@takes_out
def rfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """`fftn` of a real signal: half of the spectrum along the last dimension."""
    return _half("rfftn", input, s, dim, norm, True)


@takes_out
def irfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """`rfftn` backwards."""
    return _whole("irfftn", input, s, dim, norm, True)


@takes_out
def hfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """`hfft` along the last of several dimensions, `fft` along the others."""
    x, wanted = _checked(input, "hfftn", norm)
    axes, sizes = _along(x, s, dim, True)
    if not axes:
        raise RuntimeError("hfftn must transform at least one axis")
    last = 2 * (x.shape[axes[-1]] - 1) if sizes is None else sizes[-1]
    inner = x if len(axes) == 1 else fftn(x, None if sizes is None else sizes[:-1], axes[:-1], wanted)
    return hfft(inner, last, axes[-1], wanted)


@takes_out
def ihfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """`hfftn` backwards."""
    x, wanted = _checked(input, "ihfftn", norm, real=True)
    axes, sizes = _along(x, s, dim, True)
    if not axes:
        raise RuntimeError("ihfftn must transform at least one axis")
    inner = ihfft(x, None if sizes is None else sizes[-1], axes[-1], wanted)
    return inner if len(axes) == 1 else ifftn(inner, None if sizes is None else sizes[:-1], axes[:-1], wanted)
