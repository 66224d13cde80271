"""Cross-map response normalisation as torch's legacy CrossMapLRN2d computes it, its two oddities included."""

from __future__ import annotations

import numpy as np

from ..array import Answer, Array
from ..autograd import op


def _window_sums(x: Array, first: int, last: int) -> Array:
    """Σ x[:, c + first … c + last] for every channel c, as far as there are channels."""
    channels = x.shape[1]
    sums = np.concatenate([np.zeros_like(x[:, :1]), np.cumsum(x, axis=1)], axis=1)
    at = np.arange(channels)
    return np.asarray(sums[:, np.clip(at + last + 1, 0, channels)] - sums[:, np.clip(at + first, 0, channels)])


@op
def cross_map_norm(x: Array, *, size: int, alpha: float, beta: float, k: float) -> Answer:
    """x / (k + alpha / size · Σ squares over neighbouring channels) ** beta, for (N, C, H, W).

    torch never lets go of the first channel's square once it is in the sum, and its gradient looks at another window
    than its value; both are kept.
    """
    squares = x * x
    reach = int((size - 1) / 2 + 1)
    sums = _window_sums(squares, 1 - reach, reach - 1)
    sums[:, reach:] += squares[:, :1]
    scale = sums * x.dtype.type(alpha / size) + x.dtype.type(k)
    falling = scale**-beta
    y = falling * x

    def pullback(g: Array) -> Array:
        before = int(size - (size - 1) / 2)
        ratios = _window_sums(g * y / scale, -before, size - 1 - before)
        return np.asarray(g * falling - x * ratios * x.dtype.type(2 * alpha * beta / size))

    return y, pullback
