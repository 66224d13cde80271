"""The run of `nnflip convert`: read all, convert all, verify, and only then write; a file that fails stops no other."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from ..batch.deep_stack import run_deep
from ..batch.one import Converted, Failure, Job
from ..batch.together import convert_all
from ..files.discover import Found
from ..files.journal import Change
from ..files.trouble import FileTrouble, reason_of
from ..files.write import create_file, replace_file
from ..outcome import Options
from ..report.differences import unified
from ..report.document import document, dump
from ..report.paint import clean, paint_for
from ..report.side_by_side import room, side_by_side
from ..report.summary import brief, cures, details, total
from .exits import DONE, FAILED, FOUND, UNDECIDED, gravest
from .gather import Gathered, gather
from .overwrite import may_overwrite
from .proof import Proof, prove
from .screen import complain, put, put_bytes, say, stderr_paint, with_progress


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    paths: tuple[Path, ...]
    options: Options
    out: Path | None = None
    out_dir: Path | None = None
    write: bool = False
    diff: bool = False
    report: Path | None = None
    verify: bool = False
    allow_dirty: bool = False
    stdin_name: Path | None = None
    quiet: bool = False
    verbose: bool = False


@dataclass(frozen=True)
class _Outcome:
    """One file's way through the run; `proof` is there if it was verified."""

    job: Job
    origin: Found | None
    result: Converted | Failure
    proof: Proof = field(default_factory=Proof)

    @property
    def code(self) -> int:
        if isinstance(self.result, Failure):
            return FAILED
        kept = FOUND if self.result.conversion.all_kept else DONE
        return gravest((kept, self.proof.code))


def run(request: Request) -> int:
    """Carry out a request; the exit code."""
    gathered = gather(list(request.paths), apart_from=request.out_dir, stdin_name=request.stdin_name)
    outcomes = list(_converted(request, gathered))
    if request.verify:
        waiting = with_progress(outcomes, len(outcomes), "verifying")
        outcomes = [_verified(each, request.options) for each in waiting]
    refused = request.options.strict and any(each.code != DONE for each in outcomes)
    unready = not refused and not may_overwrite(_changes(outcomes, request), allow_dirty=request.allow_dirty)
    if not refused and not unready:
        outcomes = [_delivered(each, request) for each in outcomes]
    failed = _reported(outcomes, request)
    _summarise(outcomes, gathered, request)
    if refused:
        complain("nothing was written: --strict, and not every site could be converted")
    if not outcomes and not gathered.failures and not request.quiet:
        say("no Python files here")
    codes = [each.code for each in outcomes]
    return FAILED if refused or unready or failed or gathered.failures else gravest(codes)


def _converted(request: Request, gathered: Gathered) -> Iterator[_Outcome]:
    progress = partial(with_progress, number=len(gathered.jobs), what="converting")
    results = convert_all(gathered.jobs, request.options, progress)
    for job, origin, result in zip(gathered.jobs, gathered.origins, results, strict=True):
        yield _Outcome(job, origin, result)


def _verified(outcome: _Outcome, options: Options) -> _Outcome:
    result = outcome.result
    if isinstance(result, Failure) or not result.conversion.changed:
        return outcome
    proof = prove(outcome.job, outcome.origin.path if outcome.origin else None, result)
    if proof.differs and not options.fix:
        line = f"{outcome.job.name}: the result behaves differently ({proof.said}) and was not written"
        return replace(outcome, result=Failure(line), proof=proof)
    return replace(outcome, proof=proof)


def _delivered(outcome: _Outcome, request: Request) -> _Outcome:
    """Write or print one result; an outcome that says so if that fails."""
    result = outcome.result
    if isinstance(result, Failure):
        return outcome
    try:
        if request.diff and result.content != outcome.job.raw:
            _print_diff(outcome.job, result)
        _destination(outcome, request)(result.content)
    except FileTrouble as trouble:
        return replace(outcome, result=Failure(str(trouble)))
    return outcome


