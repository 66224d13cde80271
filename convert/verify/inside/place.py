"""Where a user's file stands: its package, and the folders from which it imports its neighbours.

A package around the file is a name and a folder only: its `__init__` may import half a framework, and is not run.
"""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass
from pathlib import Path

_ALONE = "nnflip_model"
_ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt")
_MOST_FOLDERS = 6


@dataclass(frozen=True)
class Place:
    """The dotted name of the file as a module, and the folders of its project from the nearest upwards."""

    module: str
    folders: tuple[str, ...]

    @property
    def package(self) -> str:
        """The package the file lies in."""
        return self.module.rpartition(".")[0]


def placed(path: str) -> Place:
    """Finds the packages around a file by their `__init__.py`, makes them importable, and puts folders on the path."""
    file = Path(path)
    packages: list[Path] = []
    folder = file.parent
    while (folder / "__init__.py").is_file() and folder.name.isidentifier() and len(packages) < _MOST_FOLDERS:
        packages.insert(0, folder)
        folder = folder.parent
    names = [one.name for one in packages]
    if not packages or _is_taken(names[0], packages[0]):
        packages, names = [file.parent], [_ALONE]
    for depth, one in enumerate(packages, 1):
        package = types.ModuleType(".".join(names[:depth]))
        package.__path__ = [str(one)]
        sys.modules[package.__name__] = package
        if depth > 1:
            setattr(sys.modules[".".join(names[: depth - 1])], one.name, package)
    folders = _project(file.parent, packages[0].parent if names[0] != _ALONE else file.parent)
    sys.path.extend(one for one in folders if one not in sys.path)
    return Place(".".join([*names, file.stem]), folders)


def _is_taken(name: str, folder: Path) -> bool:
    """Whether something else has the name of the package."""
    there = getattr(sys.modules.get(name), "__path__", None)
    return name in sys.stdlib_module_names or (name in sys.modules and list(there or ()) != [str(folder)])


def _project(start: Path, least: Path) -> tuple[str, ...]:
    """The folder, and those above it up to the root of the project; up to `least` where no root shows."""
    found = [start, *start.parents][:_MOST_FOLDERS]
    root = next((one for one in found if any((one / mark).exists() for mark in _ROOT_MARKS)), least)
    return tuple(str(one) for one in found[: found.index(root) + 1]) if root in found else (str(start),)
