"""The process that runs a user's file: answers the parent's requests, one after the other, over the private channel.

The only module of the source side that imports `nnflip.runtime`; the parent never imports this one.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .confine import fasten, isolate, limit
from .wire import SECRET_BYTES, Message, exactly, receive, send


def main(descriptor: int, limits_json: str) -> None:
    """Confines the process, loads the backend, then serves until the parent hangs up."""
    limits = json.loads(limits_json)
    limit(limits["memory_mb"], limits["file_mb"], limits["cpu_seconds"])
    isolate()
    channel = socket.socket(fileno=descriptor)
    secret = exactly(channel, SECRET_BYTES)
    serve = _server(limits["backend"])
    fasten(limits["scratch"])
    while True:
        try:
            request = receive(channel, secret)
        except (EOFError, ConnectionError):
            os._exit(0)
        send(channel, secret, serve(request))


def _server(backend_name: str) -> Callable[[Message], Message]:
    """Imports what will be needed, before any of the user's code runs."""
    from .inside.serve import Server

    if backend_name == "torch":
        from .inside.dispatch import torch_backend

        return Server(torch_backend()).answer
    return Server(_numpy_backend()).answer


def _numpy_backend() -> Any:
    """The look-alike, put where `import torch` finds it for the rest of this process."""
    from nnflip import runtime
    from nnflip.runtime.as_torch import install
    from nnflip.runtime.record import recording as listening
    from nnflip.runtime.tensor import Tensor

    from .inside.backend import Backend
    from .inside.reads import HOST_READ, READERS, telling_reads

    installed = install()
    installed.__enter__()
    # Also keeps it alive: the generator behind it would take torch out again as soon as it is collected.
    atexit.register(installed.__exit__, None, None, None)

    @contextmanager
    def recording(on_call: Any) -> Iterator[None]:
        with listening(on_call), telling_reads(Tensor, READERS, on_call):
            yield

    return Backend("numpy", runtime, lambda tensor: tensor.array, recording, HOST_READ.__eq__)
