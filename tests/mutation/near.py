"""The verifier with both of its children in this process: what thousands of verdicts on harmless files can afford.

The questions, the answers and the judgement are those of `nnflip verify`; only the confinement is left out.
"""

from __future__ import annotations

import atexit
import contextlib
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


class NearSides:
    """Stands in for `sides.Sides`; each side keeps its own gradient switch, as two processes would."""

    def __init__(self, backend: Any) -> None:
        self._torch = backend.torch
        self._servers = {side: Server(backend) for side in "AB"}
        self._grad_enabled = dict.fromkeys("AB", True)
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
        self._torch.set_grad_enabled(self._grad_enabled[side])
        try:
            self._answers[side].append(self._servers[side].answer(Message(body, blobs)))
        finally:
            self._grad_enabled[side] = self._torch.is_grad_enabled()
            self._torch.set_grad_enabled(True)

    def answer(self, side: str) -> Message:
        """The answer to the oldest open question."""
        return self._answers[side].popleft()


@contextlib.contextmanager
def near() -> Iterator[None]:
    """While the context lasts, verifications on numpy run in this process."""
    with backend_named("numpy") as backend:

        @contextlib.contextmanager
        def opened(backends: tuple[str, str], limits: Any) -> Iterator[NearSides]:
            assert backends == ("numpy", "numpy")
            yield NearSides(backend)

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
