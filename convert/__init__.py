"""Source to source: rewrites PyTorch models between functional and module style.

The library's door. Nothing here loads numpy, torch or the runtime; the engine itself is loaded at the first call.
"""

from __future__ import annotations

from .diagnostics import CODES as CODES
from .diagnostics import Diagnostic as Diagnostic
from .outcome import CannotRead as CannotRead
from .outcome import Conversion as Conversion
from .outcome import ModelOutcome as ModelOutcome
from .outcome import Options as Options
from .outcome import StateMove as StateMove
from .outcome import Style as Style


def convert_source(text: str, options: Options, *, path: str = "<string>") -> Conversion:
    """Convert one file's text. `path` is only named in messages. Raises CannotRead where the text is not Python."""
    from .engine import convert

    return convert(text, options, path)


def check_source(text: str, *, to: Style | None = None, path: str = "<string>") -> tuple[Diagnostic, ...]:
    """The hazards of one file's text; with `to`, also the sites that a conversion to that style would keep.

    Raises CannotRead where the text is not Python.
    """
    from .check import check

    found = check(text, path)
    kept = () if to is None else convert_source(text, Options(to=to), path=path).all_kept
    return tuple(sorted((*found, *kept), key=lambda finding: (finding.line, finding.column, finding.code)))
