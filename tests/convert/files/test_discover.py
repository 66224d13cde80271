"""Which files a path means: the rules of black and ruff."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nnflip.convert.files.discover import discover
from nnflip.convert.files.read import MAX_BYTES, read_bytes
from nnflip.convert.files.trouble import FileTrouble

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("import torch\n")


def found(root: Path, **options: object) -> list[str]:
    return [each.path.relative_to(root).as_posix() for each in discover([root], **options).files]  # type: ignore[arg-type]


def test_python_files_are_found_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.py", "a.py", "pkg/z.py", "pkg/deep/y.py", "notes.txt", "stub.pyi", "book.ipynb")
    assert found(tmp_path) == ["a.py", "b.py", "book.ipynb", "pkg/z.py", "pkg/deep/y.py"]


def test_well_known_directories_are_skipped(tmp_path: Path) -> None:
    make(tmp_path, ".git/x.py", ".venv/x.py", "build/x.py", "node_modules/a/x.py", "__pycache__/x.py", "src/x.py")
    make(tmp_path, "my_environment/lib/x.py")
    (tmp_path / "my_environment" / "pyvenv.cfg").write_text("")
    assert found(tmp_path) == ["src/x.py"]


def test_gitignore_files_are_respected(tmp_path: Path) -> None:
    make(tmp_path, ".git/config", "a.py", "gen_b.py", "out/c.py", "pkg/gen_keep.py", "pkg/d.py", "pkg/local/e.py")
    (tmp_path / ".gitignore").write_text("gen_*.py\nout/\n")
    (tmp_path / "pkg" / ".gitignore").write_text("!gen_keep.py\n/local\n")
    assert found(tmp_path) == ["a.py", "pkg/d.py", "pkg/gen_keep.py"]


def test_gitignore_above_the_searched_directory_counts(tmp_path: Path) -> None:
    make(tmp_path, ".git/config", "pkg/gen_a.py", "pkg/b.py")
    (tmp_path / ".gitignore").write_text("gen_*.py\n")
    assert found(tmp_path / "pkg") == ["b.py"]


def test_an_ignored_directory_is_searched_if_it_is_named(tmp_path: Path) -> None:
    make(tmp_path, ".git/config", "generated/a.py", "build/b.py")
    (tmp_path / ".gitignore").write_text("generated/\n")
    assert found(tmp_path / "generated") == ["a.py"]
    assert found(tmp_path / "build") == ["b.py"]


def test_a_named_file_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    make(tmp_path, "model.txt", ".venv/m.py")
    paths = [tmp_path / "model.txt", tmp_path / ".venv" / "m.py"]
    assert [each.path for each in discover(paths).files] == paths


def test_exclude_takes_patterns(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "tests/b.py", "pkg/c_test.py")
    (tmp_path / "pyproject.toml").write_text('[tool.nnflip]\nexclude = ["tests/", "*_test.py"]\n')
    assert found(tmp_path) == ["a.py"]


def test_patterns_of_a_project_speak_from_its_directory(tmp_path: Path) -> None:
    make(tmp_path, "src/old/a.py", "src/new/old/b.py", "src/new/c.py")
    (tmp_path / "pyproject.toml").write_text('[tool.nnflip]\nexclude = ["src/old"]\n')
    assert found(tmp_path / "src") == ["new/c.py", "new/old/b.py"]


def test_a_project_inside_has_its_own_say(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "gen.py", "inner/gen.py", "inner/made.py")
    (tmp_path / "pyproject.toml").write_text('[tool.nnflip]\nexclude = ["/gen.py"]\n')
    (tmp_path / "inner" / "pyproject.toml").write_text('[tool.nnflip]\nexclude = ["made.py"]\n')
    assert found(tmp_path) == ["a.py", "inner/gen.py"]


def test_include_says_which_files_are_meant(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "models/b.py", "models/c.pyw", "models/d.txt")
    (tmp_path / "pyproject.toml").write_text('[tool.nnflip]\ninclude = ["models/*.py", "*.pyw"]\n')
    assert found(tmp_path) == ["models/b.py", "models/c.pyw"]


def test_the_output_directory_is_not_searched(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "out/a.py")
    assert found(tmp_path, apart_from=tmp_path / "out") == ["a.py"]


def test_links_are_not_followed_out_of_the_tree(tmp_path: Path) -> None:
    make(tmp_path, "outside/secret.py", "tree/a.py")
    (tmp_path / "tree" / "way_out").symlink_to(tmp_path / "outside")
    (tmp_path / "tree" / "leak.py").symlink_to(tmp_path / "outside" / "secret.py")
    (tmp_path / "tree" / "same.py").symlink_to("a.py")
    assert found(tmp_path / "tree") == ["a.py"]


def test_circles_and_broken_links_are_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "b.py").symlink_to("c.py")
    (tmp_path / "c.py").symlink_to("b.py")
    (tmp_path / "nothing.py").symlink_to("gone.py")
    assert found(tmp_path) == ["a.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_a_fifo_is_never_opened(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    assert found(tmp_path) == ["a.py"]
    (trouble,) = discover([tmp_path / "pipe.py"]).troubles
    assert trouble.reason == "is a named pipe, not a file"
    with pytest.raises(FileTrouble, match="named pipe"):
        read_bytes(tmp_path / "pipe.py")


def test_one_bad_path_does_not_stop_the_others(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    (tmp_path / "x.py").symlink_to("x.py")
    paths = [tmp_path / "gone.py", tmp_path / "x.py", tmp_path / "a.py", Path("nul\0byte"), Path("/dev/null")]
    result = discover(paths)
    assert [each.path.name for each in result.files] == ["a.py"]
    with pytest.raises(ValueError, match="embedded null") as nameless:
        os.stat("nul\0byte")  # Python 3.13 says it in other words than those before
    assert [trouble.reason for trouble in result.troubles] == [
        "no such file",
        "symbolic links lead in a circle",
        str(nameless.value),
        "is a device, not a file",
    ]


def test_a_file_is_named_once(tmp_path: Path) -> None:
    make(tmp_path, "pkg/a.py")
    paths = [tmp_path, tmp_path / "pkg", tmp_path / "pkg" / "a.py"]
    assert len(discover(paths).files) == 1


@pytest.mark.skipif(AS_ROOT, reason="root may read anything")
def test_an_unreadable_directory_is_named_and_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "closed/b.py")
    (tmp_path / "closed").chmod(0)
    try:
        result = discover([tmp_path])
    finally:
        (tmp_path / "closed").chmod(0o755)
    assert [each.path.name for each in result.files] == ["a.py"]
    assert [trouble.reason for trouble in result.troubles] == ["permission denied"]


def test_a_deep_tree_is_searched_to_its_end(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    here = os.getcwd()
    levels = 0
    try:
        os.chdir(tmp_path)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
            levels += 1
        assert found(tmp_path) == ["a.py"]
    finally:
        for _ in range(levels):  # pytest's own cleaning up would recurse too deeply
            os.chdir("..")
            os.rmdir("d")
        os.chdir(here)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    with open(tmp_path / "huge.py", "wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(FileTrouble, match="larger than 64 MB"):
        read_bytes(tmp_path / "huge.py")
