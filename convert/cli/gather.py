"""The paths of a command line become jobs: discovery, reading, standard input, and a line for every path that fails."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from ..batch.one import Failure, Job
from ..files.discover import Found, discover
from ..files.read import MAX_BYTES, read_bytes
from ..files.settings import BadSettings, settings_for
from ..files.trouble import FileTrouble

STDIN = Path("-")


@dataclass(frozen=True)
class Gathered:
    """The jobs and where each comes from (None: standard input), in step; and what could not even be read."""

    jobs: tuple[Job, ...]
    origins: tuple[Found | None, ...]
    failures: tuple[Failure, ...]


def gather(paths: list[Path], *, apart_from: Path | None = None) -> Gathered:
    """Read everything the paths mean."""
    if paths == [STDIN]:
        return _standard_input()
    failures: list[Failure] = []
    excludes: list[str] = []
    try:
        excludes.extend(settings_for(paths[0]).exclude)
    except BadSettings as error:
        failures.append(Failure(str(error)))
    discovery = discover(paths, exclude=excludes, apart_from=apart_from)
    failures.extend(Failure(str(trouble)) for trouble in discovery.troubles)
    jobs: list[Job] = []
    origins: list[Found | None] = []
    for found in discovery.files:
        try:
            jobs.append(Job(str(found.path), read_bytes(found.path), found.named))
            origins.append(found)
        except FileTrouble as trouble:
            failures.append(Failure(str(trouble)))
    return Gathered(tuple(jobs), tuple(origins), tuple(failures))


def _standard_input() -> Gathered:
    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        return Gathered((), (), (Failure(f"<stdin>: is larger than {MAX_BYTES >> 20} MB"),))
    return Gathered((Job("<stdin>", raw),), (None,), ())
