"""`nnflip convert`: rewrite files from one style to the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ..outcome import EXPANDS, FIXES, GOALS, INIT_MODES, STYLES
from .choices import one_of, some_of
from .watch import Quiet, Rounds, StdinFilename, Verbose, Watch, refuse_misuse, watched

if TYPE_CHECKING:
    from .conversion_run import Request

Paths = Annotated[list[Path], typer.Argument(metavar="PATH", help="Files or directories; - reads standard input.")]
To = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="STYLE", callback=one_of(STYLES), help=f"The style to convert to: {', '.join(STYLES)}."
    ),
]
For = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="GOAL",
        callback=one_of(GOALS),
        help="What it is for, not a style: quantize, hooks, summary (each call its own module), func (as --to pure).",
    ),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the one result to this file.")]
OutDir = Annotated[
    Path | None,
    typer.Option("--out-dir", metavar="DIR", help="Write every file, changed or not, below this directory."),
]
Write = Annotated[bool, typer.Option("--write", "-w", help="Write the results over the files.")]
AllowDirty = Annotated[
    bool, typer.Option("--allow-dirty", help="Write over files although git has uncommitted changes of them.")
]
Diff = Annotated[bool, typer.Option("--diff", help="Print the change instead of the result.")]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write what was done, the state map included, as JSON.")
]
Verify = Annotated[
    bool, typer.Option("--verify", help="Run both versions on the same numbers before anything is written.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Write nothing if any site has to be kept.")]
Init = Annotated[
    str,
    typer.Option(
        "--init",
        metavar="MODE",
        callback=one_of(INIT_MODES),
        help="Initial values under --to module: keep the deliberate ones, exact to the bit, or PyTorch's default.",
    ),
]
Sequential = Annotated[bool, typer.Option("--sequential", help="Fold straight chains of layers into nn.Sequential.")]
Compat = Annotated[
    bool, typer.Option("--compat", help="Have the converted classes load checkpoints from before the conversion too.")
]
NamesFrom = Annotated[
    Path | None,
    typer.Option(
        "--names-from",
        metavar="R.json",
        help="Give back the names from before the conversion of this report, so that there and back is the same file.",
    ),
]
Respell = Annotated[
    bool,
    typer.Option(
        "--respell", help="Also make nn.Linear of x @ w + b and its like: the same up to rounding, weight transposed."
    ),
]
Expand = Annotated[
    list[str] | None,
    typer.Option(
        "--expand",
        metavar="LAYERS",
        callback=some_of(EXPANDS),
        help="Under --to functional or pure, also write out, step by step, layers without a function: rnn.",
    ),
]
Fix = Annotated[
    list[str] | None,
    typer.Option(
        "--fix", metavar="HAZARD", callback=some_of(FIXES), help="Also mend a hazard, which changes behaviour: dropout."
    ),
]


def convert(
    paths: Paths,
    to: To = None,
    goal: For = None,
    out: Out = None,
    out_dir: OutDir = None,
    write: Write = False,
    diff: Diff = False,
    report: Report = None,
    verify: Verify = False,
    strict: Strict = False,
    init: Init = "keep",
    sequential: Sequential = False,
    fix: Fix = None,
    compat: Compat = False,
    names_from: NamesFrom = None,
    respell: Respell = False,
    expand: Expand = None,
    allow_dirty: AllowDirty = False,
    stdin_filename: StdinFilename = None,
    watch: Watch = False,
    watch_rounds: Rounds = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Rewrite model source from one style to the other.

    One file without a destination is printed on stdout. Nothing is overwritten without --write, --out or --out-dir.
    What cannot be rewritten exactly stays as it is, and is listed with its reason.

    Exit code: 0 done; 1 done, but something was kept; 2 could not do it; 3 done, but --verify came to no verdict.
    """
    from ..outcome import Expand as ExpandName
    from ..outcome import Fix as FixName
    from ..outcome import Goal, InitMode, Options, Style
    from .conversion_run import Request, run

    options = Options(
        to=cast(Style, _style(to, goal)),
        goal=cast("Goal | None", goal),
        init=cast(InitMode, init),
        strict=strict,
        sequential=sequential,
        fix=frozenset(cast(list[FixName], fix or [])),
        compat=compat,
        restore=_names_before(names_from),
        respell=respell,
        expand=frozenset(cast(list[ExpandName], expand or [])),
    )
    refuse_misuse(paths, stdin_filename, watch=watch, quiet=quiet, verbose=verbose)
    request = Request(
        tuple(paths),
        options,
        out,
        out_dir,
        write,
        diff,
        report,
        verify,
        allow_dirty,
        stdin_name=stdin_filename,
        quiet=quiet,
        verbose=verbose,
    )
    _refuse_nonsense(request)
    if not watch:
        raise typer.Exit(run(request))
    writes = write or out is not None
    raise typer.Exit(watched(lambda: run(request), paths, rounds=watch_rounds, apart_from=out_dir, writes=writes))


def _names_before(report: Path | None) -> dict[str, dict[str, str]]:
    """Model → state key now → the name it had before the conversion that a report tells of."""
    if report is None:
        return {}
    from ..report.document import BadReport, state_maps

    try:
        maps = state_maps(report.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"--names-from {report}: {error.strerror or error}") from None
    except BadReport as error:
        raise typer.BadParameter(f"--names-from {report}: {error}") from None
    return {model: {move.key: old for old, move in moves.items()} for model, moves in maps.items()}


def _style(to: str | None, goal: str | None) -> str:
    """The style asked for; a goal is reached in module style, but for torch.func."""
    if to is None and goal is None:
        raise typer.BadParameter(f"say which style: --to {', --to '.join(STYLES)}; or what for: --for GOAL")
    style = "pure" if goal == "func" else "module"
    if goal is not None and to not in (None, style):
        raise typer.BadParameter(f"--for {goal} means --to {style}, not --to {to}")
    return to or style


def _refuse_nonsense(request: Request) -> None:
    """Ways to call the command that cannot be meant."""
    destinations = [
        name
        for name, given in (("--out", request.out), ("--out-dir", request.out_dir), ("--write", request.write))
        if given
    ]
    if len(destinations) > 1:
        raise typer.BadParameter(f"{' and '.join(destinations)} exclude each other")
    if request.options.expand and request.options.to not in ("functional", "pure"):
        raise typer.BadParameter(f"--expand goes with --to functional or --to pure, not with --to {request.options.to}")
    if request.options.compat and request.options.to == "pure":
        raise typer.BadParameter("--compat is for classes that load checkpoints; --to pure writes functions")
    paths = [str(path) for path in request.paths]
    if paths == ["-"] and destinations and not request.out:
        raise typer.BadParameter(f"{destinations[0]} needs files; standard input goes to standard output or to --out")
    several = len(paths) > 1 or any(path.is_dir() for path in request.paths)
    if several and not request.write and not request.out_dir and not request.diff:
        cure = "--write, --out-dir DIR, or --diff to look at the changes only"
        given = "--out takes one file; several files need" if request.out else "several files need a destination:"
        raise typer.BadParameter(f"{given} {cure}")
    for name, path in (("--out", request.out), ("--report", request.report)):
        if path is not None and not path.parent.is_dir():
            raise typer.BadParameter(f"the directory of {name} {path} does not exist")
    if request.out is not None and request.out.is_dir():
        raise typer.BadParameter(f"--out {request.out} is a directory; use --out-dir")
    if request.report is not None and request.report.suffix == ".py":
        raise typer.BadParameter(f"--report {request.report}: the report is JSON, and would replace a Python file")
