"""What is installed is what is in the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tree_packages() -> set[str]:
    folders = {path.parent.relative_to(ROOT) for side in ("convert", "runtime") for path in (ROOT / side).rglob("*.py")}
    return {"nnflip." + ".".join(folder.parts) for folder in folders}


def test_the_list_of_packages_is_the_tree() -> None:
    listed = PROJECT["tool"]["setuptools"]["packages"]
    assert sorted(listed) == listed
    assert set(listed) == tree_packages()


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    pytest.importorskip("setuptools", minversion="77")
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for side in ("convert", "runtime"):
        shutil.copytree(ROOT / side, source / side, ignore=shutil.ignore_patterns("__pycache__"))
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(source / "out")], cwd=source, check=True, capture_output=True)
    (wheel,) = (source / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_module(wheel_names: set[str]) -> None:
    ours = {
        f"nnflip/{path.relative_to(ROOT).as_posix()}"
        for side in ("convert", "runtime")
        for path in (ROOT / side).rglob("*.py")
    }
    assert {name for name in wheel_names if name.endswith(".py")} == ours


def test_the_wheel_holds_types_licence_and_command(wheel_names: set[str]) -> None:
    assert {"nnflip/convert/py.typed", "nnflip/runtime/py.typed"} <= wheel_names
    assert any(name.endswith("licenses/LICENSE") for name in wheel_names)
    assert any(name.endswith("entry_points.txt") for name in wheel_names)
    assert "nnflip/__init__.py" not in wheel_names, "nnflip is a namespace package"
