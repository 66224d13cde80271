"""Short-time Fourier transforms and back: windows of a signal, each transformed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor, wrap
from .complex import view_as_real
from .fourier import fft, ifft, irfft, rfft
from .pad import pad as padded


def _window(window: Tensor | None, n_fft: int, win_length: int, like: Tensor) -> Any:
    """The window in the middle of *n_fft* elements, zeros around it."""
    kind = like.array.real.dtype
    inner: Any = wrap(np.ones(win_length, kind)) if window is None else window
    left = (n_fft - win_length) // 2
    return inner if win_length == n_fft else padded(inner, (left, n_fft - win_length - left))


def _lengths(name: str, n_fft: int, hop_length: int | None, win_length: int | None, window: Any) -> tuple[int, int]:
    """Hop and window length with their defaults, checked."""
    wide = n_fft if win_length is None else int(win_length)
    hop = n_fft // 4 if hop_length is None else int(hop_length)
    if hop <= 0:
        raise RuntimeError(f"{name}: expected hop_length > 0, but got hop_length={hop}")
    if not 0 < wide <= n_fft:
        raise RuntimeError(f"{name}: expected 0 < win_length <= n_fft, but got win_length={wide}")
    if window is not None and (window.ndim != 1 or window.shape[0] != wide):
        raise RuntimeError(
            f"{name}: expected a 1D window tensor of size equal to win_length={wide}, but got window with size "
            f"{list(window.shape)}"
        )
    return hop, wide


def stft(
    input: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Tensor:
    """Spectra (*, frequencies, frames) of the windows of a signal (*, length); pairs of reals if not complex."""
    half = (
        onesided
        if onesided is not None
        else not (input.dtype.is_complex or (window is not None and window.dtype.is_complex))
    )
    if return_complex is None and not (input.dtype.is_complex or (window is not None and window.dtype.is_complex)):
        raise RuntimeError("stft requires the return_complex parameter be given for real inputs, and will further require that return_complex=True in a future PyTorch release.")  # fmt: skip # noqa: E501
    hop, wide = _lengths("stft", n_fft, hop_length, win_length, window)
    if input.ndim not in (1, 2):
        raise RuntimeError(f"stft: expected a 1D or 2D tensor, but got a {input.ndim}D tensor")
    x: Any = input if input.ndim == 2 else input.unsqueeze(0)
    if center:
        around = (n_fft // 2, n_fft // 2)
        x = padded(x.unsqueeze(1), around, mode=pad_mode).squeeze(1)
    if not 0 < n_fft <= x.shape[1]:
        raise RuntimeError(f"stft: expected 0 < n_fft < {x.shape[1]}, but got n_fft={n_fft}")
    frames = x.unfold(1, n_fft, hop)
    if window is not None or wide < n_fft:
        frames = frames * _window(window, n_fft, wide, x)
    norm = "ortho" if normalized else None
    made: Any = (rfft if half else fft)(frames, norm=norm)
    made = made.transpose(1, 2)
    made = made if input.ndim == 2 else made.squeeze(0)
    return made if return_complex is not False else view_as_real(made)


def istft(
    input: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    """`stft` undone by overlap and add: (*, frequencies, frames) to (*, length)."""
    if not input.dtype.is_complex:
        raise RuntimeError("istft requires a complex-valued input tensor matching the output from stft with return_complex=True.")  # fmt: skip # noqa: E501
    hop, wide = _lengths("istft", n_fft, hop_length, win_length, window)
    x: Any = input if input.ndim == 3 else input.unsqueeze(0)
    half = onesided if onesided is not None else x.shape[1] != n_fft
    norm = "ortho" if normalized else None
    spectra = x.transpose(1, 2)
    if return_complex or not half:
        frames: Any = ifft(spectra, norm=norm)
        frames = frames if return_complex else frames.real
    else:
        frames = irfft(spectra, n_fft, norm=norm)
    shape = _window(window, n_fft, wide, frames)
    signal = _overlapped(frames * shape, hop)
    weight = _overlapped((shape * shape).expand(1, frames.shape[1], n_fft), hop)
    start = n_fft // 2 if center else 0
    whole = signal.shape[1]
    end = start + length if length is not None else whole - n_fft // 2 if center else whole
    signal, weight = signal[:, start:end], weight[:, start:end]
    if weight.array.size and float(np.abs(weight.array).min()) < 1e-11:
        raise RuntimeError(f"istft(...) window overlap add min: {float(np.abs(weight.array).min()):g}")
    signal = signal / weight
    if length is not None and signal.shape[1] < length:
        signal = padded(signal, (0, length - signal.shape[1]))
    made: Tensor = signal if input.ndim == 3 else signal.squeeze(0)
    return made


def _overlapped(frames: Any, hop: int) -> Any:
    """Frames (batch, frames, n), *hop* apart, added into one signal (batch, length)."""
    batch, count, n = frames.shape
    places = (np.arange(count)[:, None] * hop + np.arange(n)).reshape(-1)
    signal: Any = wrap(np.zeros((batch, (count - 1) * hop + n), frames.array.dtype))
    return signal.index_add(1, wrap(places), frames.reshape(batch, count * n))
