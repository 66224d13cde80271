"""`torch.accelerator` and its kin where there is none: nothing is available, nothing is counted."""

from __future__ import annotations

from typing import Any

from .missing import refusing


def is_available() -> bool:
    """False."""
    return False


is_initialized = is_built = is_available


def device_count() -> int:
    """0."""
    return 0


def current_accelerator(check_available: bool = False) -> None:
    """None."""


def manual_seed(seed: int) -> None:
    """Nothing to seed."""


manual_seed_all = manual_seed


def empty_cache() -> None:
    """Nothing to empty."""


def _used(*args: Any, **options: Any) -> Any:
    """RuntimeError: there is no accelerator to ask."""
    raise RuntimeError("Cannot access accelerator device when none is available.")


current_device_index = current_device_idx = set_device_index = set_device_idx = synchronize = current_stream = _used
set_stream = device_index = memory_allocated = memory_reserved = get_memory_info = get_device_capability = _used
max_memory_allocated = current_device = set_device = get_device_name = get_device_properties = _used

__getattr__ = refusing("torch.accelerator")
