"""Pairs to verify in one go, from `pairs.toml` or `[tool.nnflip.verify]` in pyproject.toml.

[[pair]]
a = "net.py"
b = "net_functional.py"        # or: to = "module", for the file's own conversion
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..outcome import STYLES
from .request import BadRequest, Request, input_spec

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PATHS = ("a", "b", "map")
_KINDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("a", "b", "map", "to", "name", "backend"), (str,)),
    **dict.fromkeys(("inputs", "init_args", "models"), (dict,)),
    "seeds": (list,),
    "timeout": (int, float),
    "memory_mb": (int,),
    "close_ok": (bool,),
}
_BACKENDS = ("numpy", "torch", "both")


class BadManifest(ValueError):
    """The manifest cannot be used; the message says which pair and why."""


@dataclass(frozen=True)
class PairSpec:
    """One pair: two files, or one and the style it is converted to."""

    a: Path
    b: Path | None = None
    to: str | None = None
    map: Path | None = None
    request: Request = field(default_factory=Request)
    name: str = ""

    @property
    def title(self) -> str:
        """What the pair is called in reports."""
        return self.name or f"{self.a} = {self.b or f'{self.a} --to {self.to}'}"


def read_manifest(path: Path) -> tuple[PairSpec, ...]:
    """All pairs of a manifest, paths relative to it. Raises BadManifest, OSError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadManifest(f"{path}: {error}") from None
    section = ("tool", "nnflip", "verify") if path.name == "pyproject.toml" else ()
    for key in section:
        inner = document.get(key, {})
        document = inner if isinstance(inner, dict) else {}
    pairs = document.get("pair", [])
    if not isinstance(pairs, list) or not pairs:
        header = ".".join((*section, "pair"))
        raise BadManifest(f"{path}: no pairs; write [[{header}]] with a = ... and b = ... or to = ...")
    return tuple(_pair(entry, path, number) for number, entry in enumerate(pairs, 1))


def _pair(entry: Any, manifest: Path, number: int) -> PairSpec:
    where = f"{manifest}: pair {number}"
    if not isinstance(entry, dict):
        raise BadManifest(f"{where}: not a table")
    for key, value in entry.items():
        if key not in _KINDS:
            raise BadManifest(f"{where}: {key!r} is none of {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[key]):
            raise BadManifest(f"{where}: {key} is a {type(value).__name__}")
    if "a" not in entry or ("b" in entry) == ("to" in entry):
        raise BadManifest(f"{where}: it wants a, and either b or to")
    if entry.get("to", STYLES[0]) not in STYLES:
        raise BadManifest(f"{where}: to is none of {', '.join(STYLES)}")
    paths = {key: manifest.parent / entry[key] for key in _PATHS if key in entry}
    return PairSpec(**paths, to=entry.get("to"), request=_request(entry, where), name=entry.get("name", ""))


def _request(entry: Mapping[str, Any], where: str) -> Request:
    known = ("inputs", "init_args", "models", "timeout", "memory_mb", "close_ok", "backend")
    if entry.get("backend", _BACKENDS[0]) not in _BACKENDS:
        raise BadManifest(f"{where}: backend is none of {', '.join(_BACKENDS)}")
    seeds = entry.get("seeds", list(Request().seeds))
    if not seeds or not all(type(seed) is int for seed in seeds):
        raise BadManifest(f"{where}: seeds is a list of numbers")
    try:
        for spec in entry.get("inputs", {}).values():
            input_spec(str(spec))
    except BadRequest as error:
        raise BadManifest(f"{where}: {error}") from None
    return Request(seeds=tuple(seeds), **{key: entry[key] for key in known if key in entry})
