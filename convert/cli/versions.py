"""The two versions that `verify` and `diff` compare: from files, or a file and its own conversion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..batch.deep_stack import TooDeep, run_deep
from ..batch.one import Failure, Job, convert_job
from ..files.notebook import read_notebook
from ..files.read import read_bytes
from ..files.text import decode
from ..files.trouble import FileTrouble
from ..outcome import CannotRead, Options, Style
from ..report.document import BadReport, StateMaps, has_close_sites, state_maps
from ..report.paint import clean

if TYPE_CHECKING:
    from ..verify.request import Request
    from ..verify.sides import Program


class CannotCompare(Exception):
    """A version that cannot be had, in one line."""


def read_program(path: Path) -> Program:
    """A file to be run, known to parse; of a notebook the code cells, as one text."""
    import ast
    import warnings

    from ..verify.sides import Program

    try:
        raw = read_bytes(path)
        text = read_notebook(raw).text if path.suffix == ".ipynb" else decode(raw).text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run_deep(lambda: ast.parse(text))
    except FileTrouble as trouble:
        raise CannotCompare(str(trouble)) from None
    except CannotRead as error:
        found = error.diagnostic
        raise CannotCompare(f"{path}:{found.line}: {found.code} {found.slug}: {clean(found.message)}") from None
    except SyntaxError as error:
        raise CannotCompare(f"{path}:{error.lineno or 1}: NF101 not-python: {error.msg}") from None
    except (ValueError, TooDeep) as error:
        raise CannotCompare(f"{path}: {error or 'the code is nested more deeply than Python can parse'}") from None
    return Program(text, str(path.resolve()))


def own_conversion(program: Program, to: str) -> tuple[Program, StateMaps]:
    """What `convert` makes of a program, and the state maps of its models."""
    from ..verify.sides import Program

    name = program.path.removesuffix(".ipynb")  # the cells are one text already
    job = Job(name, program.text.encode())
    result = convert_job(job, Options(to=cast(Style, to)))
    if isinstance(result, Failure):
        raise CannotCompare(result.line)
    maps = {model.name: dict(model.state_map) for model in result.conversion.models}
    return Program(result.conversion.text, program.path), maps


def allow_close(request: Request, path: Path | None, of: str) -> Request:
    """The request, with numbers allowed to be only close where the report tells of such sites in file `of`."""
    try:
        close = path is not None and has_close_sites(read_bytes(path), path=of)
    except FileTrouble as trouble:
        raise CannotCompare(str(trouble)) from None
    except BadReport as error:
        raise CannotCompare(f"{path}: {error}") from None
    return replace(request, close_ok=True) if close else request


def read_map(path: Path, of: str, versions: Sequence[Program] = ()) -> StateMaps:
    """The state maps of a report: those of file `of` if the report knows it by that name, else of all its files.

    Where none of their models is named in any of the `versions`, it is the report of something else.
    """
    try:
        maps = state_maps(read_bytes(path), path=of)
    except FileTrouble as trouble:
        raise CannotCompare(str(trouble)) from None
    except BadReport as error:
        raise CannotCompare(f"{path}: {error}") from None
    texts = [_letters(version.text) for version in versions]
    if maps and texts and not any(_letters(name.rpartition(".")[2]) in text for name in maps for text in texts):
        raise CannotCompare(f"{path}: is the report of another file: it tells of {', '.join(sorted(maps))}")
    return maps


def _letters(text: str) -> str:
    """Names are compared as verification pairs them: Net, net and _net are one."""
    return text.replace("_", "").lower()
