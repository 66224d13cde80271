"""Source to source: rewrites PyTorch models between functional and module style.

The library's door. Nothing here loads numpy, torch or the runtime; the engine itself is loaded at the first call.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .diagnostics import CODES as CODES
from .diagnostics import OPT_IN as OPT_IN
from .diagnostics import Diagnostic as Diagnostic
from .outcome import CannotRead as CannotRead
from .outcome import Conversion as Conversion
from .outcome import ModelOutcome as ModelOutcome
from .outcome import Options as Options
from .outcome import StateMove as StateMove
from .outcome import Style as Style

if TYPE_CHECKING:
    from .verify import BadRequest as BadRequest
    from .verify import VerifyResult as VerifyResult
    from .verify import verify_files as verify_files

_VERIFICATION = {"verify_files", "VerifyResult", "BadRequest"}


def convert_source(text: str, options: Options, *, path: str = "<string>") -> Conversion:
    """Convert one file's text. `path` is only named in messages. Raises CannotRead where the text is not Python."""
    from .engine import convert

    return convert(text, options, path)


def convert_file(path: str | os.PathLike[str], options: Options) -> Conversion:
    r"""Convert one file and return what it becomes; nothing is written.

    Encoding cookie, byte order mark and line ends are read as Python reads them: the text of the result has `\n` line
    ends. Raises CannotRead where the file is not Python, OSError where it cannot be opened.
    """
    from .files.text import decode

    return convert_source(decode(Path(path).read_bytes()).text, options, path=os.fspath(path))


def check_source(
    text: str, *, to: Style | None = None, also: Collection[str] = (), path: str = "<string>"
) -> tuple[Diagnostic, ...]:
    """The hazards of one file's text; with `to`, also the sites that a conversion to that style would keep.

    `also` names codes that are told only on request (`OPT_IN`). What a comment `# nnflip: ignore[CODE]` asks to be
    silent about is left out. Raises CannotRead where the text is not Python.
    """
    from .check import check
    from .check.comments import without_ignored

    found = (each for each in check(text, path) if each.code not in OPT_IN or each.code in also)
    kept = () if to is None else convert_source(text, Options(to=to), path=path).all_kept
    ordered = sorted((*found, *kept), key=lambda finding: (finding.line, finding.column, finding.code))
    return without_ignored(text, ordered)


def __getattr__(name: str) -> Any:
    """`verify_files` and what it returns, which load numpy, when somebody asks for them."""
    if name in _VERIFICATION:
        from . import verify

        return getattr(verify, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
