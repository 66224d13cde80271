"""The paths of a command line become jobs: discovery, reading, standard input, and a line for every path that fails."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from ..batch.one import Failure, Job
from ..files.discover import Found, discover
from ..files.read import MAX_BYTES, read_bytes
from ..files.settings import Settings, SettingsBook
from ..files.trouble import FileTrouble

STDIN = Path("-")


@dataclass(frozen=True)
class Gathered:
    """The jobs and where each comes from (None: standard input), in step; and what could not even be read."""

    jobs: tuple[Job, ...]
    origins: tuple[Found | None, ...]
    failures: tuple[Failure, ...]
    book: SettingsBook = field(default_factory=SettingsBook)

    def settings(self, job: Job) -> Settings:
        """What the project of a job's file says; standard input belongs where it is said to come from."""
        return self.book.of(Path(job.name))


def gather(
    paths: list[Path], *, apart_from: Path | None = None, stdin_name: Path | None = None, force_exclude: bool = False
) -> Gathered:
    """Read everything the paths mean; `stdin_name` is what standard input is called.

    What a project excludes is read all the same where it is named, unless `force_exclude`.
    """
    if paths == [STDIN]:
        return _standard_input(str(stdin_name or "<stdin>"))
    book = SettingsBook()
    discovery = discover(paths, book=book, apart_from=apart_from)
    failures = [Failure(str(trouble)) for trouble in discovery.troubles]
    jobs: list[Job] = []
    origins: list[Found | None] = []
    for found in discovery.files:
        said = book.of(found.path)
        if force_exclude and said.excludes(found.path):
            continue
        try:
            jobs.append(Job(str(found.path), read_bytes(found.path), found.named, said.respell, said.expand))
            origins.append(found)
        except FileTrouble as trouble:
            failures.append(Failure(str(trouble)))
    failures.extend(Failure(str(trouble)) for trouble in book.troubles)
    return Gathered(tuple(jobs), tuple(origins), tuple(failures), book)


def _standard_input(name: str) -> Gathered:
    book = SettingsBook()
    said = book.of(Path(name))
    failures = tuple(Failure(str(trouble)) for trouble in book.troubles)
    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        return Gathered((), (), (*failures, Failure(f"{name}: is larger than {MAX_BYTES >> 20} MB")), book)
    return Gathered((Job(name, raw, True, said.respell, said.expand),), (None,), failures, book)
