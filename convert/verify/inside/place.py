"""Where a user's file stands: its package, and the folders from which it imports its neighbours.

A package around the file is a name and a folder: its `__init__` may import half a framework. Of its statements only
those run that bind a name which somebody asks for.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        package.__getattr__ = _on_demand(package, one / "__init__.py")  # type: ignore[method-assign]
        sys.modules[package.__name__] = package
        if depth > 1:
            setattr(sys.modules[".".join(names[: depth - 1])], one.name, package)
    folders = project_folders(file.parent)
    sys.path.extend(one for one in folders if one not in sys.path)
    return Place(".".join([*names, file.stem]), folders)


def _on_demand(package: types.ModuleType, file: Path) -> Callable[[str], Any]:
    """The package's `__getattr__`: runs the statement of its `__init__` that imports or assigns the name."""

    open_names: set[str] = set()

    def __getattr__(name: str) -> Any:
        wanted = None if name in open_names else _binding(file, name)
        if wanted is None:
            raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}")
        open_names.add(name)
        try:
            for part in _parts(wanted):  # they have to be there first
                if part not in package.__dict__ and part not in open_names and _binding(file, part) is not None:
                    __getattr__(part)
            exec(compile(ast.Module([wanted], []), str(file), "exec", dont_inherit=True), package.__dict__)
        finally:
            open_names.discard(name)
        return package.__dict__[name]

    package.__package__ = package.__name__
    return __getattr__


def _parts(statement: ast.stmt) -> list[str]:
    """The names that a statement reads."""
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]


def _binding(file: Path, name: str) -> ast.stmt | None:
    """The last top-level statement that binds the name alone, or imports it."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return None
    found: ast.stmt | None = None
    for node in tree.body:
        match node:
            case ast.ImportFrom(names=aliases):
                chosen = [alias for alias in aliases if (alias.asname or alias.name) == name]
                found = ast.copy_location(ast.ImportFrom(node.module, chosen, node.level), node) if chosen else found
            case (
                ast.Assign(targets=[ast.Name(id=bound)]) | ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr())
            ) if bound == name:
                found = node
    return found


def _is_taken(name: str, folder: Path) -> bool:
    """Whether something else has the name of the package."""
    there = getattr(sys.modules.get(name), "__path__", None)
    return name in sys.stdlib_module_names or (name in sys.modules and list(there or ()) != [str(folder)])


def project_folders(start: Path) -> tuple[str, ...]:
    """The folder and those above it up to the root of the project; where no root shows, up to the outermost package."""
    found = [start, *start.parents][:_MOST_FOLDERS]
    least = next((one for one in found if not (one / "__init__.py").is_file()), start)
    root = next((one for one in found if any((one / mark).exists() for mark in _ROOT_MARKS)), least)
    return tuple(str(one) for one in found[: found.index(root) + 1])
