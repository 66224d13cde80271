"""`torch.utils.model_zoo`, the older name of `torch.hub`'s downloads: they refuse when they are called."""

from __future__ import annotations

from typing import Any

from .missing import MissingUse, refusing


def load_url(url: str, *args: Any, **options: Any) -> Any:
    """MissingUse: nothing is downloaded."""
    raise MissingUse("torch.utils.model_zoo.load_url")


__getattr__ = refusing("torch.utils.model_zoo")
