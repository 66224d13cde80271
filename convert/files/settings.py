"""`[tool.nnflip]` of the nearest pyproject.toml: what the user's project says once for all commands.

    [tool.nnflip]
    include = ["*.py"]                       # .gitignore's language, from the directory of the pyproject.toml
    exclude = ["legacy/"]
    select = ["NF3"]                         # as check --select and --ignore
    ignore = ["softmax-without-dim"]
    per-file-ignores = { "tests/*" = ["NF301"] }
    respell = true                           # as convert --respell
    expand = ["rnn"]                         # as convert --expand
    [tool.nnflip.models.CNN]                 # how verify makes and calls the model of that name
    inputs = { x = "float32[2,3,32,32]" }
    init_args = { num_classes = 10 }
    [[tool.nnflip.verify.pair]]              # read by verify --manifest alone

Values are read, and nothing named here is ever executed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..diagnostics.words import UnknownCode, code_words
from ..outcome import EXPANDS, Expand
from .read import read_bytes
from .trouble import FileTrouble

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

INCLUDE = ("*.py", "*.ipynb")


class BadSettings(Exception):
    """A pyproject.toml that cannot be understood, in one line that names it."""


@dataclass(frozen=True)
class Settings:
    """What a project says; `origin` is the file that says it, `said` are the keys that it gives a value."""

    include: tuple[str, ...] = INCLUDE
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    respell: bool = False
    expand: frozenset[Expand] = frozenset()
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    origin: Path | None = None
    said: frozenset[str] = frozenset()

    def takes(self, path: Path) -> bool:
        """Whether a file that was found in a directory is meant: included and not excluded."""
        return self._included.match_file(self._below(path)) and not self.excludes(path)

    def excludes(self, path: Path) -> bool:
        """Whether a pattern of exclude speaks of the path."""
        return self._excluded.match_file(self._below(path))

    def ignored_in(self, path: Path) -> tuple[str, ...]:
        """The codes that per-file-ignores silences in a file."""
        here = self._below(path)
        return tuple(word for spec, words in self._per_file if spec.match_file(here) for word in words)

    def _below(self, path: Path) -> str:
        """The path as the patterns see it: from the directory of the settings."""
        whole = os.path.abspath(path)
        if self.origin is None:
            return whole.lstrip("/")
        return os.path.relpath(whole, self.origin.parent)

    @cached_property
    def _included(self) -> GitIgnoreSpec:
        return _spec(self.include)

    @cached_property
    def _excluded(self) -> GitIgnoreSpec:
        return _spec(self.exclude)

    @cached_property
    def _per_file(self) -> tuple[tuple[GitIgnoreSpec, tuple[str, ...]], ...]:
        return tuple((_spec((pattern,)), words) for pattern, words in self.per_file_ignores.items())


_STRINGS = (list, str, "a list of patterns")
_CODES = (list, str, "a list of codes")
_KINDS: dict[str, tuple[type, type, str]] = {
    "include": _STRINGS,
    "exclude": _STRINGS,
    "select": _CODES,
    "ignore": _CODES,
    "per-file-ignores": (dict, list, "a table of pattern = a list of codes"),
    "respell": (bool, object, "true or false"),
    "expand": (list, str, f"a list of what to write out: {', '.join(EXPANDS)}"),
    "models": (dict, dict, "a table with one table per model"),
}
KEYS = tuple(_KINDS)
"""Every key of [tool.nnflip] that Settings has."""

# The pairs of verify --manifest live in the same table; verify/manifest.py reads what they say.
_TABLE = {**_KINDS, "verify": (dict, object, "a table that holds [[tool.nnflip.verify.pair]]")}

_MODEL_KINDS: dict[str, tuple[type, type, str]] = {
    "inputs": (dict, str, "a table of name = 'dtype[shape]'"),
    "init_args": (dict, object, "a table of name = value"),
}


class SettingsBook:
    """The settings of many paths: each pyproject.toml is read once, a bad one is told once and then passed over."""

    def __init__(self) -> None:
        self.troubles: list[BadSettings] = []
        self._of_directory: dict[Path, Settings] = {}

    def of(self, path: Path) -> Settings:
        """The settings that hold for a file or directory."""
        place = Path(os.path.abspath(path))
        directory = place if place.is_dir() else place.parent
        if directory not in self._of_directory:
            self._of_directory[directory] = self._look_up(directory)
        return self._of_directory[directory]

    def _look_up(self, directory: Path) -> Settings:
        try:
            found = _read_if_said(directory / "pyproject.toml")
        except BadSettings as error:
            self.troubles.append(error)
            return Settings(origin=directory / "pyproject.toml")
        if found is not None:
            return found
        return Settings() if directory.parent == directory else self.of(directory.parent)


def settings_for(path: Path) -> Settings:
    """The settings that hold for a path: of the nearest pyproject.toml upwards that has [tool.nnflip].

    Raises BadSettings.
    """
    book = SettingsBook()
    found = book.of(path)
    if book.troubles:
        raise book.troubles[0]
    return found


def _read_if_said(origin: Path) -> Settings | None:
    """The settings of one file; None if it is not there or says none."""
    if not origin.is_file():
        return None
    try:
        read = tomllib.loads(read_bytes(origin).decode("utf-8-sig"))
    except FileTrouble as trouble:
        raise BadSettings(str(trouble)) from None
    except (ValueError, RecursionError) as error:
        raise BadSettings(f"{origin}: not TOML: {error}") from None
    tool = read.get("tool", {})
    if not isinstance(tool, dict) or "nnflip" not in tool:
        return None
    table = tool["nnflip"]
    if not isinstance(table, dict):
        raise BadSettings(f"{origin}: tool.nnflip must be a table")
    _require(origin, "tool.nnflip", table, _TABLE)
    if table and not table.keys() & _KINDS.keys():
        return None  # pairs to verify, and no word on any file
    models = table.get("models", {})
    for name, model in models.items():
        _require(origin, f"tool.nnflip.models.{name}", model, _MODEL_KINDS)
    per_file = {
        pattern: _words(origin, f"per-file-ignores {pattern!r}", words)
        for pattern, words in table.get("per-file-ignores", {}).items()
    }
    return Settings(
        include=tuple(table.get("include", INCLUDE)),
        exclude=tuple(table.get("exclude", ())),
        select=_words(origin, "select", table.get("select", ())),
        ignore=_words(origin, "ignore", table.get("ignore", ())),
        per_file_ignores=per_file,
        respell=table.get("respell", False),
        expand=_expanded(origin, table.get("expand", [])),
        models=models,
        origin=origin,
        said=frozenset(table).intersection(KEYS),
    )


def _expanded(origin: Path, words: list[str]) -> frozenset[Expand]:
    for word in words:
        if word not in EXPANDS:
            raise BadSettings(f"{origin}: [tool.nnflip] expand: {word!r} is none of {', '.join(EXPANDS)}")
    return frozenset(cast(list[Expand], words))


def _words(origin: Path, key: str, values: list[str]) -> tuple[str, ...]:
    try:
        return code_words(str(value) for value in values)
    except UnknownCode as error:
        raise BadSettings(f"{origin}: [tool.nnflip] {key}: {error}") from None


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


def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)
