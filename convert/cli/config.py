"""`nnflip config`: what holds for a path, and who says so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ..files.settings import Settings

Where = Annotated[Path, typer.Argument(metavar="PATH", help="A file or directory.")]


def config(path: Where = Path(".")) -> None:
    """Print the configuration that holds for a path, as TOML, with the origin of every value.

    Exit code: 0; 2 if the pyproject.toml cannot be understood.
    """
    from ..files.settings import BadSettings, settings_for
    from .exits import FAILED
    from .screen import complain, put

    if not path.exists():
        raise typer.BadParameter(f"{path}: no such file or directory")
    try:
        settings = settings_for(path)
    except BadSettings as error:
        complain(str(error))
        raise typer.Exit(FAILED) from None
    put(f"{line}\n" for line in _lines(settings, path))


def _lines(settings: Settings, path: Path) -> Iterator[str]:
    from ..files.settings import KEYS

    yield f"# for {path}"
    yield f"# from {settings.origin or 'no pyproject.toml: every value is the default'}"
    yield "[tool.nnflip]"
    rows = []
    for key in KEYS:
        value = getattr(settings, key.replace("-", "_"))
        origin = settings.origin.name if settings.origin and key in settings.said else "default"
        rows.append((f"{key} = {_toml(value)}", origin))
    width = max(len(said) for said, _ in rows)
    yield from (f"{said:<{width}}  # {origin}" for said, origin in rows)
    silenced = settings.ignored_in(path)
    if silenced:
        yield f"# ignored in this file: {', '.join(silenced)}"
    if path.is_file() and not settings.takes(path):
        yield "# found in a directory, this file would be passed over"


def _toml(value: Any) -> str:
    """A value as TOML on one line."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_toml(each)}" for key, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple, frozenset)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, (str, bool, int)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)  # float, date and time are written as TOML writes them


def _key(text: str) -> str:
    plain = text.replace("-", "").replace("_", "")
    return text if plain.isascii() and plain.isalnum() else json.dumps(text, ensure_ascii=False)
