"""The process that runs a user's file: answers the parent's requests, one after the other, over the private channel.

The only module of the source side that imports `nnflip.runtime`; the parent never imports this one.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from .confine import fasten
from .inside.backend import Backend, OnCall
from .inside.reads import HOST_READ, READERS, telling_reads
from .inside.seal import sealed
from .inside.serve import Server
from .wire import SECRET_BYTES, Message, exactly, receive, send


def main(descriptor: int, limits_json: str) -> None:
    """Loads the backend, fastens the seat belt, then serves until the parent hangs up."""
    limits = json.loads(limits_json)
    channel = socket.socket(fileno=descriptor)
    secret = exactly(channel, SECRET_BYTES)
    listen, tell, leave = receive, send, os._exit
    with _backend(limits["backend"]) as backend:
        server = Server(backend)
        answer = server.answer
        fasten(limits["scratch"])
        broken = sealed()
        while True:
            try:
                request = listen(channel, secret)
            except (EOFError, ConnectionError):
                leave(0)
            told = answer(request)
            changed = broken()
            tell(channel, secret, Message({"tampered": changed}) if changed else told)


def _backend(name: str) -> AbstractContextManager[Backend]:
    """Imports what will be needed, before any of the user's code runs."""
    if name == "torch":
        from .inside.dispatch import torch_backend

        return nullcontext(torch_backend())
    return _look_alike()


@contextmanager
def _look_alike() -> Iterator[Backend]:
    """The numpy runtime, while the context lasts where `import torch` finds it."""
    from nnflip import runtime
    from nnflip.runtime.as_torch import install
    from nnflip.runtime.record import recording as listening
    from nnflip.runtime.tensor import Tensor

    @contextmanager
    def recording(on_call: OnCall) -> Iterator[None]:
        with listening(on_call), telling_reads(Tensor, READERS, on_call):
            yield

    with install():
        yield Backend("numpy", runtime, lambda tensor: tensor.__dict__["array"], recording, HOST_READ.__eq__)
