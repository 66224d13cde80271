"""What a path can do to us: one exception with the path and the reason, to be printed as one line."""

from __future__ import annotations

import errno
import os

REASONS = {
    errno.ENOENT: "no such file",
    errno.EACCES: "permission denied",
    errno.EPERM: "operation not permitted",
    errno.EISDIR: "is a directory",
    errno.ENOTDIR: "a part of the path is not a directory",
    errno.ELOOP: "symbolic links lead in a circle",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOSPC: "no space left on the disk",
    errno.EROFS: "the file system is read-only",
    errno.EDQUOT: "the disk quota is used up",
}


class FileTrouble(Exception):
    """A path that cannot be read or written, and why."""

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        self.path = os.fspath(path)
        self.reason = reason
        super().__init__(self.path, reason)

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


def reason_of(error: OSError | ValueError) -> str:
    """The system's complaint in a few words, without the path that the caller names anyway."""
    if isinstance(error, OSError):
        known = REASONS.get(error.errno or 0)
        return known or (error.strerror or str(error)).lower()
    return str(error)  # an embedded null byte, a surrogate that no file name can hold
