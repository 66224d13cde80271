"""`[tool.nnflip]` of the nearest pyproject.toml: what the user's project says once for all commands.

    [tool.nnflip]
    exclude = ["legacy/"]                    # .gitignore's language, below the searched directory
    [tool.nnflip.models.CNN]                 # how verify makes and calls the model of that name
    inputs = { x = "float32[2,3,32,32]" }
    init_args = { num_classes = 10 }

Values are read, and nothing named here is ever executed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .read import read_bytes
from .trouble import FileTrouble

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class BadSettings(Exception):
    """A pyproject.toml that cannot be understood, in one line that names it."""


@dataclass(frozen=True)
class Settings:
    """What a project says; `origin` is the file that says it."""

    exclude: tuple[str, ...] = ()
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    origin: Path | None = None


_KINDS: dict[str, tuple[type, type, str]] = {
    "exclude": (list, str, "a list of patterns"),
    "models": (dict, dict, "a table with one table per model"),
}
_MODEL_KINDS: dict[str, tuple[type, type, str]] = {
    "inputs": (dict, str, "a table of name = 'dtype[shape]'"),
    "init_args": (dict, object, "a table of name = value"),
}


def settings_for(path: Path) -> Settings:
    """The settings that hold for a path: of the nearest pyproject.toml upwards from it. Raises BadSettings."""
    place = Path(os.path.abspath(path))
    for directory in (place, *place.parents):
        origin = directory / "pyproject.toml"
        if origin.is_file():
            return _read(origin)
    return Settings()


def _read(origin: Path) -> Settings:
    try:
        read = tomllib.loads(read_bytes(origin).decode("utf-8-sig"))
    except FileTrouble as trouble:
        raise BadSettings(str(trouble)) from None
    except (ValueError, RecursionError) as error:
        raise BadSettings(f"{origin}: not TOML: {error}") from None
    tool = read.get("tool", {})
    table = tool.get("nnflip", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise BadSettings(f"{origin}: tool.nnflip must be a table")
    _require(origin, "tool.nnflip", table, _KINDS)
    models = table.get("models", {})
    for name, model in models.items():
        _require(origin, f"tool.nnflip.models.{name}", model, _MODEL_KINDS)
    return Settings(tuple(table.get("exclude", ())), models, origin)


def _require(
    origin: Path, section: str, table: Mapping[str, object], kinds: Mapping[str, tuple[type, type, str]]
) -> None:
    for key, value in table.items():
        if key not in kinds:
            close = get_close_matches(key, kinds, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(kinds)}"
            raise BadSettings(f"{origin}: [{section}] has no key {key!r}{hint}")
        kind, inner, said = kinds[key]
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if not isinstance(value, kind) or not all(isinstance(item, inner) for item in items):
            raise BadSettings(f"{origin}: [{section}] {key} must be {said}")
