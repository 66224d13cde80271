"""Windows as columns and back: `unfold` and `fold`."""

from __future__ import annotations

from math import prod

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .conv import Ints
from .correlation import Geometry, interior, padded, scatter, windows

__all__ = ["fold", "unfold"]


def _pair(value: Ints, name: str) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value, value)
    if len(value) not in (1, 2):
        raise RuntimeError(f"It is expected {name} equals to 2, but got size {len(value)}")
    return tuple(value) * (2 // len(value))


def columns_of(x: Array, geo: Geometry, out: tuple[int, ...]) -> Array:
    """Windows of ``x`` (N, C, H, W) as (N, C * taps, positions)."""
    view = windows(padded(x, geo), geo, out)
    return view.reshape(x.shape[0], x.shape[1] * prod(geo.kernel), prod(out)).copy()


def from_columns(columns: Array, geo: Geometry, out: tuple[int, ...], size: tuple[int, ...]) -> Array:
    """Adjoint of `columns_of`: (N, C * taps, positions) added up to (N, C, *size)."""
    channels = columns.shape[1] // prod(geo.kernel)
    whole = tuple(n + lo + hi for n, (lo, hi) in zip(size, geo.padding, strict=True))
    x = np.zeros((columns.shape[0], channels, *whole), columns.dtype)
    scatter(columns.reshape(len(columns), channels, *geo.kernel, *out), x, 0, geo)
    return x[interior(size, geo)]


@op(name="im2col", linear=True)
def _unfold(x: Array, *, kernel_size: tuple[int, ...], dilation: tuple[int, ...], padding: tuple[int, ...], stride: tuple[int, ...]) -> Answer:  # fmt: skip # noqa: E501
    geo = Geometry(kernel_size, stride, tuple((p, p) for p in padding), dilation)
    size, single = x.shape[-2:], x.ndim == 3
    out = geo.outputs(size)
    y = columns_of(x[None] if single else x, geo, out)

    def back(g: Array) -> Array:
        dx = from_columns(g[None] if single else g, geo, out, size)
        return dx[0] if single else dx

    return (y[0] if single else y), back


@op(name="col2im", linear=True)
def _fold(x: Array, *, output_size: tuple[int, ...], kernel_size: tuple[int, ...], dilation: tuple[int, ...], padding: tuple[int, ...], stride: tuple[int, ...]) -> Answer:  # fmt: skip # noqa: E501
    geo = Geometry(kernel_size, stride, tuple((p, p) for p in padding), dilation)
    out, single = geo.outputs(output_size), x.ndim == 2
    y = from_columns(x[None] if single else x, geo, out, output_size)

    def back(g: Array) -> Array:
        dx = columns_of(g[None] if single else g, geo, out)
        return dx[0] if single else dx

    return (y[0] if single else y), back


def _static(kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints) -> dict[str, tuple[int, ...]]:
    """The arguments as pairs. RuntimeError for what is not positive."""
    named = {"kernel_size": kernel_size, "dilation": dilation, "padding": padding, "stride": stride}
    static = {name: _pair(value, name) for name, value in named.items()}
    for name in ("kernel_size", "dilation", "stride"):
        if min(static[name]) <= 0:
            words, short = name.replace("_", " "), name.removesuffix("_size")
            height, width = static[name]
            raise RuntimeError(
                f"{words} should be greater than zero, but got {short}_height: {height} {short}_width: {width}"
            )
    if min(static["padding"]) < 0:
        height, width = static["padding"]
        raise RuntimeError(f"padding should be non-negative, but got pad_height: {height} pad_width: {width}")
    return static


def unfold(input: Tensor, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> Tensor:
    """Every window of ``input`` (N, C, H, W) or (C, H, W) as a column: (N, C kh kw, positions)."""
    static = _static(kernel_size, dilation, padding, stride)
    if input.ndim not in (3, 4) or 0 in input.shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, "
            f"but got: {list(input.shape)}"
        )
    sides = tuple((p, p) for p in static["padding"])
    out = Geometry(static["kernel_size"], static["stride"], sides, static["dilation"]).outputs(input.shape[-2:])
    if min(out) < 1:
        raise RuntimeError(
            f"Given input with spatial size {tuple(input.shape[-2:])}, kernel_size={static['kernel_size']}, "
            f"dilation={static['dilation']}, padding={static['padding']}, calculated shape of the array of sliding "
            f"blocks as {out}, but its components must be at least one."
        )
    return _unfold(input, **static)


def fold(
    input: Tensor, output_size: Ints, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1
) -> Tensor:
    """Columns (N, C kh kw, positions) or (C kh kw, positions) added up to (N, C, *output_size)."""
    static = _static(kernel_size, dilation, padding, stride)
    size = _pair(output_size, "output_size")
    if input.ndim not in (2, 3) or 0 in input.shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for "
            f"input, but got: {list(input.shape)}"
        )
    taps = prod(static["kernel_size"])
    if input.shape[-2] % taps:
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
            f"input.size(1)={input.shape[-2]} and kernel_size={static['kernel_size']}."
        )
    sides = tuple((p, p) for p in static["padding"])
    out = Geometry(static["kernel_size"], static["stride"], sides, static["dilation"]).outputs(size)
    if min(out) < 1 or prod(out) != input.shape[-1]:
        raise RuntimeError(
            f"Given output_size={size}, kernel_size={static['kernel_size']}, dilation={static['dilation']}, "
            f"padding={static['padding']}, stride={static['stride']}, expected size of input's dimension 2 to match "
            f"the calculated number of sliding blocks {out[0]} * {out[1]} = {prod(out)}, but got "
            f"input.size(2)={input.shape[-1]}."
        )
    return _fold(input, output_size=size, **static)
