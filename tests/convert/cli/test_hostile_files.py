"""The real engine on files made to break it: converted with every other byte in place, or refused in one line."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]

HEAD = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
"""
PLAIN = HEAD + "        return F.relu(x)  # é\n"

KEEPS = {
    "LF": lambda text: text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "byte order mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "latin-1": lambda text: ("# -*- coding: latin-1 -*-\n" + text).encode("latin-1"),
    "latin-1 on the second line, CRLF": lambda text: (
        ("#!/usr/bin/env python\n# coding=latin-1\n" + text).replace("\n", "\r\n").encode("latin-1")
    ),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "form feed": lambda text: text.replace("\n\nclass", "\n\x0c\nclass").encode(),
    "no line end at the end": lambda text: text.rstrip("\n").encode(),
    "trailing blanks": lambda text: text.replace("# é", "# é   \t").encode(),
    "unicode line separators in a comment": lambda text: text.replace("# é", "# é \u2028 \x85").encode(),
}


@pytest.mark.parametrize("form", KEEPS.values(), ids=KEEPS)
def test_all_but_the_change_stays_byte_for_byte(
    nnflip_run: Runner, tmp_path: Path, form: Callable[[str], bytes]
) -> None:
    (tmp_path / "net.py").write_bytes(form(PLAIN))
    done = nnflip_run("convert", "net.py", "--to", "module")
    assert done.code == 0
    unchanged = [line for line in form(PLAIN).splitlines() if b"F.relu" not in line and b"import" not in line]
    assert [line for line in unchanged if line not in done.out.splitlines()] == []
    (tmp_path / "net.py").write_bytes(done.out)
    assert nnflip_run("convert", "net.py", "--to", "module").out == done.out


DEEP = {
    "5,000 parentheses": HEAD + f"        return {'(' * 5000}x{')' * 5000}\n",
    "50,000 chained calls": HEAD + f"        return x{'.relu()' * 50_000}\n",
    "20,000 additions": HEAD + f"        return {'+'.join(['x'] * 20_000)}\n",
    "10,000 minus signs": HEAD + f"        return {'-' * 10_000}x\n",
}
BAD = {
    "null byte": PLAIN.encode() + b"\0",
    "Python 2": b"import torch\nprint 'x'\n",
    "unterminated": b"import torch\nx = '''\n",
    "bad indentation": b"import torch\n  x = 1\n y = 2\n",
    "UTF-16": PLAIN.encode("utf-16"),
    "a wheel": b"PK\x03\x04torch\x00\xff\xfe" * 50,
    "wrong cookie": b"# coding: utf8\nimport torch  # \xe9\n",
    "unknown cookie": b"# coding: klingon\nimport torch\n",
    "cookie of bytes, not text": b"# coding: rot13\nimport torch\n",
    "mark and cookie differ": codecs.BOM_UTF8 + b"# coding: latin-1\nimport torch\n",
    "merge conflict": b"import torch\n<<<<<<< HEAD\nx = 1\n=======\n",
    **{name: text.encode() for name, text in DEEP.items()},
}


@pytest.mark.parametrize("command", [("convert", "--to", "module"), ("check",), ("diff",)], ids=lambda argv: argv[0])
@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_one_line(
    nnflip_run: Runner, tmp_path: Path, raw: bytes, command: tuple[str, ...]
) -> None:
    (tmp_path / "net.py").write_bytes(raw)
    done = nnflip_run(command[0], "net.py", *command[1:])
    assert (done.code, done.out) == (2, b"")
    errors = [line for line in done.err.splitlines() if line.startswith("error:")]
    assert len(errors) == 1
    assert errors[0].startswith("error: net.py:")
    assert "NF1" in errors[0]


@pytest.mark.parametrize("levels", [150, 900])
def test_nesting_that_python_bears_is_borne(nnflip_run: Runner, tmp_path: Path, levels: int) -> None:
    (tmp_path / "net.py").write_text(HEAD + f"        return x{'.relu()' * levels}\n")
    assert nnflip_run("convert", "net.py", "--to", "functional").code in (0, 1)
    (tmp_path / "net.py").write_text(HEAD + f"        return {'abs(' * 90}F.relu(x){')' * 90}\n")
    assert b"self.relu(x)" in nnflip_run("convert", "net.py", "--to", "module").out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_strange_things_on_disk_are_one_line_each(nnflip_run: Runner, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "dangling.py").symlink_to("nothing.py")
    (tmp_path / "good.py").write_text(PLAIN)
    done = nnflip_run(
        "convert", "pipe.py", "loop.py", "dangling.py", "gone/x.py", "/dev/zero", "good.py", "--to", "module", "--write"
    )
    assert done.code == 2
    assert [line.removeprefix("error: ") for line in done.err.splitlines() if line.startswith("error:")] == [
        "pipe.py: is a named pipe, not a file",
        "loop.py: symbolic links lead in a circle",
        "dangling.py: no such file",
        "gone/x.py: no such file",
        "/dev/zero: is a device, not a file",
    ]
    assert "self.relu(x)" in (tmp_path / "good.py").read_text()


def test_hard_links_are_not_parted(nnflip_run: Runner, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(PLAIN)
    os.link(tmp_path / "net.py", tmp_path / "twin.py")
    done = nnflip_run("convert", "net.py", "--to", "module", "--write")
    assert done.code == 2
    assert "2 hard links" in done.err
    assert (tmp_path / "twin.py").read_text() == PLAIN
