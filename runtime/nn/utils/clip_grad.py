"""Gradient clipping: by the norm of all gradients together, or by value."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...autograd import no_grad
from ...tensor import Tensor, wrap


def _listed(tensors: Any) -> list[Tensor]:
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def get_total_norm(
    tensors: Tensor | Iterable[Tensor],
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The norm of the norms of all tensors, a 0-d tensor; RuntimeError if asked for and it is not finite."""
    arrays = [tensor.array for tensor in _listed(tensors)]
    if not arrays:
        return wrap(np.zeros((), np.float32))
    order = float(norm_type)
    norms = np.stack([_norm(array, order) for array in arrays])
    total = _norm(norms, order)
    if error_if_nonfinite and not np.isfinite(total):
        raise RuntimeError(
            f"The total norm of order {order} for gradients from `parameters` is non-finite, so it cannot be clipped. "
            "To disable this error and scale the gradients by the non-finite norm anyway, set "
            "`error_if_nonfinite=False`"
        )
    return wrap(np.asarray(total))


def _norm(array: Any, order: float) -> Any:
    flat = np.abs(array.reshape(-1))
    if order == math.inf:
        return flat.max(initial=0)
    if order == 2:
        return np.sqrt(np.dot(flat, flat)).astype(array.dtype)
    if order == 0:
        return np.count_nonzero(flat) * np.ones((), array.dtype)
    return ((flat**order).sum() ** (1 / order)).astype(array.dtype)


def clip_grads_with_norm_(
    parameters: Tensor | Iterable[Tensor], max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Scale the gradients by max_norm / (total_norm + 1e-6), if that is below 1."""
    scale = float(max_norm) / (total_norm.array + np.asarray(1e-6, total_norm.array.dtype))
    scale = np.minimum(scale, 1).astype(total_norm.array.dtype)
    with no_grad():
        for grad in (param.grad for param in _listed(parameters) if param.grad is not None):
            grad.array *= scale.astype(grad.array.dtype)


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale all gradients together so that their norm is at most max_norm; the norm before that."""
    listed = _listed(parameters)
    grads = [param.grad for param in listed if param.grad is not None]
    total = get_total_norm(grads, norm_type, error_if_nonfinite, foreach)
    clip_grads_with_norm_(listed, max_norm, total, foreach)
    return total


def clip_grad_norm(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """clip_grad_norm_ under its old name."""
    warnings.warn(
        "`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.",
        FutureWarning,
        stacklevel=2,
    )
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float, foreach: bool | None = None) -> None:
    """Clip every element of every gradient to [-clip_value, clip_value]."""
    for grad in (param.grad for param in _listed(parameters) if param.grad is not None):
        np.clip(grad.array, -float(clip_value), float(clip_value), out=grad.array)
