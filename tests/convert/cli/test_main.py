"""The entry: version, help, mistyped commands, broken pipes, interrupts, and faults of our own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]
NNFLIP = [sys.executable, "-m", "nnflip.convert"]


def test_version(nnflip_run: Runner) -> None:
    done = nnflip_run("--version")
    assert done.code == 0
    assert done.out.startswith(b"nnflip 0.")


def test_help_names_every_command(nnflip_run: Runner) -> None:
    text = nnflip_run("--help").out.decode()
    assert [name for name in ("convert", "diff", "verify", "check", "explain", "ops") if name not in text] == []


@pytest.mark.parametrize("command", ["convert", "diff", "verify", "check", "explain", "ops"])
def test_every_command_has_help(nnflip_run: Runner, command: str) -> None:
    assert nnflip_run(command, "--help").code == 0


def test_a_mistyped_command_is_told(nnflip_run: Runner) -> None:
    done = nnflip_run("convret")
    assert done.code == 2
    assert "Did you mean 'convert'?" in done.err


@pytest.mark.usefixtures("engine")
def test_an_interrupt_exits_130(nnflip_run: Runner, net: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nnflip.convert.convert_source", interrupt)
    done = nnflip_run("convert", net, "--to", "module")
    assert done.code == 130
    assert "Traceback" not in done.err


def test_a_fault_of_ours_is_one_line(nnflip_run: Runner, monkeypatch: pytest.MonkeyPatch, net: Path) -> None:
    def fail(*args: object, **options: object) -> None:
        raise ZeroDivisionError("oh\nno")

    monkeypatch.setattr("nnflip.convert.cli.gather.discover", fail)
    done = nnflip_run("convert", net, "--to", "module")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "internal error (ZeroDivisionError: oh no); please report this as a bug of nnflip" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently there")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    reader = "import sys; sys.stdin.readline()"
    writer = subprocess.Popen([*NNFLIP, "ops", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stderr is not None
    subprocess.run([sys.executable, "-c", reader], stdin=writer.stdout, check=True)
    writer.stdout.close()
    complaint = writer.stderr.read()
    writer.stderr.close()
    assert writer.wait() in (0, 141, 1)
    assert complaint == b""
