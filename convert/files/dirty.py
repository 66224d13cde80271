"""Asks git which files hold work that git could not give back."""

from __future__ import annotations

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_SECONDS = 60
_AT_ONCE = 500


def dirty_files(paths: Iterable[Path]) -> list[Path]:
    """Those of the paths that lie in a git work tree and are modified or untracked there, in the order given.

    Without git, outside a work tree, or where git does not answer, nothing is dirty.
    """
    trees: dict[Path, list[Path]] = defaultdict(list)
    given = list(paths)
    for path in given:
        real = Path(os.path.realpath(path))
        root = next((above for above in real.parents if (above / ".git").exists()), None)
        if root is not None:
            trees[root].append(real)
    dirty = {path for root, files in trees.items() for path in _ask(root, files)}
    return [path for path in given if Path(os.path.realpath(path)) in dirty]


def _ask(root: Path, files: list[Path]) -> set[Path]:
    # fsmonitor names a program to run; locks would disturb a git that the user runs at the same time.
    command = ["git", "--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-C", str(root)]
    command += ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--"]
    found: set[Path] = set()
    for first in range(0, len(files), _AT_ONCE):
        names = [str(path.relative_to(root)) for path in files[first : first + _AT_ONCE]]
        try:
            done = subprocess.run([*command, *names], capture_output=True, timeout=_SECONDS, check=True)
        except (OSError, ValueError, subprocess.SubprocessError):
            return set()
        found |= {root / os.fsdecode(row[3:]) for row in done.stdout.split(b"\0") if row}
    return found
