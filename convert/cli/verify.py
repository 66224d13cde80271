"""`nnflip verify`: run two versions of a model on the same numbers and compare."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ..outcome import STYLES
from .choices import one_of

if TYPE_CHECKING:
    from ..verify.request import Request
    from ..verify.result import VerifyResult
    from ..verify.sides import Program

BACKENDS = ("numpy", "torch", "both")

A = Annotated[Path | None, typer.Argument(metavar="A", help="The one version.")]
B = Annotated[Path | None, typer.Argument(metavar="B", help="The other; left out, what --to makes of A.")]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="STYLE", callback=one_of(STYLES), help="Verify A against its own conversion."),
]
Map = Annotated[
    Path | None, typer.Option("--map", metavar="R.json", help="The report of convert: which state became which.")
]
Backend = Annotated[
    str, typer.Option(metavar="|".join(BACKENDS), callback=one_of(BACKENDS), help="What the models run on.")
]
Seed = Annotated[list[int] | None, typer.Option(metavar="N", help="Random seed; can be repeated.")]
Input = Annotated[
    list[str] | None,
    typer.Option("--input", metavar="NAME=SPEC", help="An input of forward, as in x=float32[2,3,32,32]; repeatable."),
]
InitArgs = Annotated[
    list[str] | None,
    typer.Option("--init-args", metavar="NAME=VALUE", help="An argument of the constructor; can be repeated."),
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="A=B", help="Compare class A of the one file with B of the other; repeatable."),
]
Timeout = Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="Give up after this long.")]
Manifest = Annotated[
    Path | None,
    typer.Option(metavar="PAIRS.toml", help="Verify every [\\[pair]] of this file or pyproject.toml."),
]
Junit = Annotated[Path | None, typer.Option(metavar="FILE", help="Also write JUnit XML.")]
Github = Annotated[bool, typer.Option("--github", help="Also print GitHub annotations.")]
Certificate = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Keep the results in FILE; what has not changed since is not run again."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def verify(
    a: A = None,
    b: B = None,
    to: To = None,
    map: Map = None,
    backend: Backend = "numpy",
    seed: Seed = None,
    input: Input = None,
    init_args: InitArgs = None,
    model: Models = None,
    timeout: Timeout = 60.0,
    as_json: Json = False,
    manifest: Manifest = None,
    junit: Junit = None,
    github: Github = False,
    certificate: Certificate = None,
) -> None:
    """Run two versions of a model on the same numbers and compare.

    Same inputs, state and seeds, in train and eval mode: outputs, gradients, buffers, and every operation on the way.
    Works without torch installed; --backend torch runs them on torch itself.

    Exit code: 0 proven or equal; 1 different; 2 could not read something; 3 inconclusive.
    """
    from ..verify.manifest import PairSpec
    from ..verify.request import BadRequest, Request, input_spec
    from .verify_many import Outputs, run_certificate, run_manifest, run_pairs

    outputs = Outputs(as_json, junit, github, certificate)
    if a is None:
        if manifest is None and certificate is None:
            raise typer.BadParameter("give two files, or --manifest, or --certificate")
        raise typer.Exit(run_manifest(manifest, outputs) if manifest else run_certificate(outputs))
    if manifest is not None:
        raise typer.BadParameter("--manifest names its own files")
    if (b is None) == (to is None):
        raise typer.BadParameter("give a second file, or --to STYLE to verify the conversion of the one file")
    inputs = named("--input", input, "x=float32[2,3,32,32]") if input else None
    try:
        for spec in (inputs or {}).values():
            input_spec(spec)
    except BadRequest as error:
        raise typer.BadParameter(str(error)) from None
    request = Request(
        backend=cast(Any, backend),
        seeds=tuple(seed) if seed else Request().seeds,
        inputs=inputs,
        init_args={name: _value(text) for name, text in named("--init-args", init_args).items()} or None,
        models=named("--model", model, "A=B") or None,
        timeout=timeout,
    )
    if outputs != Outputs(as_json):
        raise typer.Exit(run_pairs([PairSpec(a, b, to, map, request)], outputs))
    raise typer.Exit(run(a, b, to, map, request, as_json))


def run(a: Path, b: Path | None, to: str | None, map: Path | None, request: Request, as_json: bool) -> int:
    """Compare two files, or one and its conversion; print the answer; the exit code."""
    from ..verify.session import Task
    from ..verify.session import verify as run_both
    from .exits import FAILED
    from .proof import CODES
    from .screen import complain, put
    from .versions import CannotCompare, allow_close, own_conversion, read_map, read_program

    try:
        first = read_program(a)
        if b is None:
            second, maps = own_conversion(first, cast(str, to))
        else:
            second, maps = read_program(b), None
        maps = read_map(map, str(a), (first, second)) if map else maps
        request = allow_close(request, map, str(a))
    except CannotCompare as error:
        complain(str(error))
        return FAILED
    result = run_both(Task(first, second, maps, request))
    if as_json:
        put([json.dumps(result.as_json(), indent=2) + "\n"])
    else:
        put(_text(result, first, str(a), second, str(b or f"{a} (--to {to})")))
    return CODES[result.verdict]


def _text(result: VerifyResult, a: Program, a_name: str, b: Program, b_name: str) -> list[str]:
    from ..report.paint import paint_for
    from ..report.verdicts import Version, verdict_lines

    versions = Version(a_name, a.text.split("\n")), Version(b_name, b.text.split("\n"))
    return [f"{line}\n" for line in verdict_lines(result, *versions, paint_for(sys.stdout))]


def named(option: str, values: list[str] | None, form: str = "name=value") -> dict[str, str]:
    """`name=value` arguments of an option; a BadParameter shows how to write them."""
    found = {}
    for value in values or ():
        name, equals, text = value.partition("=")
        if not equals or not name.strip().isidentifier():
            raise typer.BadParameter(f"{option} {value}: write it as {form}")
        found[name.strip()] = text.strip()
    return found


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