def _changes(outcomes: Sequence[_Outcome], request: Request) -> list[Change]:
    """The files that are about to be replaced."""
    found: list[Change] = []
    for each in outcomes:
        if isinstance(each.result, Failure) or each.origin is None or each.result.content == each.job.raw:
            continue
        itself = request.out is not None and request.out.exists() and request.out.samefile(each.origin.path)
        if request.write or itself:
            found.append(Change(each.origin.path, each.job.raw, each.result.content))
    return found


def _destination(outcome: _Outcome, request: Request) -> Callable[[bytes], None]:
    """What to do with the bytes of a result."""
    origin, raw = outcome.origin, outcome.job.raw
    if request.out is not None:
        if origin is not None and request.out.exists() and request.out.samefile(origin.path):
            return partial(replace_file, request.out, expected=raw)
        return partial(create_file, request.out, mode=_mode_of(origin))
    if request.out_dir is not None and origin is not None:
        return partial(_write_below, request.out_dir, origin, _common_root(request.paths))
    if request.write and origin is not None:
        return partial(_overwrite, origin.path, raw)
    return _nothing if request.diff else put_bytes


def _nothing(content: bytes) -> None:
    """The diff was the result."""


def _overwrite(path: Path, raw: bytes, content: bytes) -> None:
    if content != raw:
        replace_file(path, content, expected=raw)


def _write_below(out_dir: Path, origin: Found, root: Path, content: bytes) -> None:
    target = out_dir / os.path.relpath(os.path.abspath(origin.path), root)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and target.samefile(origin.path):
            raise FileTrouble(target, "would be written over its own source; --write does that")
    except OSError as error:
        raise FileTrouble(target, f"cannot write: {reason_of(error)}") from None
    create_file(target, content, mode=_mode_of(origin))


def _common_root(paths: tuple[Path, ...]) -> Path:
    """The directory that results below --out-dir are named from: the one searched, or the nearest that holds all."""
    roots = [os.path.abspath(path if path.is_dir() else path.parent) for path in paths]
    return Path(os.path.commonpath(roots))


def _mode_of(origin: Found | None) -> int:
    return stat.S_IMODE(os.stat(origin.path).st_mode) if origin else 0o666


def _print_diff(job: Job, result: Converted) -> None:
    old, new = job.raw.decode(result.encoding), result.content.decode(result.encoding)
    name, paint, width = clean(job.name).lstrip("/"), paint_for(sys.stdout), room()
    put(side_by_side(old, new, name, width, paint) if width else unified(old, new, name, paint), result.encoding)


def _reported(outcomes: list[_Outcome], request: Request) -> bool:
    """Write the report if one was asked for; whether that failed."""
    if request.report is None:
        return False
    entries = [
        (each.job.name, each.result.line if isinstance(each.result, Failure) else each.result.conversion)
        for each in outcomes
    ]
    try:
        if any(
            each.origin and request.report.exists() and request.report.samefile(each.origin.path) for each in outcomes
        ):
            raise FileTrouble(request.report, "is a file to be converted; the report was not written over it")
        create_file(request.report, dump(run_deep(lambda: document(entries))))
    except FileTrouble as trouble:
        complain(str(trouble))
        return True
    return False


def _summarise(outcomes: list[_Outcome], gathered: Gathered, request: Request) -> None:
    paint = stderr_paint()
    tell = details if len(outcomes) == 1 or request.verbose else brief
    failures = [*gathered.failures, *(each.result for each in outcomes if isinstance(each.result, Failure))]
    conversions = []
    for each in outcomes:
        if isinstance(each.result, Failure) or request.quiet:
            continue
        conversions.append(each.result.conversion)
        said = list(tell(clean(each.job.name), each.result.conversion, paint, dict(each.proof.verdicts)))
        say(*(said or ([f"{clean(each.job.name)}: nothing to convert"] if request.verbose else [])))
        if each.proof.code == UNDECIDED:
            say(f"  {paint.label('verdict  ', 'verdict')}  inconclusive: {each.proof.said}")
    for failure in failures:
        complain(failure.line, failure.details)
    if conversions:
        say(*cures(conversions, paint))
        say(paint(total(conversions, len(failures)), "dim"))
