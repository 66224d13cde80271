"""One file's bytes through the engine: whatever is wrong with them, the answer is a value and never an exception."""

from __future__ import annotations

import ast
import os
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from ..diagnostics import OPT_IN, Diagnostic, diagnose
from ..files.notebook import NotebookText, read_notebook
from ..files.quick import may_concern
from ..files.text import SourceText, decode
from ..outcome import CannotRead, Conversion, Expand, Options, Style
from ..report.paint import clean
from .deep_stack import TooDeep, run_deep

if TYPE_CHECKING:
    from ..recognise.elsewhere import Elsewhere
    from ..together import FileFacts

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """The bytes of one file and the name that messages call it by; `named` if the user asked for this very file.

    `respell` and `expand` are what its project asks for besides the options of the run.
    """

    name: str
    raw: bytes
    named: bool = True
    respell: bool = False
    expand: frozenset[Expand] = frozenset()


@dataclass(frozen=True)
class Failure:
    """Why a file could not be worked on, in one line; `details` is a traceback where the fault is ours."""

    line: str
    details: str = ""


@dataclass(frozen=True)
class Converted:
    """One converted file: what was done, and the bytes to write (the old ones where nothing changed)."""

    conversion: Conversion
    content: bytes
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Checked:
    """One checked file: what was found."""

    found: tuple[Diagnostic, ...]


class _BadResult(Exception):
    """What the engine made is not fit to be written: our fault."""


def convert_job(job: Job, options: Options, elsewhere: Elsewhere | None = None) -> Converted | Failure:
    """Convert one file; the result is sure to parse and to be encodable. `elsewhere`: what the other files do to it."""
    return _guarded(job, lambda: _convert(job, options, elsewhere))


def facts_job(job: Job) -> FileFacts | Failure:
    """What one file imports, and what it may do to classes from there."""
    return _guarded(job, lambda: _facts(job))


def check_job(job: Job, to: Style | None = None) -> Checked | Failure:
    """Look for hazards in one file; with `to`, also for the sites that a conversion to that style would keep."""
    return _guarded(job, lambda: _check(job, to))


def _convert(job: Job, options: Options, elsewhere: Elsewhere | None) -> Converted:
    source = _read(job)
    if source is None:
        return Converted(Conversion("", ""), job.raw)
    from .. import convert_source

    options = replace(options, respell=options.respell or job.respell, expand=options.expand | job.expand)
    conversion = convert_source(source.text, options, path=job.name, elsewhere=elsewhere)
    if not conversion.changed:
        return Converted(conversion, job.raw, source.encoding)
    try:
        content = source.encode(conversion.text)
        ast.parse(content if isinstance(source, SourceText) else conversion.text)
    except (SyntaxError, ValueError) as error:  # UnicodeEncodeError is a ValueError
        raise _BadResult(str(error)) from error
    return Converted(conversion, content, source.encoding)


def _facts(job: Job) -> FileFacts:
    from ..source import Source
    from ..together import file_facts

    text = read_notebook(job.raw).text if job.name.endswith(".ipynb") else decode(job.raw).text
    return file_facts(Source(text, job.name))


def _check(job: Job, to: Style | None) -> Checked:
    source = _read(job)
    if source is None:
        return Checked(())
    from .. import check_source

    return Checked(tuple(check_source(source.text, to=to, also=OPT_IN, path=job.name)))


def _read(job: Job) -> SourceText | NotebookText | None:
    """The file's text; None for a file found in a directory that has nothing to do with torch, before any parsing."""
    if not job.named and not may_concern(job.raw):
        return None
    return read_notebook(job.raw) if job.name.endswith(".ipynb") else decode(job.raw)


def _guarded(job: Job, work: Callable[[], T]) -> T | Failure:
    try:
        with warnings.catch_warnings():
            # The user's own "\d" would be warned about at every parse; Python tells them when they run their file.
            warnings.simplefilter("ignore", SyntaxWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            return run_deep(work)
    except CannotRead as error:
        return _unreadable(job, error.diagnostic)
    except TooDeep:
        return _unreadable(job, diagnose("NF102", 1, 0))
    except Exception as error:
        return internal_failure(job.name, error)


def _unreadable(job: Job, found: Diagnostic) -> Failure:
    return Failure(f"{job.name}:{found.line}:{found.column + 1} {found.code} {found.slug}: {clean(found.message)}")


def internal_failure(name: str, error: BaseException) -> Failure:
    """The one line for a fault of ours, with the traceback for those who set NNFLIP_DEBUG=1."""
    kind = type(error.__cause__ or error).__name__ if isinstance(error, _BadResult) else type(error).__name__
    what = "what nnflip made of it is not Python" if isinstance(error, _BadResult) else "internal error"
    line = f"{name}: {what} ({kind}); nothing was written; please report this as a bug of nnflip"
    details = traceback.format_exception(error) if os.environ.get("NNFLIP_DEBUG") else ()
    return Failure(line, "".join(details))
