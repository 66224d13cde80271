"""The exit codes, which mean the same for every command."""

from __future__ import annotations

from collections.abc import Iterable

DONE = 0
FOUND = 1  # done, but something was kept, differs or was found
FAILED = 2  # could not do it
UNDECIDED = 3  # verification did not come to a verdict

_GRAVEST_FIRST = (FAILED, UNDECIDED, FOUND)


def gravest(codes: Iterable[int]) -> int:
    """One exit code for many outcomes."""
    seen = set(codes)
    return next((code for code in _GRAVEST_FIRST if code in seen), DONE)
