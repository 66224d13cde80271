"""The two confined processes of one verification, and what they answered when a file was loaded."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..explicit.described import described_models
from .launch import Child, ChildFailed, Limits
from .names import torch_names
from .wire import Message


@dataclass(frozen=True)
class Program:
    """A file's text and the path it is known by."""

    text: str
    path: str


class SideFailed(Exception):
    """One child gave no answer; `side` is "A" or "B"."""

    def __init__(self, side: str, reason: str) -> None:
        super().__init__(f"{side} {reason}")
        self.side = side


class Sides:
    """Both children, asked together wherever one need not wait for the other."""

    def __init__(self, a: Child, b: Child) -> None:
        self._children = {"A": a, "B": b}

    def ask(self, side: str, body: dict[str, Any], blobs: tuple[bytes, ...] = ()) -> Message:
        """One question to one side."""
        self.send(side, body, blobs)
        return self.answer(side)

    def ask_both(
        self, a: dict[str, Any], b: dict[str, Any] | None = None, blobs: tuple[bytes, ...] = ()
    ) -> tuple[Message, Message]:
        """The same question, or one each, to both sides at once."""
        self.send("A", a, blobs)
        self.send("B", a if b is None else b, blobs)
        return self.answer("A"), self.answer("B")

    def send(self, side: str, body: dict[str, Any], blobs: tuple[bytes, ...] = ()) -> None:
        """Asks without waiting."""
        try:
            self._children[side].send(body, blobs)
        except ChildFailed as failed:
            raise SideFailed(side, str(failed)) from None

    def answer(self, side: str) -> Message:
        """The answer to the oldest open question."""
        try:
            return self._children[side].receive()
        except ChildFailed as failed:
            raise SideFailed(side, str(failed)) from None


@contextlib.contextmanager
def opened(backends: tuple[str, str], limits: Limits) -> Iterator[Sides]:
    """Starts both processes, each on its backend, and ends them whatever happens."""
    if os.name != "posix":
        raise SideFailed("A", "cannot be confined on this system, so it is not run")
    with contextlib.ExitStack() as stack:
        children = []
        for side, backend in zip(("A", "B"), backends, strict=True):
            try:
                children.append(stack.enter_context(Child(backend, limits)))
            except ChildFailed as failed:
                raise SideFailed(side, str(failed)) from None
        yield Sides(*children)


def load_request(program: Program) -> dict[str, Any]:
    """The question that makes a child run a file."""
    return {
        "ask": "load",
        "text": program.text,
        "path": program.path,
        "torch_names": list(torch_names(program.text)),
        "explicit": described_models(program.text),
    }
