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


def convert_source(text: str, options: Options, *, path: str = "<string>") -> Conversion:
    """Convert one file's text. `path` is only named in messages. Raises CannotRead where the text is not Python."""
    from .engine import convert

    return convert(text, options, path)
