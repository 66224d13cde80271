"""`nnflip check`: hazards and kept sites, as a linter tells them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ..outcome import STYLES
from .choices import did_you_mean, one_of
from .convert import Paths

if TYPE_CHECKING:
    from ..batch.one import Checked, Job
    from ..diagnostics import Diagnostic
    from ..outcome import Style

To = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="STYLE", callback=one_of(STYLES), help="Also tell what a conversion to this style would keep."
    ),
]
FORMAT_NAMES = ("text", "json", "sarif", "github")

Format = Annotated[
    str, typer.Option("--format", metavar="FORMAT", callback=one_of(FORMAT_NAMES), help=", ".join(FORMAT_NAMES) + ".")
]
Select = Annotated[
    list[str] | None, typer.Option("--select", metavar="CODES", help="Only these codes, beginnings of codes, or slugs.")
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="CODES", help="All but these.")]


def check(paths: Paths, to: To = None, format: Format = "text", select: Select = None, ignore: Ignore = None) -> None:
    """Find code that does not do what it seems to, as a linter.

    Hazards (code that runs but does not do what its author thinks) and, with --to, the sites that convert would keep.

    Exit code: 0 nothing found; 1 something found; 2 a file could not be read.
    """
    raise typer.Exit(
        _run(paths, cast("Style | None", to), format, _words("--select", select), _words("--ignore", ignore))
    )


def _run(paths: list[Path], to: Style | None, format: str, select: Sequence[str], ignore: Sequence[str]) -> int:
    from ..batch.many import run_all
    from ..batch.one import Failure, check_job
    from ..report.lint import FORMATS
    from ..report.paint import paint_for
    from .exits import DONE, FAILED, FOUND
    from .gather import gather
    from .screen import complain, put, say, with_progress

    gathered = gather(paths)
    failures = list(gathered.failures)
    findings: list[tuple[str, Diagnostic]] = []
    results = with_progress(run_all(partial(check_job, to=to), gathered.jobs), len(gathered.jobs), "checking")
    for job, result in zip(gathered.jobs, results, strict=True):
        if isinstance(result, Failure):
            failures.append(result)
        else:
            findings.extend((job.name, found) for found in _chosen(result, select, ignore))
    put(FORMATS[format](findings, paint_for(sys.stdout)))
    for failure in failures:
        complain(failure.line, failure.details)
    if format == "text":
        say(_total(gathered.jobs, findings))
    return FAILED if failures else FOUND if findings else DONE


def _chosen(result: Checked, select: Sequence[str], ignore: Sequence[str]) -> list[Diagnostic]:
    ordered = sorted(result.found, key=lambda found: (found.line, found.column, found.code))
    return [found for found in ordered if (not select or _is_named(found, select)) and not _is_named(found, ignore)]


def _is_named(found: Diagnostic, words: Sequence[str]) -> bool:
    return any(found.code.startswith(word) or found.slug == word for word in words)


def _words(option: str, values: list[str] | None) -> list[str]:
    """The codes and slugs of an option, comma-separated or repeated; a word that names no code is refused."""
    words = [word.strip() for value in values or () for word in value.split(",") if word.strip()]
    if not words:
        return []
    from ..diagnostics import CODES

    slugs = {row.slug for row in CODES.values()}
    found = []
    for word in words:
        code = word.upper()
        if word.lower() in slugs:
            found.append(word.lower())
        elif any(each.startswith(code) for each in CODES):
            found.append(code)
        else:
            hint = did_you_mean(word, [*CODES, *slugs])
            raise typer.BadParameter(f"{option} {word}: no such code{hint}")
    return found


def _total(jobs: Sequence[Job], findings: Sequence[object]) -> str:
    files = f"{len(jobs)} file{'' if len(jobs) == 1 else 's'}"
    return f"{files} checked, {len(findings)} found" if findings else f"{files} checked, nothing found"
