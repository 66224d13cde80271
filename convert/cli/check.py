"""`nnflip check`: hazards and kept sites, as a linter tells them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import typer

from ..outcome import STYLES, Style
from .choices import one_of
from .convert import Paths
from .watch import Quiet, Rounds, StdinFilename, Verbose, Watch, refuse_misuse, watched

To = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="STYLE", callback=one_of(STYLES), help="Also tell what a conversion to this style would keep."
    ),
]
FORMAT_NAMES = ("text", "json", "sarif", "github", "junit")

Format = Annotated[
    str, typer.Option("--format", metavar="FORMAT", callback=one_of(FORMAT_NAMES), help=", ".join(FORMAT_NAMES) + ".")
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODES", help="Only these codes, beginnings of codes, or slugs."),
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="CODES", help="All but these.")]
Statistics = Annotated[bool, typer.Option("--statistics", help="Tell how often each code was found, and nothing else.")]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="Tell only what this baseline does not know.")
]
WriteBaseline = Annotated[
    Path | None, typer.Option("--write-baseline", metavar="FILE", help="Write what is found as a baseline.")
]
ForceExclude = Annotated[
    bool, typer.Option("--force-exclude", help="Pass over what the configuration excludes, even if it is named.")
]


def check(
    paths: Paths,
    to: To = None,
    format: Format = "text",
    select: Select = None,
    ignore: Ignore = None,
    statistics: Statistics = False,
    baseline: Baseline = None,
    write_baseline: WriteBaseline = None,
    stdin_filename: StdinFilename = None,
    force_exclude: ForceExclude = False,
    watch: Watch = False,
    watch_rounds: Rounds = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Find code that does not do what it seems to, as a linter.

    Hazards (code that runs but does not do what its author thinks) and, with --to, the sites that convert would keep.
    A comment # nnflip: ignore[CODE] silences its line; \\[tool.nnflip] of pyproject.toml has select, ignore and
    per-file-ignores.

    Exit code: 0 nothing found, or the baseline was written; 1 something found; 2 a file could not be read.
    """
    from .check_run import Request, run

    refuse_misuse(paths, stdin_filename, watch=watch, quiet=quiet, verbose=verbose)
    if baseline is not None and write_baseline is not None:
        raise typer.BadParameter("--baseline and --write-baseline exclude each other")
    if statistics and format not in ("text", "json"):
        raise typer.BadParameter(f"--statistics has the formats text and json, not {format}")
    request = Request(
        paths=tuple(paths),
        to=cast("Style | None", to),
        format=format,
        select=None if select is None else _words("--select", select),
        ignore=None if ignore is None else _words("--ignore", ignore),
        statistics=statistics,
        baseline=baseline,
        write_baseline=write_baseline,
        stdin_name=stdin_filename,
        force_exclude=force_exclude,
        quiet=quiet,
        verbose=verbose,
    )
    raise typer.Exit(watched(lambda: run(request), paths, rounds=watch_rounds) if watch else run(request))


def _words(option: str, values: Sequence[str]) -> tuple[str, ...]:
    from ..diagnostics.words import UnknownCode, code_words

    try:
        return code_words(values)
    except UnknownCode as error:
        raise typer.BadParameter(f"{option} {error}") from None
