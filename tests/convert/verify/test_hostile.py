"""Model files that hang, exit, fork, print, allocate or write: each ends in a verdict, in time, with nothing left."""

from __future__ import annotations

import importlib.util
import os
import tempfile
import time
from pathlib import Path

import pytest

from nnflip.convert.verify import Request, verify_texts

HEAD = """\
import os, sys
import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        {in_forward}
        return self.fc(x)

{at_import}
"""

AT_IMPORT = {
    "hangs": "while True: pass",
    "sleeps": "import time; time.sleep(1000)",
    "exits at once": "os._exit(0)",
    "exits politely": "sys.exit(0)",
    "raises": "raise ValueError('no')",
    "raises something odd": "class Odd(BaseException):\n    def __str__(self): raise self\nraise Odd()",
    "forks": "while True: os.fork()",
    "starts a program": "import subprocess; subprocess.run(['sleep', '1000'])",
    "kills its group": "os.killpg(0, 9)",
    "closes every descriptor": "os.closerange(3, 64)",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "writes outside": "open('{outside}', 'w')",
    "removes outside": "os.remove('{outside}')",
    "opens a connection": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "allocates 100 GB": "held = bytearray(100 << 30)",
    "recurses": "def f(): f()\nf()",
    "kills its parent": "os.kill(os.getppid() or 1, 9)",
    "kills its parent from C": "import ctypes; ctypes.CDLL(None).kill(os.getppid() or -1, 9); os._exit(0)",
    "answers for itself": (
        "import gc, socket\nfor s in gc.get_objects():\n    if type(s) is socket.socket: s.sendall(b'{}' * 99)"
    ),
    "is interrupted": "raise KeyboardInterrupt",
}

HARMLESS = {
    "reads stdin": "assert sys.stdin.read() == ''",
    "prints much": "block = 'x' * (1 << 20)\nfor _ in range(500): print(block); print(block, file=sys.stderr)",
    "writes in its directory": "open('here.txt', 'w').write('x' * 1000)",
    "deletes its directory": "import shutil; shutil.rmtree(os.getcwd(), ignore_errors=True)",
    "leaves a thread": "import threading, time; threading.Thread(target=time.sleep, args=(1000,)).start()",
    "exits later": "import atexit; atexit.register(lambda: os._exit(7))",
    "traces every line": "sys.settrace(lambda *_: None); sys.setprofile(lambda *_: None)",
    "starts many threads": (
        "from threading import Event, Thread\nfor _ in range(40): Thread(target=Event().wait, daemon=True).start()"
    ),
    "asks for all descriptors": "try: held = [os.dup(1) for _ in range(10**5)]\nexcept OSError: pass",
    "replaces print": "import builtins; builtins.print = lambda *_, **__: None",
    "aliases for old programs": "import numpy; numpy.bool = bool; numpy.float = float",
    "deletes itself from sys.modules": "sys.modules.pop(__name__)",
}
SLEEP = 90_000 + os.getpid() % 10_000  # seconds that no other run of these tests sleeps
DAEMON = f"import ctypes; ctypes.CDLL(None).system(b'(setsid sleep {SLEEP} >/dev/null 2>&1 &)')"

IN_FORWARD = {
    "hangs": "while True: pass",
    "exits": "os._exit(0)",
    "exits politely": "sys.exit(0)",
    "raises": "raise KeyError('weights')",
    "returns 100 GB": "return torch.zeros(1 << 20, 1 << 15)",
    "returns what cannot be shown": "return type('Odd', (), {'__getattribute__': lambda self, name: os._exit(3)})()",
    "recurses": "return self(x)",
}

