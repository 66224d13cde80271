"""Many jobs in order, on all cores where that pays; a file that kills its process costs only itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from ..files.quick import may_concern
from .one import Failure, Job

# Starting processes and importing the engine in them costs about as much as converting this many files.
WORTHWHILE = 20

T = TypeVar("T")


def run_all(work: Callable[[Job], T], jobs: Sequence[Job]) -> Iterator[T | Failure]:
    """`work(job)` for every job, in order. `work` must be picklable."""
    workers = min(_cores(), len(jobs))
    if workers > 1 and sum(may_concern(job.raw) for job in jobs) > WORTHWHILE:
        with ProcessPoolExecutor(workers, initializer=_end_at_once) as pool:
            try:
                yield from _on_pool(pool, work, jobs)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    else:
        yield from map(work, jobs)


def _on_pool(pool: Executor, work: Callable[[Job], T], jobs: Sequence[Job]) -> Iterator[T | Failure]:
    waiting: list[Future[T]] = [pool.submit(work, job) for job in jobs]
    for job, future in zip(jobs, waiting, strict=True):
        try:
            yield future.result()
        except BrokenProcessPool:
            yield _alone(work, job)


def _end_at_once() -> None:
    """Ctrl-C reaches every process of the terminal: a worker writes no files and has nothing to say about it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _alone(work: Callable[[Job], T], job: Job) -> T | Failure:
    """The pool broke on some file: find out about this one in a process of its own."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(work, job).result()
        except BrokenProcessPool:
            return Failure(f"{job.name}: the process that worked on it died; please report this as a bug of nnflip")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
