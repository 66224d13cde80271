"""What stands before files are overwritten: work that is not committed is not touched, and old bytes are remembered."""

from __future__ import annotations

from collections.abc import Sequence

from ..files.dirty import dirty_files
from ..files.journal import Change, remember
from ..files.trouble import FileTrouble
from .screen import complain, say

_SHOWN = 3


def may_overwrite(changes: Sequence[Change], *, allow_dirty: bool) -> bool:
    """Whether the files may be replaced; if so, their old bytes are in the journal, or the user was told why not."""
    dirty = [] if allow_dirty else dirty_files(change.path for change in changes)
    if dirty:
        more = f" and {len(dirty) - _SHOWN} more" if len(dirty) > _SHOWN else ""
        names = ", ".join(str(path) for path in dirty[:_SHOWN])
        cure = "commit first, or say --allow-dirty"
        complain(f"nothing was written: git has uncommitted changes of {names}{more}; {cure}")
        return False
    try:
        remember(changes)
    except FileTrouble as trouble:
        say(f"note: nnflip undo will not know of this run ({trouble})")
    return True
