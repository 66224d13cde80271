"""The run of `nnflip check`: read all, check all, leave out what nobody wants to hear, and tell the rest."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..batch.many import run_all
from ..batch.one import Checked, Failure, check_job
from ..check.baseline import BadBaseline, Known, dump, known_of, load, split
from ..diagnostics import Diagnostic
from ..diagnostics.words import is_chosen, is_named
from ..files.read import read_bytes
from ..files.settings import Settings
from ..files.trouble import FileTrouble
from ..files.write import create_file
from ..outcome import Style
from ..report.lint import FORMATS, STATISTICS
from ..report.paint import paint_for
from .exits import DONE, FAILED, FOUND
from .gather import Gathered, gather
from .screen import complain, put, say, with_progress


@dataclass(frozen=True)
class Request:
    """What the command line asks for; `select` and `ignore` are None where the configuration decides."""

    paths: tuple[Path, ...]
    to: Style | None = None
    format: str = "text"
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    statistics: bool = False
    baseline: Path | None = None
    write_baseline: Path | None = None
    stdin_name: Path | None = None
    force_exclude: bool = False
    quiet: bool = False
    verbose: bool = False


Findings = list[tuple[str, Diagnostic]]


def run(request: Request) -> int:
    """Carry out a request; the exit code."""
    try:
        known = _read_baseline(request.baseline)
    except FileTrouble as trouble:
        complain(str(trouble))
        return FAILED
    gathered = gather(list(request.paths), stdin_name=request.stdin_name, force_exclude=request.force_exclude)
    failures = list(gathered.failures)
    findings: Findings = []
    for name, result in _checked(request, gathered):
        if isinstance(result, Failure):
            failures.append(result)
            continue
        findings.extend((name, found) for found in result.found)
        if request.verbose:
            say(f"{name}: {len(result.found) or 'nothing'} found")
    if request.write_baseline is not None:
        return _written(request.write_baseline, findings, failures)
    findings, note = _unknown(request, findings, known)
    write = (STATISTICS if request.statistics else FORMATS)[request.format]
    put(write(findings, paint_for(sys.stdout), [failure.line for failure in failures]))
    _complain(failures)
    if request.format == "text" and not request.quiet:
        say(_total(len(gathered.jobs) - len(failures) + len(gathered.failures), len(findings)) + note)
    return FAILED if failures else FOUND if findings else DONE


def _checked(request: Request, gathered: Gathered) -> Iterator[tuple[str, Checked | Failure]]:
    """Every file with the findings that are to be told of it, in order of place."""
    work = partial(check_job, to=request.to)
    results = with_progress(run_all(work, gathered.jobs), len(gathered.jobs), "checking")
    for job, result in zip(gathered.jobs, results, strict=True):
        if isinstance(result, Failure):
            yield job.name, result
            continue
        settings = gathered.settings(job)
        kept = [found for found in result.found if _is_told(request, settings, Path(job.name), found)]
        yield job.name, Checked(tuple(sorted(kept, key=lambda found: (found.line, found.column, found.code))))


def _is_told(request: Request, settings: Settings, path: Path, found: Diagnostic) -> bool:
    """The command line's codes stand in for the configuration's; what is ignored for a file is ignored in any case."""
    select = settings.select if request.select is None else request.select
    ignore = settings.ignore if request.ignore is None else request.ignore
    return is_chosen(found, select, ignore) and not is_named(found, settings.ignored_in(path))


def _read_baseline(path: Path | None) -> Known | None:
    if path is None:
        return None
    try:
        return load(read_bytes(path).decode("utf-8"))
    except (BadBaseline, UnicodeDecodeError) as error:
        reason = str(error) if isinstance(error, BadBaseline) else "is not a baseline that nnflip wrote"
        raise FileTrouble(path, reason) from None


def _unknown(request: Request, findings: Findings, known: Known | None) -> tuple[Findings, str]:
    """The findings that the baseline does not know, and what is to be said of the others."""
    if known is None or request.baseline is None:
        return findings, ""
    new, gone = split(_named_from(request.baseline, findings), known)
    told = [each for each, is_new in zip(findings, new, strict=True) if is_new]
    note = f"; {len(findings) - len(told)} known from {request.baseline}"
    if gone:
        note += f", {gone} of its entries no longer found"
    return told, note


def _written(path: Path, findings: Findings, failures: list[Failure]) -> int:
    _complain(failures)
    try:
        create_file(path, dump(known_of(_named_from(path, findings))).encode())
    except FileTrouble as trouble:
        complain(str(trouble))
        return FAILED
    say(f"{path}: {len(findings)} known from now on")
    return FAILED if failures else DONE


def _named_from(baseline: Path, findings: Findings) -> Findings:
    """The findings with their files named from the baseline's directory: it is the same wherever it is read from."""
    base = os.path.abspath(baseline.parent)
    return [(Path(os.path.relpath(os.path.abspath(name), base)).as_posix(), found) for name, found in findings]


def _complain(failures: list[Failure]) -> None:
    for failure in failures:
        complain(failure.line, failure.details)


def _total(jobs: int, found: int) -> str:
    files = f"{jobs} file{'' if jobs == 1 else 's'}"
    return f"{files} checked, {found} found" if found else f"{files} checked, nothing found"
