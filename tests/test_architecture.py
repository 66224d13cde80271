"""The walls of the house: imports go one way, rooms stay small, and starting up loads only what is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SIDES = ("convert", "runtime")
WALL = 400


def files(side: str) -> list[Path]:
    return sorted((ROOT / side).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for side in SIDES for path in files(side)}


def imports(name: str) -> Iterator[str]:
    """Every module of ours that this one names in an import, wherever the import stands."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.removeprefix("nnflip.")
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            base = base.removeprefix("nnflip.")
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in MODULES else base


def graph(side: str) -> dict[str, set[str]]:
    names = [name for name in MODULES if name.split(".")[0] == side]
    return {name: {each for each in imports(name) if each in MODULES and each != name} for name in names}


@pytest.mark.parametrize("side", SIDES)
def test_imports_go_one_way_between_modules(side: str) -> None:
    try:
        TopologicalSorter(graph(side)).prepare()
    except CycleError as error:
        pytest.fail(f"modules import each other: {' → '.join(error.args[1])}")


@pytest.mark.parametrize("side", SIDES)
def test_imports_go_one_way_between_rooms(side: str) -> None:
    """A room is a folder or a file directly below the side's own folder."""
    rooms: dict[str, set[str]] = {}
    for name, targets in graph(side).items():
        room = ".".join(name.split(".")[:2])
        rooms.setdefault(room, set()).update(".".join(target.split(".")[:2]) for target in targets)
    try:
        TopologicalSorter({room: targets - {room} for room, targets in rooms.items()}).prepare()
    except CycleError as error:
        pytest.fail(f"rooms import each other: {' → '.join(error.args[1])}")


def test_runtime_never_imports_convert() -> None:
    guilty = [name for name, targets in graph("runtime").items() if any(t.split(".")[0] == "convert" for t in targets)]
    outside = [name for name in MODULES if name.startswith("runtime") for t in imports(name) if t.startswith("convert")]
    assert guilty + outside == []


def test_only_verify_imports_runtime() -> None:
    guilty = {
        name
        for name in MODULES
        if name.startswith("convert") and not name.startswith("convert.verify")
        for target in imports(name)
        if target.split(".")[0] in ("runtime", "numpy", "torch")
    }
    assert guilty == set()


@pytest.mark.parametrize("side", SIDES)
def test_imports_inside_a_side_are_relative(side: str) -> None:
    guilty = [
        f"{module_name(path)}:{node.lineno}"
        for path in files(side)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith(f"nnflip.{side}")
    ]
    assert guilty == []


def test_no_file_is_longer_than_the_wall() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > WALL} == {}


def test_every_folder_is_a_package_and_every_module_says_what_it_is() -> None:
    folders = {path.parent for path in MODULES.values()}
    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()] == []
    silent = [name for name, path in MODULES.items() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


LOADED = """
import sys
sys.argv = {argv!r}
try:
    {what}
except SystemExit:
    pass
print("LOADED", *sorted(sys.modules))
"""


def loaded_by(what: str, *argv: str) -> set[str]:
    script = LOADED.format(argv=list(argv), what=what)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.partition("LOADED ")[2].split())


def test_importing_the_library_loads_neither_numpy_nor_torch_nor_runtime() -> None:
    assert loaded_by("import nnflip.convert") & {"numpy", "torch", "nnflip.runtime", "typer", "rich"} == set()


def test_importing_the_runtime_loads_no_torch_and_no_convert() -> None:
    assert loaded_by("import nnflip.runtime") & {"torch", "nnflip.convert"} == set()


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_starting_up_loads_no_engine(flag: str) -> None:
    loaded = loaded_by("from nnflip.convert.__main__ import main; main()", "nnflip", flag)
    engine = {"source", "recognise", "plan", "ops", "rewrite", "verify", "batch", "report.pages"}
    assert (
        loaded & {"numpy", "torch", "nnflip.runtime", "libcst", *(f"nnflip.convert.{name}" for name in engine)} == set()
    )
    assert "nnflip.convert.cli.app" in loaded
