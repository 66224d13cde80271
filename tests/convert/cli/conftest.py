"""The command line run inside the test's own process, on an engine that does as the file's text tells it."""

from __future__ import annotations

import ast
import io
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import nnflip.convert
from nnflip.convert.__main__ import main
from nnflip.convert.diagnostics import Diagnostic, diagnose
from nnflip.convert.outcome import CannotRead, Conversion, Converted, ModelOutcome, Options, StateMove

NET = "import torch\nold = 1  # café\n"


@dataclass(frozen=True)
class Run:
    """What a run of the command left behind."""

    code: int
    out: bytes
    err: str


def fake_convert(text: str, options: Options, *, path: str = "<string>", elsewhere: object = None) -> Conversion:
    """`old` becomes `new`; KEEP is a kept site; BOOM, SPOIL and DIVE are what an engine must never do."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise CannotRead(diagnose("NF101", error.lineno or 1, 0, reason=error.msg)) from None
    if "BOOM" in text:
        raise KeyError("boom")
    if "DIVE" in text:
        return fake_convert(text, options, path=path)
    kept = tuple(
        Diagnostic("NF230", number, 0, "kept for a test", line)
        for number, line in enumerate(text.split("\n"), 1)
        if "KEEP" in line
    )
    new = text.replace("old", "new").replace("SPOIL", "(((")
    sites = tuple(Converted(n, line) for n, line in enumerate(text.split("\n"), 1) if "old" in line)
    moves = {"w": StateMove("fc.weight", "transpose"), "b": StateMove("b")}
    model = ModelOutcome("Net", 2, "functional", options.to, sites, kept, moves, notes=("a note",))
    return Conversion(text, new, (model,))


def fake_check(
    text: str, *, to: str | None = None, also: object = (), path: str = "<string>"
) -> tuple[Diagnostic, ...]:
    """A hazard wherever the text says HAZARD."""
    return tuple(
        Diagnostic("NF202", number, 4, f"found, for a test: {to or '100%'}", line.strip(), "Net")
        for number, line in enumerate(text.split("\n"), 1)
        if "HAZARD" in line
    )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the fake engine behind the library's door."""
    monkeypatch.setattr(nnflip.convert, "convert_source", fake_convert, raising=False)
    monkeypatch.setattr(nnflip.convert, "check_source", fake_check, raising=False)


@pytest.fixture
def nnflip_run(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> Iterator[Callable[..., Run]]:
    """Runs `nnflip` with arguments in tmp_path, as the installed command does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    before = signal.getsignal(signal.SIGTERM)

    def run(*argv: str | Path, stdin: bytes = b"") -> Run:
        monkeypatch.setattr(sys, "argv", ["nnflip", *map(str, argv)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        out, err = capfdbinary.readouterr()
        return Run(code, out, err.decode())

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """A file to convert, with CRLF line ends and a character that is not ASCII."""
    path = tmp_path / "net.py"
    path.write_bytes(NET.replace("\n", "\r\n").encode())
    return path
