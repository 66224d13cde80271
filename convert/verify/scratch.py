"""Scratch directories of confined processes: held by a lock while in use, swept away when their owner was killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

PREFIX = "nnflip-verify-"
_YOUNG_SECONDS = 60.0  # between its making and its locking a directory looks abandoned


def held(folder: str) -> int | None:
    """Locks a directory; the kernel lets go when this process ends, however it ends. None where it cannot be locked."""
    try:
        import fcntl
    except ImportError:
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def release(descriptor: int | None) -> None:
    """Lets go of what `held` locked."""
    if descriptor is not None:
        os.close(descriptor)


@cache
def sweep() -> None:
    """Removes, once per process, our user's scratch directories whose owners are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            status = folder.lstat()
            old = time.time() - status.st_mtime > _YOUNG_SECONDS
            if old and folder.is_dir() and not folder.is_symlink() and status.st_uid == os.getuid():
                _swept(folder)


def _swept(folder: Path) -> None:
    descriptor = held(str(folder))
    if descriptor is not None:
        remove_tree(str(folder))
        os.close(descriptor)


def remove_tree(folder: str) -> None:
    """Removes the folder even if a file in it was made unreadable."""
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.isdir(folder):
        for path in Path(folder).rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)
