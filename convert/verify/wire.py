"""The private channel between the tool and the process that runs a user's file: JSON with raw bytes behind it.

Every answer opens with a secret the child was told at start, so that stray writes and early exits are never taken for
one. Nothing is pickled: what comes back is text and bytes.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from typing import Any

SECRET_BYTES = 16
_LENGTH_BYTES = 8
HEAD_BYTES = SECRET_BYTES + _LENGTH_BYTES


@dataclass(frozen=True)
class Message:
    """One request or answer: a JSON object and the byte strings it refers to by index."""

    body: dict[str, Any]
    blobs: tuple[bytes, ...] = ()


class BrokenChannel(Exception):
    """The other side sent something that is no message."""


def new_secret() -> bytes:
    """A fresh secret for one child."""
    return os.urandom(SECRET_BYTES)


def pack(secret: bytes, message: Message) -> list[bytes]:
    """The byte strings to send, in order."""
    sizes = [len(blob) for blob in message.blobs]
    text = json.dumps({"body": message.body, "blobs": sizes}, separators=(",", ":")).encode()
    return [secret + len(text).to_bytes(_LENGTH_BYTES, "big") + text, *message.blobs]


def text_length(secret: bytes, head: bytes) -> int:
    """How much JSON follows `head`; raises BrokenChannel if the secret is not the one agreed on."""
    if len(head) != HEAD_BYTES or head[:SECRET_BYTES] != secret:
        raise BrokenChannel("an answer without the secret")
    return int.from_bytes(head[SECRET_BYTES:], "big")


def read_text(text: bytes) -> tuple[dict[str, Any], list[int]]:
    """The JSON object and the lengths of the byte strings behind it."""
    try:
        read = json.loads(text)
        body, sizes = read["body"], read["blobs"]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenChannel(f"an answer that cannot be read: {error}") from error
    if not isinstance(body, dict) or not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise BrokenChannel("an answer of the wrong form")
    return body, sizes


def send(channel: socket.socket, secret: bytes, message: Message) -> None:
    """Sends one message over a blocking socket."""
    for part in pack(secret, message):
        channel.sendall(part)


def receive(channel: socket.socket, secret: bytes) -> Message:
    """Waits for one message on a blocking socket; EOFError when the other side is gone."""
    length = text_length(secret, exactly(channel, HEAD_BYTES))
    body, sizes = read_text(exactly(channel, length))
    return Message(body, tuple(exactly(channel, size) for size in sizes))


def exactly(channel: socket.socket, size: int) -> bytes:
    """`size` bytes from a blocking socket; EOFError if it closes before."""
    parts: list[bytes] = []
    while size:
        part = channel.recv(min(size, 1 << 20))
        if not part:
            raise EOFError("the channel closed")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
