"""`torch.profiler` and `torch.autograd.profiler`, of which only the marks are there: they mark nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .missing import refusing

F = TypeVar("F", bound=Callable[..., Any])


class record_function:
    """A name for a stretch of code: a context manager and decorator that does nothing."""

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name

    def __enter__(self) -> record_function:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __call__(self, func: F) -> F:
        return func


__getattr__ = refusing("torch.profiler")
