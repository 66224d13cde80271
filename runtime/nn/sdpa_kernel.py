"""`torch.nn.attention`: which kernel computes attention. Here there is one, whatever is asked for."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..missing import refusing


class SDPBackend(enum.IntEnum):
    """torch's kernels by name."""

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4


@contextmanager
def sdpa_kernel(backends: Any, set_priority: bool = False) -> Iterator[None]:
    """Changes nothing; AssertionError for what is no kernel, as in torch."""
    several = [backends] if isinstance(backends, SDPBackend) else backends
    if not isinstance(several, (list, tuple)) or not all(isinstance(one, SDPBackend) for one in several):
        raise AssertionError("Backend must be an instance of SDPBackend or a list of SDPBackend instances")
    yield


__getattr__ = refusing("torch.nn.attention")
