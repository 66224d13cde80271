"""Normalisation per channel, with running statistics: `batch_norm` and `instance_norm`."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..second_order import on_tensors
from ..summed import inner_products, summed
from ..tensor import Tensor
from .supported import floating

__all__ = ["batch_norm", "instance_norm"]


def channels_last_but_one(x: Array) -> Array:
    """``x`` (N, C, *S) as (N, C, size)."""
    return x.reshape(*x.shape[:2], prod(x.shape[2:]))


def batch_statistics(x: Array) -> tuple[Array, Array, Array]:
    """Per channel of ``x`` (N, C, L) the mean and the biased variance, each (C, 1), and x without its mean.

    The mean is summed in double, as by torch: an error in it does not average out.
    """
    count = x.shape[0] * x.shape[2]
    wide = np.float64 if x.dtype == np.float32 else x.dtype
    mean = (np.sum(x, (0, 2), dtype=wide)[:, None] / count).astype(x.dtype)
    centred = x - mean
    return mean, summed(inner_products(centred, centred), 0)[:, None] / count, centred


def per_channel(
    x: Array, mean: Array, inverse: Array, w: Array | None, b: Array | None, centred: Array | None
) -> Answer:
    """``(x - mean) * inverse * w + b`` of ``x`` (N, C, *S), with the gradients to x, w and b.

    ``mean`` and ``inverse`` (one over the deviation) are (C, 1). With ``centred``, which is x less its own mean and is
    overwritten, they move with x, and the gradient of x loses its mean and its part along the normalised x.
    """
    flat, shape, own = channels_last_but_one(x), x.shape, centred is not None
    scale = inverse if w is None else inverse * w[:, None]
    y = flat - mean if centred is None else centred
    y *= scale
    if b is not None:
        y += b[:, None]

    def to_input(g: Array) -> Array:
        g = channels_last_but_one(g)
        if not own:
            return (g * scale).reshape(shape)
        count = g.shape[0] * g.shape[2]
        dx = flat - mean
        along = summed(inner_products(g, dx), 0)[:, None] / count
        dx *= -(inverse * inverse) * along
        dx += g
        dx -= summed(g, (0, 2))[:, None] / count
        dx *= scale
        return dx.reshape(shape)

    def to_weight(g: Array) -> Any:
        g = channels_last_but_one(g)
        return summed(inner_products(g, flat - mean), 0) * inverse[:, 0]

    def to_bias(g: Array) -> Any:
        return summed(channels_last_but_one(g), (0, 2))

    return y.reshape(shape), (to_input, to_weight if w is not None else None, to_bias if b is not None else None)


@on_tensors(lambda running, now, momentum: None)
def remember(running: Array | None, now: Array, momentum: float) -> None:
    """Moves the ``running`` statistics towards ``now``, in place."""
    if running is not None:
        running *= 1 - momentum
        running += (now * momentum).astype(running.dtype, copy=False)


@op(layout="rows")
def _batch_norm(
    x: Array,
    running_mean: Array | None,
    running_var: Array | None,
    w: Array | None,
    b: Array | None,
    *,
    training: bool,
    momentum: float,
    eps: float,
) -> Answer:
    centred: Array | None = None
    if training:
        if x.size == 0:
            return x.copy(), (lambda g: g, None, None, np.zeros_like, np.zeros_like)
        flat = channels_last_but_one(x)
        count = flat.shape[0] * flat.shape[2]
        mean, var, centred = batch_statistics(flat)
        remember(running_mean, mean[:, 0], momentum)
        remember(running_var, var[:, 0] * (count / max(count - 1, 1)), momentum)
    else:
        assert running_mean is not None
        assert running_var is not None
        mean, var = running_mean[:, None], running_var[:, None]
    y, rules = per_channel(x, mean, 1 / np.sqrt(var + eps), w, b, centred)
    assert isinstance(rules, tuple)
    return y, (rules[0], None, None, *rules[1:])


@op(layout="rows")
def _instance_norm(
    x: Array,
    running_mean: Array | None,
    running_var: Array | None,
    w: Array | None,
    b: Array | None,
    *,
    use_input_stats: bool,
    momentum: float,
    eps: float,
) -> Answer:
    """Batch norm of one sample with N * C channels; running statistics take the mean over the samples."""
    batch, channels = x.shape[:2]
    spread = x.reshape(1, batch * channels, -1)
    centred: Array | None = None
    if use_input_stats:
        mean, var, centred = batch_statistics(spread)
        size = spread.shape[2]
        remember(running_mean, mean.reshape(batch, channels).mean(0), momentum)
        remember(running_var, var.reshape(batch, channels).mean(0) * (size / max(size - 1, 1)), momentum)
    else:
        assert running_mean is not None
        assert running_var is not None
        mean, var = np.tile(running_mean, batch)[:, None], np.tile(running_var, batch)[:, None]
    weight = None if w is None else np.tile(w, batch)
    bias = None if b is None else np.tile(b, batch)
    y, rules = per_channel(spread, mean, 1 / np.sqrt(var + eps), weight, bias, centred)
    assert isinstance(rules, tuple)
    to_x, to_w, to_b = rules
    shape, wide = x.shape, spread.shape
    return y.reshape(shape), (
        lambda g: to_x(g.reshape(wide)).reshape(shape),  # type: ignore[misc]
        None,
        None,
        (lambda g: summed(to_w(g.reshape(wide)).reshape(batch, channels), 0)) if to_w else None,
        (lambda g: summed(to_b(g.reshape(wide)).reshape(batch, channels), 0)) if to_b else None,
    )


def _check_channels(channels: int, **named: Tensor | None) -> None:
    for name, tensor in named.items():
        if tensor is not None and tensor.array.size != channels:
            raise RuntimeError(f"{name} should contain {channels} elements not {tensor.array.size}")


def _check_dtypes(input: Tensor, *others: Tensor | None) -> None:
    for tensor in others:
        if tensor is not None and tensor.dtype is not input.dtype:
            raise RuntimeError(
                f"mixed dtype (CPU): expect parameter to have scalar type of {input.dtype.legacy}"
                if input.dtype.name != "float16"
                else "mixed dtype (CPU): expect parameter to have scalar type of Float"
            )


def _changed(*buffers: Tensor | None) -> None:
    """Tells autograd that these were written to."""
    for buffer in buffers:
        if buffer is not None:
            buffer.counter.count += 1


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """``input`` (N, C, *) normalised per channel; all else is (C,). https://arxiv.org/abs/1502.03167

    ``training``: by the batch's own biased variance, and the running statistics move towards the batch's mean and
    *unbiased* variance. Else by the running statistics, which must be there.
    """
    if training and prod(input.shape) == (input.shape[1] if input.ndim > 1 else 0) > 0:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {input.shape}")
    for name, value in (("momentum", momentum), ("eps", eps)):
        if value is None:
            place = 7 if name == "momentum" else 8
            raise TypeError(f"batch_norm(): argument '{name}' (position {place}) must be float, not NoneType")
    if not training:
        for name, buffer in (("running_mean", running_mean), ("running_var", running_var)):
            if buffer is None:
                raise RuntimeError(f"{name} must be defined in evaluation mode")
    if training and eps <= 0:
        raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    channels = input.shape[1] if input.ndim > 1 else 0
    _check_channels(channels, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    floating("batch_norm", input)
    _check_dtypes(input, weight, bias, running_mean, running_var)
    result = _batch_norm(
        input, running_mean, running_var, weight, bias, training=bool(training), momentum=momentum, eps=eps
    )
    if training:
        _changed(running_mean, running_var)
    return result


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """``input`` (N, C, *) normalised per sample and channel; all else is (C,). https://arxiv.org/abs/1607.08022"""
    if use_input_stats and prod(input.shape[2:]) == 1:
        raise ValueError(f"Expected more than 1 spatial element when training, got input size {input.shape}")
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError("Expected running_mean and running_var to be defined when use_input_stats is false")
    for name, tensor in (("weight", weight), ("bias", bias), ("running_mean", running_mean)):
        if tensor is not None and tensor.array.size != input.shape[1]:
            had, wanted = (input.shape[0] * n for n in (tensor.array.size, input.shape[1]))
            raise RuntimeError(f"{name} should contain {wanted} elements not {had}")
    floating("batch_norm", input)
    _check_dtypes(input, weight, bias, running_mean, running_var)
    result = _instance_norm(
        input, running_mean, running_var, weight, bias, use_input_stats=use_input_stats, momentum=momentum, eps=eps
    )
    if use_input_stats:
        _changed(running_mean, running_var)
    return result
