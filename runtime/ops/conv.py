"""Convolution in one, two and three dimensions: `conv1d`, `conv2d`, `conv3d`, and `conv_tbc`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from ..array import Answer, Array
from ..autograd import Op, op
from ..summed import summed
from ..tensor import Tensor
from .correlation import Geometry, correlate, input_gradient, weight_gradient
from .depthwise import correlate_depthwise, depthwise_input_gradient, depthwise_weight_gradient, is_depthwise

__all__ = ["conv1d", "conv2d", "conv3d"]

Ints: TypeAlias = "int | Sequence[int]"
"""One number for every axis, or one per axis."""

C_NAMES = {
    "float32": "float", "float64": "double", "int64": "long int", "int32": "int", "float16": "c10::Half",
    "uint8": "unsigned char", "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip


def convolve(x: Array, w: Array, b: Array | None, spatial: int, geo: Geometry) -> Answer:
    """Value and pullback of a convolution of any rank; ``x`` may lack the batch axis."""
    single = x.ndim == spatial + 1
    batch = x[None] if single else x
    size, filters = batch.shape[2:], w.shape
    out = geo.outputs(size)
    depthwise = is_depthwise(w, geo) and batch.size > 0
    y = correlate_depthwise(batch, w, geo, out) if depthwise else correlate(batch, w, geo, out)
    if b is not None:
        y += b.reshape(-1, *[1] * spatial)

    def to_input(g: Array) -> Array:
        g = g[None] if single else g
        dx = depthwise_input_gradient(g, w, geo, size) if depthwise else input_gradient(g, w, geo, size)
        return dx[0] if single else dx

    def to_weight(g: Array) -> Array:
        g = g[None] if single else g
        return depthwise_weight_gradient(g, batch, geo) if depthwise else weight_gradient(g, batch, geo, filters)

    def to_bias(g: Array) -> Any:
        return summed(g, tuple(i for i in range(g.ndim) if i != g.ndim - spatial - 1))

    return (y[0] if single else y), (to_input, to_weight, to_bias if b is not None else None)


def _conv_op(spatial: int) -> Op[Tensor]:
    @op(name=f"conv{spatial}d")
    def body(
        x: Array,
        w: Array,
        b: Array | None,
        *,
        stride: tuple[int, ...],
        padding: tuple[tuple[int, int], ...],
        dilation: tuple[int, ...],
        groups: int,
    ) -> Answer:
        return convolve(x, w, b, spatial, Geometry(w.shape[2:], stride, padding, dilation, groups))

    return body


_CONV = {spatial: _conv_op(spatial) for spatial in (1, 2, 3)}


def spread(value: Ints, spatial: int, name: str = "stride") -> tuple[int, ...]:
    """``value`` as one int per axis. RuntimeError: a sequence of another length (one element stands for all)."""
    if isinstance(value, int):
        return (value,) * spatial
    values = tuple(int(v) for v in value)
    if len(values) == 1:
        return values * spatial
    if len(values) != spatial:
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of {spatial} values to match the convolution "
            f"dimensions, but got {name}={list(values)}"
        )
    return values


def batched_rank(name: str, input: Tensor, spatial: int) -> None:
    """RuntimeError unless ``input`` has ``spatial`` axes behind its channel, with or without a batch."""
    if input.ndim not in (spatial + 1, spatial + 2):
        raise RuntimeError(
            f"Expected {spatial + 1}D (unbatched) or {spatial + 2}D (batched) input to {name}, "
            f"but got input of size: {list(input.shape)}"
        )


def same_dtype(input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    """RuntimeError unless all three are of one dtype."""
    if bias is not None and bias.dtype is not input.dtype:
        kinds = (C_NAMES.get(t.dtype.name, t.dtype.name) for t in (input, bias))
        raise RuntimeError("Input type ({}) and bias type ({}) should be the same".format(*kinds))
    if weight.dtype is not input.dtype:
        raise RuntimeError(
            f"Input type (torch.{input.dtype.legacy}Tensor) and weight type (torch.{weight.dtype.legacy}Tensor) should "
            "be the same or input should be a MKLDNN tensor and weight is a dense tensor"
        )


def positive(stride: Sequence[int], dilation: Sequence[int], groups: int) -> None:
    """RuntimeError for a stride, dilation or groups of zero or less."""
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    if min(stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(dilation) < 0:
        raise RuntimeError("dilation should be greater than zero")
    if min(dilation) == 0:
        raise RuntimeError("non-positive dilation is not supported")


def biased(weight: Tensor, bias: Tensor | None, channels: int, what: str = "") -> None:
    """RuntimeError unless ``bias`` is a vector of ``channels`` elements."""
    if bias is not None and tuple(bias.shape) != (channels,):
        raise RuntimeError(
            f"Given {what}weight of size {list(weight.shape)}, expected bias to be 1-dimensional with {channels} "
            f"elements, but got bias of size {list(bias.shape)} instead"
        )


def _sides(
    padding: str | Ints, kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Padding before and after each axis; an odd total puts the extra element behind."""
    if isinstance(padding, str):
        if padding == "valid":
            return ((0, 0),) * len(kernel)
        if padding != "same":
            raise RuntimeError(f"Invalid padding string: '{padding}'")
        if any(s != 1 for s in stride):
            raise RuntimeError("padding='same' is not supported for strided convolutions")
        totals = [d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    amounts = spread(padding, len(kernel), "padding")
    if min(amounts) < 0:
        raise RuntimeError("negative padding is not supported")
    return tuple((amount, amount) for amount in amounts)


def _check(input: Tensor, weight: Tensor, bias: Tensor | None, geo: Geometry) -> None:
    """Raises what torch raises for shapes that do not fit each other."""
    shape, spatial, groups = list(weight.shape), weight.ndim - 2, geo.groups
    if 0 in shape[2:]:
        sizes = " ".join(f"kernel_{name}: {k}" for name, k in zip(("height", "width"), shape[2:], strict=False))
        raise RuntimeError(f"kernel size should be greater than zero, but got {sizes}")
    if shape[0] < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, "
            f"but got weight of size {shape} instead"
        )
    if shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, "
            f"but got weight of size [{shape}] instead"
        )
    channels = input.shape[-spatial - 1]
    if channels != shape[1] * groups:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {shape}, expected input{_batch_sizes(input, spatial)} to have "
            f"{shape[1] * groups} channels, but got {channels} channels instead"
        )
    biased(weight, bias, shape[0])
    padded = [n + lo + hi for n, (lo, hi) in zip(input.shape[-spatial:], geo.padding, strict=True)]
    reach = [d * (k - 1) + 1 for d, k in zip(geo.dilation, geo.kernel, strict=True)]
    if any(n < r for n, r in zip(padded, reach, strict=True)):
        had, kernel = (" x ".join(map(str, sizes)) for sizes in (padded, reach))
        raise RuntimeError(
            f"Calculated padded input size per channel: ({had}). Kernel size: ({kernel}). "
            "Kernel size can't be greater than actual input size"
        )


