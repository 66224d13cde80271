"""A new content takes a file's place at once or not at all.

The bytes go to a temporary file in the same directory, are synced, and are renamed over the target; before that the
target is read again, so that what somebody else wrote meanwhile is never lost. Whatever goes wrong, the old content
stands whole and the temporary file is gone (unless the process itself was killed: then the temporary file stays).
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from .read import read_bytes, require_regular
from .trouble import FileTrouble, reason_of

CHANGED = "was changed by somebody else while we worked; nothing was written"


def replace_file(path: Path, content: bytes, *, expected: bytes) -> None:
    """Write `content` over a file that must still hold `expected`.

    A symbolic link is kept and its target written. Mode and owner are kept. Raises FileTrouble, with nothing changed:
    the file was edited meanwhile, has other hard links (a rename would part them), or the system refuses.
    """
    target = _resolve(path)
    if read_bytes(target) != expected:
        raise FileTrouble(path, CHANGED)
    try:
        _swap_in(target, content, os.stat(target), expected)
    except OSError as error:
        raise FileTrouble(path, f"cannot write: {reason_of(error)}") from None


def create_file(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write `content` to a path that the user named for output; what lies there, if anything, is replaced.

    `mode` is that of a new file, less the umask; an old file keeps its own. Raises FileTrouble as `replace_file` does.
    """
    target = _resolve(path)
    try:
        there = os.stat(target)
    except FileNotFoundError:
        there = None
    except OSError as error:
        raise FileTrouble(path, f"cannot write: {reason_of(error)}") from None
    try:
        if there is None:
            _swap_in(target, content, None, None, mode=mode & ~_umask())
        else:
            _swap_in(target, content, there, None)
    except OSError as error:
        raise FileTrouble(path, f"cannot write: {reason_of(error)}") from None


def _resolve(path: Path) -> Path:
    try:
        return Path(os.path.realpath(path, strict=True))
    except FileNotFoundError:
        return Path(os.path.realpath(path))
    except (OSError, ValueError) as error:
        raise FileTrouble(path, reason_of(error)) from None


def _swap_in(
    target: Path, content: bytes, there: os.stat_result | None, expected: bytes | None, mode: int = 0o666
) -> None:
    if there is not None:
        require_regular(target, there)
        if there.st_nlink > 1:
            raise FileTrouble(
                target, f"has {there.st_nlink} hard links, which replacing it would part; write to another path with -o"
            )
        if not os.access(target, os.W_OK):
            raise FileTrouble(target, "is read-only")
        mode = stat.S_IMODE(there.st_mode)
    temporary = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.nnflip")
    try:
        _write_synced(temporary, content, mode, there)
        if expected is not None and read_bytes(target) != expected:
            raise FileTrouble(target, CHANGED)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_directory(target.parent)


def _write_synced(temporary: Path, content: bytes, mode: int, there: os.stat_result | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o600)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if there is not None and hasattr(os, "fchown"):
            made = os.fstat(descriptor)
            if (made.st_uid, made.st_gid) != (there.st_uid, there.st_gid):
                os.fchown(descriptor, there.st_uid, there.st_gid)
        os.chmod(temporary, mode)  # after fchown, which clears the set-user bits
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_directory(directory: Path) -> None:
    """Make the rename itself last; a file system that cannot sync a directory has done what it can."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
