"""`nnflip undo`: give back what `convert --write` replaced."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..files.journal import Kept, Run

Paths = Annotated[
    list[Path] | None, typer.Argument(metavar="PATH", help="Files or directories; without any, this directory.")
]
Listed = Annotated[bool, typer.Option("--list", help="Say which runs can be undone, and undo nothing.")]


def undo(paths: Paths = None, list: Listed = False) -> None:
    """Restore files as they were before the last convert --write.

    The last run that wrote to one of the paths is undone, as far as its files lie there; once more undoes the run
    before it. A file that has changed since is never touched: then nothing at all is restored.

    Exit code: 0 done; 1 nothing to undo; 2 could not do it.
    """
    from ..files.journal import runs
    from .exits import DONE, FOUND
    from .screen import say

    wanted = [os.path.realpath(path) for path in paths or [Path()]]
    found = [(run, files) for run in runs() if (files := _below(run, wanted))]
    if list:
        say(*(_described(run, files) for run, files in found))
    if not found:
        say("nothing to undo here: no convert --write is remembered for it")
        raise typer.Exit(FOUND)
    raise typer.Exit(DONE if list else _undo(*found[0]))


def _below(run: Run, wanted: Sequence[str]) -> list[Kept]:
    return [
        kept
        for kept in run.files
        if any(str(kept.path) == each or str(kept.path).startswith(each.rstrip(os.sep) + os.sep) for each in wanted)
    ]


def _described(run: Run, files: Sequence[Kept]) -> str:
    from datetime import datetime

    when = datetime.fromtimestamp(run.when).strftime("%Y-%m-%d %H:%M:%S")
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return f"{when}  {', '.join(os.path.relpath(kept.path) for kept in files[:3])}{more}"


def _undo(run: Run, files: Sequence[Kept]) -> int:
    """Restore all of the files or none."""
    from ..files.journal import forget, old_bytes, still_as_written
    from ..files.read import read_bytes
    from ..files.trouble import FileTrouble
    from ..files.write import CHANGED, replace_file
    from .exits import DONE, FAILED
    from .screen import complain, say

    try:
        states = {kept: still_as_written(kept) for kept in files}
        edited = [kept for kept, as_written in states.items() if as_written is False]
        for kept in edited:
            complain(f"{os.path.relpath(kept.path)}: has changed since nnflip wrote it; nothing was restored")
        if edited:
            return FAILED
        todo = {kept: (read_bytes(kept.path, limit=None), old_bytes(kept)) for kept, mine in states.items() if mine}
        done = 0
        for kept, (current, old) in todo.items():
            if still_as_written(kept) is not True:
                raise FileTrouble(kept.path, CHANGED)
            replace_file(kept.path, old, expected=current)
            done += 1
    except FileTrouble as trouble:
        complain(str(trouble))
        return FAILED
    forget(run, files)
    say(f"{done} file{'' if done == 1 else 's'} restored" if done else "the files already hold their old content")
    return DONE
