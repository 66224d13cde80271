"""Complex tensors: their parts, conjugates, and the two ways of seeing them as pairs of real numbers."""

from __future__ import annotations

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .out import takes_out
from .pointwise import refuse_numbers


@op(name="real", adjoint=True)
def _real(x: Array) -> Answer:
    kind = x.dtype
    return x.real, lambda g: g.astype(kind)


def real(input: Tensor) -> Tensor:
    """The real part, a view; a real tensor itself."""
    return _real(input) if input.dtype.is_complex else input


@op(name="imag", adjoint=True)
def _imag(x: Array) -> Answer:
    kind = x.dtype
    return x.imag, lambda g: (1j * g).astype(kind)


def imag(input: Tensor) -> Tensor:
    """The imaginary part, a view; RuntimeError for a real tensor."""
    if not input.dtype.is_complex:
        raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
    return _imag(input)


@op(name="conj", adjoint=True)
def _conj(x: Array) -> Answer:
    return np.conj(x), np.conj


def conj(input: Tensor) -> Tensor:
    """The complex conjugate; a real tensor itself."""
    return _conj(input) if input.dtype.is_complex else input


@op(name="complex", promote=True, adjoint=True)
def _complex(x: Array, y: Array) -> Answer:
    return np.asarray(x + 1j * y).astype(np.result_type(x.dtype, np.complex64)), (np.real, np.imag)


def _complex_of(result: Tensor, out: Tensor) -> None:
    """RuntimeError unless *out* has the dtype of the result."""
    if result.dtype is not out.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {result.dtype.legacy} but got scalar type {out.dtype.legacy} for argument "
            "'out'"
        )


@takes_out(check=_complex_of)
def complex(real: Tensor, imag: Tensor) -> Tensor:
    """real + i·imag; RuntimeError unless both are of one floating dtype."""
    if not (real.dtype.is_floating_point and imag.dtype.is_floating_point):
        raise RuntimeError(
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{real.dtype.legacy} and {imag.dtype.legacy}"
        )
    if real.dtype is not imag.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {real.dtype.legacy} but got scalar type {imag.dtype.legacy} for second "
            "argument"
        )
    return _complex(real, imag)


@op(name="polar", promote=True, adjoint=True)
def _polar(size: Array, angle: Array) -> Answer:
    turn = np.asarray(np.exp(1j * angle)).astype(np.result_type(size.dtype, np.complex64))
    return size * turn, (
        lambda g: (np.conj(turn) * g).real,
        lambda g: size * (np.conj(turn) * g).imag,
    )


@takes_out
def polar(abs: Tensor, angle: Tensor) -> Tensor:
    """abs·e^(i·angle)."""
    refuse_numbers("polar", abs, angle, "angle")
    return _polar(abs, angle)


@op(name="view_as_complex", linear=True, adjoint=True)
def _view_as_complex(x: Array) -> Answer:
    kind = np.result_type(x.dtype, np.complex64)
    real = x.dtype
    return x.view(kind)[..., 0], lambda g: np.stack([g.real, g.imag], -1).astype(real)


def view_as_complex(input: Tensor) -> Tensor:
    """Pairs along the last dim as complex numbers, a view; RuntimeError unless that dim has size 2 and stride 1."""
    if not input.ndim or input.array.shape[-1] != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    if input.array.strides[-1] != input.array.itemsize:
        raise RuntimeError("Tensor must have a last dimension with stride 1")
    return _view_as_complex(input)


@op(name="view_as_real", linear=True, adjoint=True)
def _view_as_real(x: Array) -> Answer:
    pairs = x[..., None].view(x.real.dtype)
    return pairs, lambda g: g[..., 0] + 1j * g[..., 1]


def view_as_real(input: Tensor) -> Tensor:
    """Real and imaginary part along a new last dim, a view; RuntimeError for a real tensor."""
    if not input.dtype.is_complex:
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return _view_as_real(input)


@op(name="angle", adjoint=True)
def _angle(x: Array) -> Answer:
    squared = (x.real**2 + x.imag**2).astype(x.real.dtype)
    return np.angle(x), lambda g: g * 1j * x / np.where(squared == 0, 1, squared)


def angle(input: Tensor) -> Tensor:
    """The angle of complex numbers; of real ones 0, or π below zero."""
    return _angle(input)
