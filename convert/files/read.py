"""A path becomes bytes: regular files only (a FIFO or a device is never opened), every failure is one FileTrouble."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from .trouble import FileTrouble, reason_of

MAX_BYTES = 64 * 2**20
_KINDS = (
    (stat.S_ISDIR, "is a directory"),
    (stat.S_ISFIFO, "is a named pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
)


def read_bytes(path: Path, *, limit: int | None = MAX_BYTES) -> bytes:
    """All bytes of a regular file of at most `limit` bytes; raises FileTrouble."""
    try:
        found = os.stat(path)
        require_regular(path, found)
        # Between stat and open the path may have become a pipe: without O_NONBLOCK the open would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(file.fileno())
            require_regular(path, found)
            if limit is not None and found.st_size > limit:
                raise FileTrouble(path, f"is larger than {limit >> 20} MB, which no source file is")
            return file.read()
    except (OSError, ValueError) as error:
        raise FileTrouble(path, reason_of(error)) from None


def require_regular(path: Path, found: os.stat_result) -> None:
    """Raise FileTrouble with the kind of thing that lies there, unless it is a regular file."""
    if stat.S_ISREG(found.st_mode):
        return
    for is_kind, reason in _KINDS:
        if is_kind(found.st_mode):
            raise FileTrouble(path, reason)
    raise FileTrouble(path, "is not a regular file")
