"""All files of a run through the engine, each with what the others do to its classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from ..outcome import Options
from .many import run_all
from .one import Converted, Failure, Job, convert_job, facts_job

Results = Iterable[Converted | Failure]


def convert_all(
    jobs: Sequence[Job], options: Options, watch: Callable[[Results], Results] = iter
) -> Iterator[Converted | Failure]:
    """Convert every file, in order; `watch` sees the results go by, for a progress bar.

    A file that changes is converted once more if other files reach its classes, so that what they rely on is kept.
    """
    results = list(watch(run_all(partial(convert_job, options=options), jobs)))
    changed = [index for index, each in enumerate(results) if isinstance(each, Converted) and each.conversion.changed]
    if len(jobs) > 1 and changed:
        from ..together import elsewhere_of

        read = {job.name: each for job, each in zip(jobs, run_all(facts_job, jobs), strict=True)}
        facts = {name: each for name, each in read.items() if not isinstance(each, Failure)}
        elsewhere = elsewhere_of(facts, [jobs[index].name for index in changed])
        for index in changed:
            if found := elsewhere[jobs[index].name]:
                results[index] = convert_job(jobs[index], options, found)
    yield from results
