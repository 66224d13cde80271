"""`torch.cuda` on a machine without CUDA: nothing is available, and using it raises what torch raises."""

from __future__ import annotations

from typing import Any

from .device import usable
from .missing import refusing


def is_available() -> bool:
    """False."""
    return False


def is_initialized() -> bool:
    """False."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """False."""
    return False


def device_count() -> int:
    """0."""
    return 0


def manual_seed(seed: int) -> None:
    """Nothing to seed; torch ignores it too."""


def manual_seed_all(seed: int) -> None:
    """Nothing to seed; torch ignores it too."""


def empty_cache() -> None:
    """Nothing to empty."""


def ipc_collect() -> None:
    """Nothing to collect."""


def current_device() -> int:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda")
    return 0


def set_device(device: Any) -> None:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda")


def synchronize(device: Any = None) -> None:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda")


def get_device_name(device: Any = None) -> str:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda")
    return ""


__getattr__ = refusing("torch.cuda")
