"""Fourier transforms and short-time ones: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import nnflip.runtime as runtime

EXACT = """
t.fft.fft(x34).real
t.view_as_real(t.fft.fft(x34, 6, 0, 'ortho'))
t.view_as_real(t.fft.ifft(t.complex(x34, y34)))
t.view_as_real(t.fft.rfft(x35))
t.view_as_real(t.fft.rfft(x34, 3, norm='forward'))
t.fft.irfft(t.complex(x34, y34))
t.fft.irfft(t.complex(x34, y34), 7, 0)
t.view_as_real(t.fft.rfft2(x234, s=(5, 3)))
t.fft.irfft2(t.fft.rfft2(x234) * t.complex(y33, z33))
t.view_as_real(t.fft.fftn(x234))
t.fft.hfft(t.complex(x34, y34))
t.fft.fftshift(x34) * t.fft.ifftshift(y34, 0)
t.fft.fftfreq(5, 0.5)
t.fft.rfftfreq(6)
t.hann_window(7)
t.hamming_window(8, False)
t.blackman_window(5)
t.bartlett_window(6)
t.kaiser_window(9, True, 5.0)
t.view_as_real(t.stft(x29, 4, window=t.hamming_window(4, dtype=x29.dtype), return_complex=True, center=False))
t.view_as_real(t.stft(x29, 4, 2, window=t.hann_window(4, dtype=x29.dtype), return_complex=True))
t.istft(t.stft(x29, 4, 1, window=p4, return_complex=True), 4, 1, window=p4, length=9)
""".strip().splitlines()

WRONG = """
t.fft.fft(x34, 0)
t.fft.rfft(t.complex(x3, y3))
t.fft.fft(x34, norm='odd')
t.fft.fft(x_)
t.fft.fftn(x34, s=(1, 2, 3))
t.hann_window(-1)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", EXACT)
def test_transforms_are_those_of_torch(agrees: Callable[..., None], expression: str) -> None:
    agrees(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRONG)
def test_errors_are_those_of_torch(same_error: Callable[[str], None], expression: str) -> None:
    same_error(expression)


def test_a_spectrum_leads_back_to_the_signal() -> None:
    x = runtime.randn(3, 8, dtype=runtime.float64)
    assert runtime.allclose(runtime.fft.irfft(runtime.fft.rfft(x)), x)
    assert runtime.fft.rfft(x.float()).dtype is runtime.complex64
