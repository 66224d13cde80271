"""`nnflip diff`: the change that convert would make, or where two versions of a model differ."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from ..outcome import STYLES
from .choices import one_of
from .verify import Backend, Json, Map, Models, Timeout, named

A = Annotated[Path, typer.Argument(metavar="A", help="A file or directory; with B, the one version.")]
B = Annotated[Path | None, typer.Argument(metavar="B", help="The other version.")]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="STYLE",
        callback=one_of(STYLES),
        help="With one path: the style to convert to; recommended if left out.",
    ),
]

Html = Annotated[
    Path | None, typer.Option(metavar="OUT.html", help="With two paths: also write one page to look at in a browser.")
]


def diff(
    a: A,
    b: B = None,
    to: To = None,
    map: Map = None,
    model: Models = None,
    backend: Backend = "numpy",
    timeout: Timeout = 60.0,
    as_json: Json = False,
    html: Html = None,
) -> None:
    """Show the change that convert would make, or where two versions of a model part.

    With one path: the unified diff of convert. With two: both are run, and compared operation by operation.

    Exit code with one path: as convert. With two: 0 they do the same; 1 they differ; 2 could not read; 3 inconclusive.
    """
    if b is None:
        if html is not None:
            raise typer.BadParameter("--html goes with two paths")
        raise typer.Exit(_own_change(a, to or "recommended"))
    if to is not None:
        raise typer.BadParameter("--to goes with one path; two paths are compared as they are")
    raise typer.Exit(_two_versions(a, b, map, named("--model", model, "A=B"), backend, timeout, as_json, html))


def _own_change(path: Path, to: str) -> int:
    from ..outcome import Options, Style
    from .conversion_run import Request, run

    return run(Request((path,), Options(to=cast(Style, to)), diff=True))


def _two_versions(
    a: Path,
    b: Path,
    map: Path | None,
    models: dict[str, str],
    backend: str,
    timeout: float,
    as_json: bool,
    html: Path | None,
) -> int:
    from ..report.paint import paint_for
    from ..report.verdicts import Version, layer_lines
    from ..verify import Request, diff_files
    from .exits import FAILED
    from .proof import CODES
    from .screen import complain, put
    from .versions import CannotCompare, allow_close, read_map, read_program

    request = Request(backend=cast(Any, backend), models=models or None, timeout=timeout)
    try:
        programs = read_program(a), read_program(b)
        one, other = (Version(str(path), each.text.split("\n")) for path, each in zip((a, b), programs, strict=True))
        maps = read_map(map, str(a), programs) if map else None
        request = allow_close(request, map, str(a))
    except CannotCompare as error:
        complain(str(error))
        return FAILED
    result, layers = diff_files(a, b, request, state_maps=maps)
    if html is not None:
        from ..report.diff_page import page
        from .verify_many import write

        write(html, page(result, layers, one, other))
    if as_json:
        put([json.dumps({**result.as_json(), "models": [layer.as_json() for layer in layers]}, indent=2) + "\n"])
    else:
        put(f"{line}\n" for line in layer_lines(result, layers, one, other, paint_for(sys.stdout)))
    return CODES[result.verdict]
