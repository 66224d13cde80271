"""Notices when a model takes numbers out of tensors, to branch on or compute with where no recorder sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .backend import OnCall

HOST_READ = "host.read"
READERS = ("item", "tolist", "numpy", "__bool__", "__int__", "__float__", "__index__", "__complex__", "__array__")


@contextmanager
def telling_reads(tensor_class: type[Any], readers: Sequence[str], on_call: OnCall) -> Iterator[None]:
    """While the context lasts, each such read is told to `on_call` as an operation without outputs."""
    own = {name: vars(tensor_class).get(name) for name in readers}
    for name in readers:
        if callable(getattr(tensor_class, name, None)):
            setattr(tensor_class, name, _told(getattr(tensor_class, name), name, on_call))
    try:
        yield
    finally:
        for name, read in own.items():
            if read is not None:
                setattr(tensor_class, name, read)
            elif name in vars(tensor_class):
                delattr(tensor_class, name)


def _told(read: Callable[..., Any], name: str, on_call: OnCall) -> Callable[..., Any]:
    def told(tensor: Any, *arguments: Any, **named: Any) -> Any:
        on_call(HOST_READ, (tensor,), {"by": name}, ())
        return read(tensor, *arguments, **named)

    return told
