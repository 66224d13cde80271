"""`torch.fx`: `wrap`, as a name. Graphs are not traced here."""

from __future__ import annotations

from typing import TypeVar

from .missing import refusing

T = TypeVar("T")


def wrap(fn_or_name: T) -> T:
    """What it is given."""
    return fn_or_name


__getattr__ = refusing("torch.fx")
