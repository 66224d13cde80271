"""Whether shapes broadcast, and torch's error where they do not."""

from __future__ import annotations

from typing import Any

import numpy as np


def need_broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The common shape of two; RuntimeError in torch's words if there is none."""
    for back in range(1, min(len(a), len(b)) + 1):
        one, other = a[-back], b[-back]
        if one != other and 1 not in (one, other):
            raise RuntimeError(
                f"The size of tensor a ({one}) must match the size of tensor b ({other}) at non-singleton dimension "
                f"{max(len(a), len(b)) - back}"
            )
    return np.broadcast_shapes(a, b)


def explain_mismatch(error: ValueError, arrays: tuple[Any, ...]) -> None:
    """Raises torch's error instead of numpy's, if that was about shapes of *arrays* that do not broadcast."""
    if "broadcast" not in str(error):
        return
    common: tuple[int, ...] = ()
    for array in arrays:
        if isinstance(array, np.ndarray):
            common = need_broadcast(common, array.shape)
