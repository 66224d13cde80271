"""Transposed convolution in one, two and three dimensions: the adjoint of a convolution, used forwards."""

from __future__ import annotations

from typing import Any

from ..array import Answer, Array
from ..autograd import Op, op
from ..summed import summed
from ..tensor import Tensor
from .conv import Ints, batched_rank, biased, positive, same_dtype, spread
from .correlation import Geometry, correlate, input_gradient, weight_gradient
from .depthwise import correlate_depthwise, depthwise_input_gradient, depthwise_weight_gradient, is_depthwise

__all__ = ["conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]


def convolve_transposed(
    x: Array, w: Array, b: Array | None, spatial: int, geo: Geometry, output_padding: tuple[int, ...]
) -> Answer:
    """Value and pullback for ``x`` (N, C, *S) or (C, *S) and ``w`` (C, O / groups, *kernel)."""
    single = x.ndim == spatial + 1
    batch = x[None] if single else x
    given, filters = batch.shape[2:], w.shape
    size = output_size(given, geo, output_padding)
    depthwise = is_depthwise(w, geo) and batch.size > 0
    y = depthwise_input_gradient(batch, w, geo, size) if depthwise else input_gradient(batch, w, geo, size)
    if b is not None:
        y = y + b.reshape(-1, *[1] * spatial)

    def to_input(g: Array) -> Array:
        g = g[None] if single else g
        dx = correlate_depthwise(g, w, geo, given) if depthwise else correlate(g, w, geo, given)
        return dx[0] if single else dx

    def to_weight(g: Array) -> Array:
        g = g[None] if single else g
        return depthwise_weight_gradient(batch, g, geo) if depthwise else weight_gradient(batch, g, geo, filters)

    def to_bias(g: Array) -> Any:
        return summed(g, tuple(i for i in range(g.ndim) if i != g.ndim - spatial - 1))

    return (y[0] if single else y), (to_input, to_weight, to_bias if b is not None else None)


def output_size(size: tuple[int, ...], geo: Geometry, output_padding: tuple[int, ...]) -> tuple[int, ...]:
    """Size of the input whose convolution has ``size``, and ``output_padding`` more."""
    return tuple(
        (n - 1) * s - lo - hi + d * (k - 1) + extra + 1
        for n, s, (lo, hi), d, k, extra in zip(
            size, geo.stride, geo.padding, geo.dilation, geo.kernel, output_padding, strict=True
        )
    )


def _op(spatial: int) -> Op[Tensor]:
    @op(name=f"conv_transpose{spatial}d")
    def body(
        x: Array,
        w: Array,
        b: Array | None,
        *,
        stride: tuple[int, ...],
        padding: tuple[int, ...],
        output_padding: tuple[int, ...],
        groups: int,
        dilation: tuple[int, ...],
    ) -> Answer:
        geo = Geometry(w.shape[2:], stride, tuple((p, p) for p in padding), dilation, groups)
        return convolve_transposed(x, w, b, spatial, geo, output_padding)

    return body


_CONV_TRANSPOSE = {spatial: _op(spatial) for spatial in (1, 2, 3)}


def _check(input: Tensor, weight: Tensor, bias: Tensor | None, geo: Geometry, extra: tuple[int, ...]) -> None:
    """Raises what torch raises for shapes that do not fit each other."""
    shape, groups, spatial = list(weight.shape), geo.groups, weight.ndim - 2
    if min(extra) < 0:
        raise RuntimeError("negative output_padding is not supported")
    if shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, "
            f"but got weight of size [{shape}] instead"
        )
    channels = input.shape[-spatial - 1]
    if channels != shape[0]:
        sizes = list(input.shape) if input.ndim == spatial + 2 else [1, *input.shape]
        raise RuntimeError(
            f"Given transposed=1, weight of size {shape}, expected input{sizes} to have {shape[0]} channels, "
            f"but got {channels} channels instead"
        )
    biased(weight, bias, shape[1] * groups, "transposed=1, ")
    if any(p >= s and p >= d for p, s, d in zip(extra, geo.stride, geo.dilation, strict=True)):
        axes = ("depth", "height", "width")[3 - max(spatial, 2) :]
        named = (("output_padding", extra), ("stride", geo.stride), ("dilation", geo.dilation))
        values = ((name, (1, *numbers) if spatial == 1 else numbers) for name, numbers in named)
        got = " ".join(f"{name}_{axis}: {n}" for name, numbers in values for axis, n in zip(axes, numbers, strict=True))
        raise RuntimeError(f"output padding must be smaller than either stride or dilation, but got {got}")
    given = tuple(input.shape[-spatial:])
    size = output_size(given, geo, extra)
    if min(size) < 1:
        had, computed = (" x ".join(map(str, sizes)) for sizes in (given, size))
        raise RuntimeError(
            f"Given input size per channel: ({had}). Calculated output size per channel: ({computed}). "
            "Output size is too small"
        )


def _prepare(
    spatial: int,
    tensors: tuple[Tensor, Tensor, Tensor | None],
    stride: Ints,
    padding: Ints,
    output_padding: Ints,
    groups: int,
    dilation: Ints,
) -> dict[str, Any]:
    """Static arguments of the op, one entry per axis, after all checks."""
    input, weight, bias = tensors
    name = f"conv_transpose{spatial}d"
    if isinstance(padding, str):
        raise TypeError(f"{name}(): argument 'padding' must be tuple of ints, not str")
    batched_rank(name, input, spatial)
    same_dtype(input, weight, bias)
    steps, gaps = spread(stride, spatial), spread(dilation, spatial, "dilation")
    sides = spread(padding, spatial, "padding")
    extra = spread(output_padding, spatial, "output_padding")
    positive(steps, gaps, groups)
    if min(sides) < 0:
        raise RuntimeError("negative padding is not supported")
    geo = Geometry(tuple(weight.shape[2:]), steps, tuple((p, p) for p in sides), gaps, groups)
    _check(input, weight, bias, geo, extra)
    return {"stride": steps, "padding": sides, "output_padding": extra, "groups": groups, "dilation": gaps}


def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    """``input`` (N, C, L) or (C, L) with ``weight`` (C, O / groups, k): (N, O, L')."""
    static = _prepare(1, (input, weight, bias), stride, padding, output_padding, groups, dilation)
    return _CONV_TRANSPOSE[1](input, weight, bias, **static)


def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    """``input`` (N, C, H, W) or (C, H, W) with ``weight`` (C, O / groups, kh, kw): (N, O, H', W')."""
    static = _prepare(2, (input, weight, bias), stride, padding, output_padding, groups, dilation)
    return _CONV_TRANSPOSE[2](input, weight, bias, **static)


def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    """``input`` (N, C, D, H, W) or (C, D, H, W) with ``weight`` (C, O / groups, kd, kh, kw): (N, O, D', H', W')."""
    static = _prepare(3, (input, weight, bias), stride, padding, output_padding, groups, dilation)
    return _CONV_TRANSPOSE[3](input, weight, bias, **static)
