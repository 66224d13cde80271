"""The verifier with both of its children in this process: what thousands of verdicts on harmless files can afford.

The questions, the answers and the judgement are those of `nnflip verify`; only the confinement is left out.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import warnings
from collections import deque
from collections.abc import Iterator
from typing import Any
from unittest import mock

from suite import Mutant, Twin, verdict

from nnflip.convert.verify import VerifyResult, session
from nnflip.convert.verify.child import _backend as backend_named
from nnflip.convert.verify.inside.serve import Server
from nnflip.convert.verify.wire import Message


class NearServer:
    """A server that remembers what it answered to the same questions in the same order: A is the same for all mutants.

    Only where the questions part does it run anything, the earlier ones first.
    """

    def __init__(self, backend: Any, memory: dict[bytes, Message]) -> None:
        self._backend = backend
        self._memory = memory
        self._server = Server(backend)
        self._grad_enabled = True  # each side has its own, as two processes would
        self._path = b""
        self._open: list[Message] = []

    def answer(self, request: Message) -> Message:
        """The answer to one request."""
        self._open.append(request)
        text = json.dumps(request.body, sort_keys=True)
        if request.body["ask"] == "load" and not self._path and self._next(text, request) not in self._memory:
            self._memory.clear()  # of another file
        self._path = self._next(text, request)
        if self._path not in self._memory:
            answers = [self._run(one) for one in self._open]
            self._open.clear()
            self._memory[self._path] = answers[-1]
        return self._memory[self._path]

    def _next(self, text: str, request: Message) -> bytes:
        return hashlib.blake2b(b"".join([self._path, text.encode(), *request.blobs])).digest()

    def _run(self, request: Message) -> Message:
        torch = self._backend.torch
        torch.set_grad_enabled(self._grad_enabled)
        try:
            return self._server.answer(request)
        finally:
            self._grad_enabled = torch.is_grad_enabled()
            torch.set_grad_enabled(True)


class NearSides:
    """Stands in for `sides.Sides`, with both servers in this process."""

    def __init__(self, backend: Any, memory: dict[bytes, Message]) -> None:
        self._servers = {"A": NearServer(backend, memory), "B": NearServer(backend, {})}
        self._answers: dict[str, deque[Message]] = {side: deque() for side in "AB"}

    def ask(self, side: str, body: dict[str, Any], blobs: tuple[bytes, ...] = ()) -> Message:
        """One question to one side."""
        self.send(side, body, blobs)
        return self.answer(side)

    def ask_both(
        self, a: dict[str, Any], b: dict[str, Any] | None = None, blobs: tuple[bytes, ...] = ()
    ) -> tuple[Message, Message]:
        """The same question, or one each, to both sides."""
        return self.ask("A", a, blobs), self.ask("B", a if b is None else b, blobs)

    def send(self, side: str, body: dict[str, Any], blobs: tuple[bytes, ...] = ()) -> None:
        """Answers at once, and keeps the answer."""
        self._answers[side].append(self._servers[side].answer(Message(body, blobs)))

    def answer(self, side: str) -> Message:
        """The answer to the oldest open question."""
        return self._answers[side].popleft()


@contextlib.contextmanager
def near() -> Iterator[None]:
    """While the context lasts, verifications on numpy run in this process."""
    memory: dict[bytes, Message] = {}
    with backend_named("numpy") as backend:

        @contextlib.contextmanager
        def opened(backends: tuple[str, str], limits: Any) -> Iterator[NearSides]:
            assert backends == ("numpy", "numpy")
            yield NearSides(backend, memory)

        with mock.patch.object(session, "opened", opened):
            yield


def enter() -> None:
    """Makes a worker process one in which verifications run near, to its end."""
    warnings.simplefilter("ignore")
    context = near()
    context.__enter__()
    atexit.register(context.__exit__, None, None, None)


def judged(one: Twin | Mutant) -> VerifyResult:
    """The verdict on a true pair, or on a mutant of it: one seed first, which is enough to reject most."""
    if isinstance(one, Twin):
        return verdict(one.a, one.b, one)
    quick = verdict(one.twin.a, one.text, one.twin, seeds=(0,))
    return quick if quick.verdict == "different" else verdict(one.twin.a, one.text, one.twin)