def _batch_sizes(input: Tensor, spatial: int) -> list[int]:
    return list(input.shape) if input.ndim == spatial + 2 else [1, *input.shape]


def _prepare(
    name: str,
    spatial: int,
    tensors: tuple[Tensor, Tensor, Tensor | None],
    stride: Ints,
    padding: str | Ints,
    dilation: Ints,
    groups: int,
) -> dict[str, Any]:
    """Static arguments of the op, normalised to one entry per axis, after all checks."""
    input, weight, bias = tensors
    batched_rank(name, input, spatial)
    same_dtype(input, weight, bias)
    if weight.ndim < 3:
        raise RuntimeError("weight should have at least three dimensions")
    if weight.ndim != spatial + 2:  # torch finds it by the stride, expanded to the function's own rank
        if not isinstance(padding, str):
            spread((1,) * spatial if isinstance(stride, int) else stride, weight.ndim - 2)
        raise RuntimeError(
            f"Expected {weight.ndim}-dimensional input for {weight.ndim}-dimensional weight {list(weight.shape)}, but "
            f"got {input.ndim}-dimensional input of size {list(input.shape)} instead"
        )
    steps, gaps = spread(stride, spatial), spread(dilation, spatial, "dilation")
    positive(steps, gaps, groups)
    kernel = tuple(weight.shape[2:])
    sides = _sides(padding, kernel, steps, gaps)
    _check(input, weight, bias, Geometry(kernel, steps, sides, gaps, groups))
    return {"stride": steps, "padding": sides, "dilation": gaps, "groups": groups}


def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: str | Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Tensor:
    """``input`` (N, C, L) or (C, L) with ``weight`` (O, C / groups, k): (N, O, L')."""
    static = _prepare("conv1d", 1, (input, weight, bias), stride, padding, dilation, groups)
    return _CONV[1](input, weight, bias, **static)


def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: str | Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Tensor:
    """``input`` (N, C, H, W) or (C, H, W) with ``weight`` (O, C / groups, kh, kw): (N, O, H', W')."""
    static = _prepare("conv2d", 2, (input, weight, bias), stride, padding, dilation, groups)
    return _CONV[2](input, weight, bias, **static)


def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: str | Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Tensor:
    """``input`` (N, C, D, H, W) or (C, D, H, W) with ``weight`` (O, C / groups, kd, kh, kw): (N, O, D', H', W')."""
    static = _prepare("conv3d", 3, (input, weight, bias), stride, padding, dilation, groups)
    return _CONV[3](input, weight, bias, **static)
