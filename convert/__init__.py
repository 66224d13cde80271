"""Source to source: rewrites PyTorch models between functional and module style.

The library's door. Nothing here loads numpy, torch or the runtime; the engine itself is loaded at the first call.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
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
    from .recognise.elsewhere import Elsewhere
    from .verify import BadRequest as BadRequest
    from .verify import VerifyResult as VerifyResult
    from .verify import verify_files as verify_files

_VERIFICATION = {"verify_files", "VerifyResult", "BadRequest"}


def convert_source(
    text: str, options: Options, *, path: str = "<string>", elsewhere: Elsewhere | None = None
) -> Conversion:
    """Convert one file's text. `path` is only named in messages. Raises CannotRead where the text is not Python.

    `elsewhere`: what other files do to the classes of this one, as `convert_files` finds it out.
    """
    from .engine import convert

    return convert(text, options, path, elsewhere)


def convert_file(path: str | os.PathLike[str], options: Options) -> Conversion:
    r"""Convert one file and return what it becomes; nothing is written.

    Encoding cookie, byte order mark and line ends are read as Python reads them: the text of the result has `\n` line
    ends. Raises CannotRead where the file is not Python, OSError where it cannot be opened.
    """
    from .files.text import decode

    return convert_source(decode(Path(path).read_bytes()).text, options, path=os.fspath(path))


def convert_files(paths: Iterable[str | os.PathLike[str]], options: Options) -> dict[str, Conversion]:
    """Convert several files that belong together; nothing is written. By path, as it was given.

    What one file does to the classes of another is seen: `net.fc.weight` in one keeps `self.fc` in the other.
    Raises CannotRead for the first that is not Python, OSError for the first that cannot be opened.
    """
    from .files.text import decode
    from .source import Source
    from .together import elsewhere_of, file_facts

    texts = {os.fspath(path): decode(Path(path).read_bytes()).text for path in paths}
    facts = {name: file_facts(Source(text, name)) for name, text in texts.items()}
    elsewhere = elsewhere_of(facts, texts)
    return {name: convert_source(text, options, path=name, elsewhere=elsewhere[name]) for name, text in texts.items()}


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
