"""Sums, means, products, spreads and norms over dimensions."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import dtype
from ..summed import summed
from ..tensor import Tensor, wrap
from .arithmetic import div
from .dims import axes_of
from .memory import cast
from .out import takes_out
from .working_dtype import floating, summable


def spread(g: Array, axes: tuple[int, ...], keepdim: bool, shape: tuple[int, ...]) -> Array:
    """The gradient of a reduction, laid out again over the reduced *axes*."""
    if axes and not keepdim:
        g = np.expand_dims(g, axes)
    return np.broadcast_to(g, shape)


def count(shape: tuple[int, ...], axes: tuple[int, ...]) -> int:
    """How many elements go into each result."""
    return math.prod(shape[axis] for axis in axes)


def total(x: Array, axes: tuple[int, ...], keepdim: bool) -> Array:
    """The sum in the type of *x*; float16 is added up in float32, as torch does."""
    if x.dtype == np.float16:
        return summed(x.astype(np.float32), axes, keepdim).astype(x.dtype)
    if x.dtype.kind in "fc":
        return summed(x, axes, keepdim)
    return np.asarray(np.sum(x, axis=axes, keepdims=keepdim, dtype=x.dtype))


def _floating(x: Tensor, wanted: dtype | None, name: str) -> Tensor:
    x = x if wanted is None else cast(x, wanted)
    if not (x.dtype.is_floating_point or x.dtype.is_complex):
        what = "Input dtype" if wanted is None else "Optional dtype"
        got = x.dtype.legacy
        raise RuntimeError(
            f"{name}: could not infer output dtype. {what} must be either a floating point or complex dtype. Got: {got}"
        )
    return x


@op
def _sum(x: Array, *, dim: tuple[int, ...], keepdim: bool) -> Answer:
    shape = x.shape
    return total(x, dim, keepdim), lambda g: spread(g, dim, keepdim, shape)


def sum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtype | None = None) -> Tensor:
    """Σ over *dim* (all if None); integers and bool add up to int64."""
    return _sum(summable(input, dtype), dim=axes_of(dim, input.ndim), keepdim=keepdim)


def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtype | None = None) -> Tensor:
    """Σ over *dim*, nan counted as zero."""
    x = summable(input, dtype)
    return _nansum(x, dim=axes_of(dim, input.ndim), keepdim=keepdim)


@op
def _nansum(x: Array, *, dim: tuple[int, ...], keepdim: bool) -> Answer:
    missing = np.isnan(x)
    value = total(np.where(missing, x.dtype.type(0), x), dim, keepdim)
    return value, lambda g: spread(g, dim, keepdim, missing.shape) * ~missing


@op
def _mean(x: Array, *, dim: tuple[int, ...], keepdim: bool) -> Answer:
    shape, n = x.shape, x.dtype.type(count(x.shape, dim))
    return total(x, dim, keepdim) / n, lambda g: spread(g / n, dim, keepdim, shape)


@takes_out
def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtype | None = None) -> Tensor:
    """Arithmetic mean over *dim* (all if None); RuntimeError for integers unless a floating *dtype* is given."""
    return _mean(_floating(input, dtype, "mean()"), dim=axes_of(dim, input.ndim), keepdim=keepdim)


@takes_out
def nanmean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtype | None = None) -> Tensor:
    """Mean of what is not nan."""
    x = _floating(input, dtype, "nanmean()")
    axes = axes_of(dim, input.ndim)
    present = wrap(np.asarray(total((~np.isnan(x.array)).astype(x.array.dtype), axes, keepdim)))
    return div(nansum(x, axes, keepdim), present)


@op
def _prod(x: Array, *, dim: int | None, keepdim: bool) -> Answer:
    axes = tuple(range(x.ndim)) if dim is None or not x.ndim else (dim,)
    value = np.prod(x, axis=axes, keepdims=keepdim, dtype=x.dtype)

    def pullback(g: Array) -> Any:
        line = x.reshape(-1) if dim is None or not x.ndim else np.moveaxis(x, dim, -1)
        ones = np.ones((*line.shape[:-1], 1), x.dtype)
        before = np.cumprod(np.concatenate([ones, line[..., :-1]], -1), -1, dtype=x.dtype)
        after = np.cumprod(np.concatenate([ones, line[..., :0:-1]], -1), -1, dtype=x.dtype)[..., ::-1]
        others = before * after  # the product of all but one: no division, so zeros are no special case
        others = others.reshape(x.shape) if len(axes) != 1 else np.moveaxis(others, -1, axes[0])
        return spread(g, axes, keepdim, x.shape) * others

    return value, pullback


@_prod.composed
def _prod_by_steps(x: Any, *, dim: int | None, keepdim: bool) -> Any:
    line = x.reshape(-1) if dim is None or not x.ndim else x.movedim(dim, -1)
    value: Any = wrap(np.ones(line.shape[:-1], x.array.dtype))
    for one in line.unbind(-1):
        value = value * one
    if not keepdim or not x.ndim:
        return value
    return value.reshape((1,) * x.ndim) if dim is None else value.unsqueeze(dim)


def prod(input: Tensor, dim: int | None = None, keepdim: bool = False, *, dtype: dtype | None = None) -> Tensor:
    """Π over *dim* (all if None); integers and bool multiply up to int64."""
    if dim is not None:
        (dim,) = axes_of(dim, input.ndim) or (0,)
    return _prod(summable(input, dtype), dim=dim, keepdim=keepdim)


def _degrees(n: int, correction: float, name: str) -> float:
    if n - correction <= 0:
        warnings.warn(
            f"{name}: degrees of freedom is <= 0. Correction should be strictly less than the reduction factor "
            "(input numel divided by output numel).",
            UserWarning,
            stacklevel=5,
        )
    return max(n - correction, 0.0)


def _away(x: Array, dim: tuple[int, ...]) -> Array:
    """The distances from the mean, whose sum is made in double, as by torch."""
    wide = np.float64 if x.dtype == np.float32 else x.dtype
    away: Array = x - (np.sum(x, axis=dim, keepdims=True, dtype=wide) / count(x.shape, dim)).astype(x.dtype)
    return away


@op
def _var(x: Array, *, dim: tuple[int, ...], correction: float, keepdim: bool, name: str = "var()") -> Answer:
    divisor = x.dtype.type(_degrees(count(x.shape, dim), correction, name))
    away = _away(x, dim)
    value = total(away * away, dim, keepdim) / divisor
    return value, lambda g: spread(g, dim, keepdim, away.shape) * away * (2 / divisor)


@op
def _std(x: Array, *, dim: tuple[int, ...], correction: float, keepdim: bool) -> Answer:
    divisor = x.dtype.type(_degrees(count(x.shape, dim), correction, "std()"))
    away = _away(x, dim)
    value = np.sqrt(total(away * away, dim, keepdim) / divisor)

    def pullback(g: Array) -> Any:
        scaled = np.where(value == 0, value.dtype.type(0), g / value)  # torch: 0 where nothing varies
        return spread(scaled, dim, keepdim, away.shape) * away / divisor

    return value, pullback


def _spread_arguments(dim: Any, unbiased: Any, correction: Any) -> tuple[Any, float]:
    """torch's three overloads: ``var(x, True)``, ``var(x, dim, unbiased)``, ``var(x, dim, correction=1)``."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if unbiased is not None:
        return dim, float(unbiased)
    return dim, 1.0 if correction is None else float(correction)


