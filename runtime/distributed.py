"""`torch.distributed` where there is none: one process, nothing to initialise."""

from __future__ import annotations

from .missing import refusing


def is_available() -> bool:
    """False."""
    return False


def is_initialized() -> bool:
    """False."""
    return False


__getattr__ = refusing("torch.distributed")
