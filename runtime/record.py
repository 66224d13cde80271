"""Listening to every op call: what `verify` traces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Callback = Callable[[str, tuple[Any, ...], dict[str, Any], tuple[Any, ...]], None]

listeners: list[Callback] = []
"""Who is told; empty nearly always, so asking costs one truth test."""


def tell(name: str, inputs: tuple[Any, ...], static: dict[str, Any], outputs: tuple[Any, ...]) -> None:
    """Tells every listener of one call: name of the op, tensor inputs, static arguments, output tensors."""
    for listener in tuple(listeners):
        listener(name, inputs, static, outputs)


@contextmanager
def recording(callback: Callback) -> Iterator[None]:
    """`with recording(seen.append_call): model(x)` calls back for ops, in-place changes and random draws."""
    listeners.append(callback)
    try:
        yield
    finally:
        listeners.remove(callback)


@contextmanager
def silence() -> Iterator[None]:
    """Inside, nobody is told: for what is told as a whole afterwards."""
    before, listeners[:] = listeners[:], []
    try:
        yield
    finally:
        listeners[:] = before