@takes_out
def var(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Tensor:
    """Variance over *dim*, divided by n − *correction* (1 by default, Bessel's)."""
    dim, wanted = _spread_arguments(dim, unbiased, correction)
    x = _spreadable(input)
    return _var(x, dim=axes_of(dim, input.ndim), correction=wanted, keepdim=keepdim)


@takes_out
def std(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Tensor:
    """Square root of the variance; its gradient is 0 where the variance is."""
    dim, wanted = _spread_arguments(dim, unbiased, correction)
    x = _spreadable(input)
    return _std(x, dim=axes_of(dim, input.ndim), correction=wanted, keepdim=keepdim)


def _spreadable(x: Tensor) -> Tensor:
    if not (x.dtype.is_floating_point or x.dtype.is_complex):
        raise RuntimeError("std and var only support floating point and complex dtypes")
    return x


@takes_out
def var_mean(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> tuple[Tensor, Tensor]:
    """``(var, mean)`` over *dim*."""
    where, _ = _spread_arguments(dim, unbiased, correction)
    return var(input, dim, unbiased, keepdim, correction=correction), mean(input, where, keepdim)


@takes_out
def std_mean(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> tuple[Tensor, Tensor]:
    """``(std, mean)`` over *dim*."""
    where, _ = _spread_arguments(dim, unbiased, correction)
    return std(input, dim, unbiased, keepdim, correction=correction), mean(input, where, keepdim)


@op
def _logsumexp(x: Array, *, dim: tuple[int, ...], keepdim: bool) -> Answer:
    peak = np.max(x, axis=dim, keepdims=True, initial=-np.inf)
    peak = np.where(np.isfinite(peak), peak, peak.dtype.type(0))
    kept = np.log(summed(np.exp(x - peak), dim, keepdims=True)) + peak

    def pullback(g: Array) -> Any:
        share = np.exp(x - np.where(np.isfinite(kept), kept, kept.dtype.type(0)))
        return spread(g, dim, keepdim, x.shape) * share

    return (kept if keepdim else kept.squeeze(dim) if dim else kept), pullback


@takes_out
def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    """log Σ exp over *dim*, without overflow."""
    return _logsumexp(floating(input), dim=axes_of(dim, input.ndim), keepdim=keepdim)
