"""Windows of signals: hann, hamming, blackman, bartlett, kaiser; a periodic one is one longer, less the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .array import Array
from .options import made, storage_of, whole
from .tensor import Tensor


def _window(name: str, length: Any, periodic: bool, options: dict[str, Any], shape: Callable[[Array], Array]) -> Tensor:
    """*shape* of the places from 0 to 1; torch computes in the dtype asked for."""
    storage = storage_of(name, options.pop("dtype", None))
    if storage.kind != "f":
        raise RuntimeError(f"{name} expects floating point dtypes, got: {storage.name}")
    size = whole(name, "window_length", "int", length)
    if size < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got window_length={size}")
    if size <= 1:
        return made(name, np.ones(size, storage), options)
    steps = size if periodic else size - 1
    return made(name, shape(np.arange(size) / steps).astype(storage), options)


def _cosines(*weights: float) -> Callable[[Array], Array]:
    """a₀ − a₁·cos(2πt) + a₂·cos(4πt)."""

    def shape(t: Array) -> Array:
        terms = [(-1) ** k * weight * np.cos(2 * np.pi * k * t) for k, weight in enumerate(weights)]
        return np.asarray(sum(terms[1:], terms[0] + 0 * t))

    return shape


def hann_window(window_length: int, periodic: bool = True, **options: Any) -> Tensor:
    """½ − ½·cos(2πt); keywords dtype, device, requires_grad."""
    return _window("hann_window", window_length, periodic, options, _cosines(0.5, 0.5))


def hamming_window(
    window_length: int, periodic: bool = True, alpha: float = 0.54, beta: float = 0.46, **options: Any
) -> Tensor:
    """alpha − beta·cos(2πt); keywords dtype, device, requires_grad."""
    return _window("hamming_window", window_length, periodic, options, _cosines(alpha, beta))


def blackman_window(window_length: int, periodic: bool = True, **options: Any) -> Tensor:
    """0.42 − 0.5·cos(2πt) + 0.08·cos(4πt); keywords dtype, device, requires_grad."""
    return _window("blackman_window", window_length, periodic, options, _cosines(0.42, 0.5, 0.08))


def bartlett_window(window_length: int, periodic: bool = True, **options: Any) -> Tensor:
    """A triangle; keywords dtype, device, requires_grad."""
    return _window("bartlett_window", window_length, periodic, options, lambda t: 1 - np.abs(2 * t - 1))


def kaiser_window(window_length: int, periodic: bool = True, beta: float = 12.0, **options: Any) -> Tensor:
    """I₀(beta·√(1 − (2t − 1)²)) / I₀(beta); keywords dtype, device, requires_grad."""

    def shape(t: Array) -> Array:
        return np.asarray(np.i0(beta * np.sqrt(np.maximum(1 - (2 * t - 1) ** 2, 0))) / np.i0(beta))

    return _window("kaiser_window", window_length, periodic, options, shape)