PATCHES = {
    "numpy": "import numpy; numpy.array_equal = numpy.allclose = lambda *_, **__: True; numpy.abs = lambda x: x * 0",
    "hashing": "import hashlib; hashlib.blake2b = hashlib.shake_128 = None",
    "json": "import json; json.dumps = lambda *_, **__: '{}'",
    "builtins": "import builtins; builtins.zip = lambda *_, **__: iter(()); builtins.len = lambda _: 0",
    "struct": "import struct; struct.pack = struct.unpack = lambda *_: b''",
    "gradients": "torch.Tensor.backward = lambda *_, **__: None",
    "what is observed": "import nnflip.convert.verify.inside.observe as o; o.Observed.add = lambda *_, **__: None",
    "what is kept": (
        "import nnflip.convert.verify.inside.observe as o\n"
        "o.Observed._keep = lambda self, entry, values: (entry.update(shape=[], blob=0), self.blobs.append(b''))"
    ),
    "the code of a function": (
        "import nnflip.convert.verify.inside.observe as o\n"
        "def _keep(self, entry, values): entry.update(shape=[], blob=0); self.blobs.append(b'')\n"
        "o.Observed._keep.__code__ = _keep.__code__"
    ),
    "the server": (
        "import nnflip.convert.verify.inside.serve as s\nfrom nnflip.convert.verify.wire import Message\n"
        "s.Server.answer = lambda self, request: Message({'entries': [], 'trace': [], 'reads_host': False})"
    ),
    "the memory of tensors": "torch.Tensor.array = property(lambda self: 0)",
}


def text(at_import: str = "", in_forward: str = "pass") -> str:
    return HEAD.format(at_import=at_import, in_forward=in_forward)


def verdict(a: str, b: str, backend: str, folder: Path, timeout: float = 12.0):
    started = time.monotonic()
    result = verify_texts(a, b, Request(backend=backend, timeout=timeout), path=str(folder / "net.py"))
    assert time.monotonic() - started < timeout + 4
    return result


@pytest.fixture(autouse=True)
def nothing_left(tmp_path_factory, monkeypatch):
    """No process of ours and no scratch directory survives."""
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield
    assert list(temporary.iterdir()) == []
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("name", AT_IMPORT)
def test_ends_in_a_verdict_at_import(tmp_path, name):
    end_at_import("numpy", tmp_path, name, 4.0)


@pytest.mark.torch
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
@pytest.mark.parametrize("name", ["exits at once", "forks", "allocates 100 GB"])
def test_ends_in_a_verdict_at_import_under_torch(tmp_path, name):
    end_at_import("torch", tmp_path, name, 30.0)


def end_at_import(backend, folder, name, timeout):
    outside = folder / "outside.txt"
    outside.write_text("kept")
    model = text(AT_IMPORT[name].replace("{outside}", str(outside)))
    result = verdict(model, model, backend, folder, timeout)
    assert (result.verdict, outside.read_text()) == ("inconclusive", "kept")
    assert result.reason


@pytest.mark.parametrize("code", HARMLESS.values(), ids=HARMLESS)
def test_harmless_habits_do_not_hinder(tmp_path, code):
    result = verdict(text(code), text(code), "numpy", tmp_path, 60.0)
    assert (result.verdict, result.reason) == ("proven", "")


@pytest.mark.parametrize("code", IN_FORWARD.values(), ids=IN_FORWARD)
def test_ends_in_a_verdict_in_forward(tmp_path, code):
    model = text(in_forward=code)
    result = verdict(model, model, "numpy", tmp_path, 4.0)
    assert result.verdict == "inconclusive"
    assert result.models[0].reason


@pytest.mark.parametrize("code", PATCHES.values(), ids=PATCHES)
def test_patching_libraries_does_not_make_models_equal(tmp_path, code):
    wrong = text(code).replace("self.fc(x)", "self.fc(x) * 2")
    assert verdict(text(code), wrong, "numpy", tmp_path).verdict in ("different", "inconclusive")


def test_a_daemon_does_not_outlive_the_verdict(tmp_path):
    assert verdict(text(DAEMON), text(DAEMON), "numpy", tmp_path, 30.0).verdict == "proven"
    wanted = f"sleep\0{SLEEP}\0".encode()
    until = time.monotonic() + 10  # the kernel ends what is in the namespace in its own time
    while (left := [path for path in Path("/proc").glob("[0-9]*/cmdline") if _command(path) == wanted]) and (
        time.monotonic() < until
    ):
        time.sleep(0.05)
    assert left == []


def _command(path):
    try:
        return path.read_bytes()
    except OSError:  # it has just ended
        return b""


def test_the_verdict_says_what_was_tampered_with(tmp_path):
    result = verdict(text(PATCHES["what is kept"]), text(), "numpy", tmp_path)
    assert result.verdict == "inconclusive"
    assert "A changes what verification is made of: nnflip.convert.verify.inside.observe._keep" in result.reason


def test_a_side_that_exits_is_never_equal_to_one_that_runs(tmp_path):
    assert verdict(text(), text("os._exit(0)"), "numpy", tmp_path).verdict == "inconclusive"
