"""Options that convert and check share, and `--watch`: run, wait until a file changes, run again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

STDIN = Path("-")
INTERVAL = 0.5

StdinFilename = Annotated[
    Path | None,
    typer.Option("--stdin-filename", metavar="FILE", help="What standard input is called; its configuration holds."),
]
Watch = Annotated[bool, typer.Option("--watch", help="Run again whenever a file changes, until Ctrl-C.")]
Rounds = Annotated[int, typer.Option("--watch-rounds", hidden=True, help="End after so many runs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say something about every file.")]

Stamps = Mapping[Path, tuple[int, int]]


def refuse_misuse(
    paths: Sequence[Path], stdin_filename: Path | None, *, watch: bool, quiet: bool, verbose: bool
) -> None:
    """Ways to combine the shared options that cannot be meant."""
    reads_stdin = STDIN in paths
    if reads_stdin and len(paths) > 1:
        raise typer.BadParameter("- (standard input) cannot be combined with other paths")
    if stdin_filename is not None and not reads_stdin:
        raise typer.BadParameter("--stdin-filename names what is read from -, and no path is -")
    if watch and reads_stdin:
        raise typer.BadParameter("--watch needs files; standard input does not change")
    if quiet and verbose:
        raise typer.BadParameter("--quiet and --verbose exclude each other")


def watched(
    run: Callable[[], int],
    paths: Sequence[Path],
    *,
    rounds: int = 0,
    apart_from: Path | None = None,
    writes: bool = False,
    wait: Callable[[], None] = lambda: time.sleep(INTERVAL),
) -> int:
    """Run now and after every change, `rounds` times (0: until Ctrl-C); the last run's exit code.

    `writes`: the run changes the files itself, which is no reason to run again.
    """
    from .screen import say

    done = 0
    while True:
        before = _stamps(paths, apart_from)
        code = run()
        done += 1
        if done == rounds:
            return code
        say("watching for changes, Ctrl-C ends")
        before = _stamps(paths, apart_from) if writes else before
        after = _stamps(paths, apart_from)
        while after == before:
            wait()
            after = _stamps(paths, apart_from)
        changed = sorted(str(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        say(f"changed: {', '.join(changed[:3])}" + (f" and {len(changed) - 3} more" if len(changed) > 3 else ""))


def _stamps(paths: Sequence[Path], apart_from: Path | None) -> Stamps:
    """Time of change and size of every file that the paths mean now."""
    from ..files.discover import discover

    found: dict[Path, tuple[int, int]] = {}
    for each in discover(paths, apart_from=apart_from).files:
        try:
            status = each.path.stat()
        except OSError:
            continue  # gone between the search and now: it is missing from the answer, which is a change
        found[each.path] = (status.st_mtime_ns, status.st_size)
    return found
