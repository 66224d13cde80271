"""Certificates: what was verified, of which sources, with which versions; while nothing of it changes, it holds.

`{"version": 1, "pairs": [{"a", "b", "to", "map", "made_with", "sources": {path: sha256}, "request", "result"}]}`.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..files.notebook import read_notebook
from ..outcome import CannotRead
from .inside.place import project_folders
from .manifest import PairSpec
from .request import Request

_VERSION = 1


class BadCertificate(ValueError):
    """The file is no certificate of ours."""


@dataclass(frozen=True)
class Certified:
    """One pair that a certificate knows, and the document of its result."""

    pair: PairSpec
    entry: dict[str, Any]

    def holds(self) -> bool:
        """Whether sources, versions and the way to verify are those the result was found with."""
        return bool(self.entry == {**fingerprint(self.pair), "result": self.entry["result"]})


def fingerprint(pair: PairSpec) -> dict[str, Any]:
    """Everything the result depends on."""
    found = [path for path in (pair.a, pair.b) if path is not None]
    sources = {file for path in found for file in sources_of(path)}
    also = [pair.map] if pair.map else []
    also += [file for path in found for file in _settings_above(path)]
    return {
        **{key: str(value) if value else None for key, value in (("a", pair.a), ("b", pair.b), ("map", pair.map))},
        "to": pair.to,
        "name": pair.name,
        "made_with": _versions(),
        "sources": {str(file): _hash(file) for file in sorted({*sources, *also})},
        "request": json.loads(json.dumps(asdict(pair.request))),
    }


def written(results: Sequence[tuple[PairSpec, dict[str, Any]]]) -> str:
    """The text of a certificate."""
    pairs = [{**fingerprint(pair), "result": result} for pair, result in results]
    return json.dumps({"version": _VERSION, "pairs": pairs}, indent=2) + "\n"


def read(text: str) -> tuple[Certified, ...]:
    """The pairs of a certificate. Raises BadCertificate."""
    try:
        document = json.loads(text)
        if document["version"] != _VERSION:
            raise BadCertificate(f"it is of version {document['version']}, not {_VERSION}")
        return tuple(Certified(_pair(entry), entry) for entry in document["pairs"])
    except (ValueError, KeyError, TypeError) as error:
        raise error if isinstance(error, BadCertificate) else BadCertificate("it is no certificate") from None


def _pair(entry: dict[str, Any]) -> PairSpec:
    paths = {key: Path(entry[key]) for key in ("b", "map") if entry[key]}
    request = Request(**{**entry["request"], "seeds": tuple(entry["request"]["seeds"])})
    if not isinstance(entry["result"]["verdict"], str):
        raise BadCertificate("a result without a verdict")
    return PairSpec(Path(entry["a"]), **paths, to=entry["to"], request=request, name=entry["name"])


def sources_of(path: Path) -> set[Path]:
    """A file and all files beside it that it imports, directly or not, told from their import statements."""
    found: set[Path] = set()
    todo = [path]
    while todo:
        file = todo.pop()
        if file not in found and (file.is_file() or file == path):
            found.add(file)
            todo += [near for name in _imported(file) for near in _near(path.parent, file.parent, name)]
    return found


def _imported(file: Path) -> list[str]:
    try:
        raw = file.read_bytes()
        tree = ast.parse(read_notebook(raw).text if file.suffix == ".ipynb" else raw)
    except (OSError, CannotRead, SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            stem = f"{node.module}." if node.module else ""
            names += [stem[:-1], *(stem + alias.name for alias in node.names)]
    return [name for name in names if name]


def _near(root: Path, here: Path, name: str) -> list[Path]:
    """Where a module of that name would lie: beside the model's file or beside the importing one, or further up."""
    inner = Path(*name.split("."))
    return [
        file
        for folder in {root, here, here.parent, *map(Path, project_folders(root.absolute()))}
        for part in [inner, *inner.parents][:-1]
        for file in ((folder / part).with_suffix(".py"), folder / part / "__init__.py")
        if file.is_file()
    ]


def _settings_above(path: Path) -> list[Path]:
    """The pyproject.toml that may pin the model's inputs."""
    file = next((one for folder in path.absolute().parents if (one := folder / "pyproject.toml").is_file()), None)
    return [file] if file else []


def _hash(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in ("nnflip", "numpy", "torch"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found
