"""`torch.onnx` where nothing is exported."""

from __future__ import annotations

from .missing import refusing


def is_in_onnx_export() -> bool:
    """False."""
    return False


__getattr__ = refusing("torch.onnx")
