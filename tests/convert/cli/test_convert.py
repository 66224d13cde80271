"""`nnflip convert`: where results go, what is said about them, and the exit code."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("engine")
Runner = Callable[..., Any]

OLD = "import torch\r\nold = 1  # café\r\n".encode()
NEW = "import torch\r\nnew = 1  # café\r\n".encode()


def test_one_file_is_printed_byte_for_byte(nnflip_run: Runner, net: Path) -> None:
    done = nnflip_run("convert", net, "--to", "module")
    assert (done.code, done.out) == (0, NEW)
    assert net.read_bytes() == OLD


def test_standard_input_is_read_and_printed(nnflip_run: Runner) -> None:
    done = nnflip_run("convert", "-", "--to", "module", stdin=OLD)
    assert (done.code, done.out) == (0, NEW)


def test_out_writes_one_file(nnflip_run: Runner, net: Path, tmp_path: Path) -> None:
    done = nnflip_run("convert", net, "--to", "module", "-o", "out.py")
    assert (done.code, done.out) == (0, b"")
    assert (tmp_path / "out.py").read_bytes() == NEW
    assert net.read_bytes() == OLD


def test_out_may_be_the_file_itself(nnflip_run: Runner, net: Path) -> None:
    assert nnflip_run("convert", net, "--to", "module", "-o", net).code == 0
    assert net.read_bytes() == NEW


def test_write_overwrites_only_what_changed(nnflip_run: Runner, net: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.py"
    same.write_bytes(b"import torch\n")
    before = os.stat(same)
    assert nnflip_run("convert", tmp_path, "--to", "module", "--write").code == 0
    assert net.read_bytes() == NEW
    assert (os.stat(same).st_ino, os.stat(same).st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_out_dir_gets_every_file_in_its_place(nnflip_run: Runner, tmp_path: Path) -> None:
    for name in ("src/a.py", "src/pkg/b.py", "src/pkg/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(OLD if name != "src/pkg/__init__.py" else b"")
    assert nnflip_run("convert", "src", "--to", "module", "--out-dir", "out").code == 0
    assert (tmp_path / "out/a.py").read_bytes() == NEW
    assert (tmp_path / "out/pkg/b.py").read_bytes() == NEW
    assert (tmp_path / "out/pkg/__init__.py").read_bytes() == b""
    assert (tmp_path / "src/a.py").read_bytes() == OLD


def test_out_dir_keeps_files_of_one_name_apart(nnflip_run: Runner, tmp_path: Path) -> None:
    for name in ("one/net.py", "two/net.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(OLD)
    assert nnflip_run("convert", "one/net.py", "two/net.py", "--to", "module", "--out-dir", "out").code == 0
    assert (tmp_path / "out/one/net.py").read_bytes() == (tmp_path / "out/two/net.py").read_bytes() == NEW


def test_out_dir_never_overwrites_the_source(nnflip_run: Runner, net: Path, tmp_path: Path) -> None:
    done = nnflip_run("convert", net, "--to", "module", "--out-dir", tmp_path)
    assert done.code == 2
    assert "over its own source" in done.err
    assert net.read_bytes() == OLD


def test_diff_prints_a_patch_and_writes_nothing(nnflip_run: Runner, net: Path) -> None:
    done = nnflip_run("convert", "net.py", "--to", "module", "--diff")
    expected = "--- a/net.py\n+++ b/net.py\n@@ -1,2 +1,2 @@\n import torch\r\n-old = 1  # café\r\n+new = 1  # café\r\n"
    assert (done.code, done.out.decode()) == (0, expected)
    assert net.read_bytes() == OLD


def test_the_diff_is_in_the_encoding_of_the_file(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "l.py").write_bytes("# coding: latin-1\nold = 'é'".encode("latin-1"))
    done = nnflip_run("diff", "l.py", "--to", "module")
    assert "-old = 'é'\n\\ No newline at end of file\n+new = 'é'\n\\".encode("latin-1") in done.out


def test_the_report_names_every_state_entry(nnflip_run: Runner, net: Path, tmp_path: Path) -> None:
    assert nnflip_run("convert", "net.py", "--to", "module", "--report", "r.json", "-o", "o.py").code == 0
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["version"] == 1
    (file,) = report["files"]
    (model,) = file["models"]
    assert file["path"] == "net.py"
    assert model["state_map"] == {"w": {"key": "fc.weight", "transform": "transpose"}, "b": "b"}
    assert model["converted"] == [{"line": 2, "what": "old = 1  # café"}]


def test_the_report_never_replaces_a_file_to_be_converted(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "model.txt").write_bytes(OLD)
    done = nnflip_run("convert", "model.txt", "--to", "module", "--report", "model.txt")
    assert done.code == 2
    assert (tmp_path / "model.txt").read_bytes() == OLD


def test_the_summary_is_on_stderr(nnflip_run: Runner, net: Path) -> None:
    done = nnflip_run("convert", "net.py", "--to", "module")
    assert done.err.split("\n") == [
        "net.py:2 Net  functional → module",
        "  converted  line 2  old = 1  # café",
        "  state              w → fc.weight (transposed)",
        "                     1 other entry unchanged",
        "  note               a note",
        "1 of 1 file changed, 1 site converted",
        "",
    ]


def test_a_kept_site_is_said_with_its_reason_and_exits_1(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "k.py").write_text("import torch\nKEEP = old = 1\n")
    done = nnflip_run("convert", "k.py", "--to", "module")
    assert done.code == 1
    assert b"new" in done.out
    assert "line 2  KEEP = old = 1: NF230 outside-a-model: kept for a test" in done.err
    assert "cure NF230  Move the computation into a model class." in done.err


def test_strict_turns_a_kept_site_into_a_failure_without_output(nnflip_run: Runner, net: Path, tmp_path: Path) -> None:
    (tmp_path / "k.py").write_text("import torch\nKEEP = old = 1\n")
    done = nnflip_run("convert", "k.py", "--to", "module", "--strict")
    assert (done.code, done.out) == (2, b"")
    done = nnflip_run("convert", "k.py", net, "--to", "module", "--strict", "--write")
    assert done.code == 2
    assert "nothing was written" in done.err
    assert net.read_bytes() == OLD


BAD = {
    "not python": (b"import torch\nx = = 1\n", "bad.py:2:1 NF101 not-python: invalid syntax"),
    "wrong encoding": (b"import torch\ns = '\xff'\n", "bad.py:2:1 NF103 unreadable-file: byte 0xff is not utf-8"),
    "unknown encoding": (b"# coding: nonsense\nimport torch\n", "bad.py:1:1 NF103 unreadable-file: unknown encoding"),
    "null byte": (b"import torch\n\x00", "bad.py"),
    "engine raises": (b"import torch\nBOOM = 1\n", "bad.py: internal error (KeyError)"),
    "engine spoils the text": (b"import torch\nSPOIL = 1\n", "bad.py: what nnflip made of it is not Python"),
    "engine never ends its recursion": (b"import torch\nDIVE = 1\n", "bad.py:1:1 NF102 too-deep"),
}


@pytest.mark.parametrize(("raw", "said"), BAD.values(), ids=BAD)
def test_a_bad_file_is_one_line_and_stops_no_other(
    nnflip_run: Runner, net: Path, tmp_path: Path, raw: bytes, said: str
) -> None:
    (tmp_path / "bad.py").write_bytes(raw)
    done = nnflip_run("convert", "bad.py", "--to", "module")
    assert (done.code, done.out) == (2, b"")
    assert f"error: {said}" in done.err
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    done = nnflip_run("convert", tmp_path, "--to", "module", "--write")
    assert done.code == 2
    assert said in done.err
    assert net.read_bytes() == NEW
    assert (tmp_path / "bad.py").read_bytes() == raw


def test_a_file_found_without_the_word_torch_is_not_even_decoded(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_bytes(b"x = = '\xff'\n")
    assert nnflip_run("convert", ".", "--to", "module", "--diff").code == 0
    assert nnflip_run("convert", "other.py", "--to", "module").code == 2


def test_nnflip_debug_adds_the_traceback(nnflip_run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNFLIP_DEBUG", "1")
    (tmp_path / "bad.py").write_text("import torch\nBOOM = 1\n")
    assert "KeyError: 'boom'" in nnflip_run("convert", "bad.py", "--to", "module").err


def test_an_edit_while_we_work_is_not_lost(nnflip_run: Runner, net: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nnflip.convert

    real = nnflip.convert.convert_source

    def edit_meanwhile(*args: object, **options: object) -> object:
        net.write_bytes(b"edited\n")
        return real(*args, **options)

    monkeypatch.setattr(nnflip.convert, "convert_source", edit_meanwhile)
    done = nnflip_run("convert", net, "--to", "module", "--write")
    assert done.code == 2
    assert "was changed by somebody else" in done.err
    assert net.read_bytes() == b"edited\n"


def test_a_hundred_thousand_lines_are_converted(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("import torch\n" + "x = 1\n" * 100_000 + "old = 2\n")
    done = nnflip_run("convert", "long.py", "--to", "module")
    assert done.code == 0
    assert done.out.endswith(b"x = 1\nnew = 2\n")


MISUSES = {
    "mistyped style": (("net.py", "--to", "modul"), "did you mean 'module'?"),
    "no style": (("net.py",), "--to"),
    "mistyped option": (("net.py", "--to", "module", "--wriet"), "No such option"),
    "mistyped init": (("net.py", "--to", "module", "--init", "exakt"), "did you mean 'exact'?"),
    "mistyped fix": (("net.py", "--to", "module", "--fix", "droupout"), "did you mean 'dropout'?"),
    "directory without destination": ((".", "--to", "module"), "several files need a destination"),
    "several with --out": (("net.py", "b.py", "--to", "module", "-o", "x.py"), "--out takes one file"),
    "two destinations": (("net.py", "--to", "module", "-o", "x.py", "--write"), "exclude each other"),
    "--out in no directory": (("net.py", "--to", "module", "-o", "no/x.py"), "does not exist"),
    "--out is a directory": (("net.py", "--to", "module", "-o", "."), "use --out-dir"),
    "--report in no directory": (("net.py", "--to", "module", "--report", "no/r.json"), "does not exist"),
    "--report over Python": (("net.py", "--to", "module", "--report", "net.py"), "would replace a Python file"),
    "stdin with --write": (("-", "--to", "module", "--write"), "standard input"),
    "stdin and a file": (("-", "net.py", "--to", "module", "--diff"), "standard input"),
    "no such file": (("gone.py", "--to", "module"), "gone.py: no such file"),
    "not a file": (("/dev/null", "--to", "module"), "is a device, not a file"),
}


@pytest.mark.parametrize(("argv", "said"), MISUSES.values(), ids=MISUSES)
def test_a_misuse_is_told_and_exits_2(nnflip_run: Runner, net: Path, argv: tuple[str, ...], said: str) -> None:
    done = nnflip_run("convert", *argv)
    assert (done.code, done.out) == (2, b"")
    assert said in " ".join(done.err.replace("│", " ").split())
    assert net.read_bytes() == OLD


def test_an_empty_directory_is_no_error(nnflip_run: Runner) -> None:
    done = nnflip_run("convert", ".", "--to", "module", "--write")
    assert (done.code, done.err) == (0, "no Python files here\n")


def test_an_empty_file_stays_empty(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "empty.py").touch()
    done = nnflip_run("convert", "empty.py", "--to", "module")
    assert (done.code, done.out) == (0, b"")


def test_control_characters_in_names_are_shown_not_obeyed(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "\x1b[2Jx.py").write_bytes(OLD)
    done = nnflip_run("convert", tmp_path / "\x1b[2Jx.py", "--to", "module")
    assert "\\x1b[2Jx.py" in done.err
    assert "\x1b" not in done.err


def test_a_broken_pyproject_is_one_line(nnflip_run: Runner, net: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.nnflip]\nexlude = ['x']\n")
    done = nnflip_run("convert", "net.py", "--to", "module")
    assert done.code == 2
    assert "has no key 'exlude'; did you mean 'exclude'?" in done.err
