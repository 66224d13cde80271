"""Starts the process that runs a user's file, talks to it, and ends it with everything it started.

The file can hang, exit, fork, print without end or ask for all memory: each ends in `ChildFailed` within the deadline.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from .scratch import PREFIX, held, release, remove_tree, sweep
from .wire import HEAD_BYTES, BrokenChannel, Message, new_secret, pack, read_text, text_length

_BOOT = """\
import sys; sys.path.extend({paths!r})
from nnflip.convert.verify.confine import confine; confine({limits!r})
from nnflip.convert.verify.child import main; main({fd}, {limits!r})
"""
_KEPT_STDERR = 4096
_TICK = 0.1
_GRACE = 2


class ChildFailed(Exception):
    """The process gave no proper answer; the message says what became of it."""


@dataclass(frozen=True)
class Limits:
    """What one child may use."""

    deadline: float
    memory_mb: int = 4096
    file_mb: int = 64
    answer_mb: int = 2048


class Child:
    """One confined process, spoken to by `send` and `receive`; use it as a context manager."""

    def __init__(self, backend: str, limits: Limits) -> None:
        self._limits = limits
        self._secret = new_secret()
        self._stderr = b""
        sweep()
        self._scratch = tempfile.mkdtemp(prefix=PREFIX)
        self._hold = held(self._scratch)
        self._channel, theirs = socket.socketpair()
        try:
            self._process = self._spawn(backend, theirs)
        except BaseException:
            self._channel.close()
            release(self._hold)
            remove_tree(self._scratch)
            raise
        finally:
            theirs.close()
        self._selector = selectors.DefaultSelector()
        self._channel.setblocking(False)
        self._selector.register(self._channel, selectors.EVENT_READ)
        assert self._process.stderr is not None
        os.set_blocking(self._process.stderr.fileno(), False)
        self._selector.register(self._process.stderr, selectors.EVENT_READ)
        try:
            self._write([self._secret])
        except BaseException:
            self.close()
            raise

    def _spawn(self, backend: str, theirs: socket.socket) -> subprocess.Popen[bytes]:
        seconds = max(1, int(self._limits.deadline - time.monotonic()) + _GRACE)
        limits = {
            "backend": backend,
            "memory_mb": self._limits.memory_mb,
            "file_mb": self._limits.file_mb,
            "cpu_seconds": seconds,
            "scratch": self._scratch,
        }
        code = _BOOT.format(paths=_import_paths(), fd=theirs.fileno(), limits=json.dumps(limits))
        return subprocess.Popen(
            [sys.executable, "-I", "-c", code],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self._scratch,
            env=_environment(self._scratch),
            start_new_session=True,
        )

    def send(self, body: dict[str, Any], blobs: tuple[bytes, ...] = ()) -> None:
        """Sends one request; does not wait for its answer."""
        self._write(pack(self._secret, Message(body, blobs)))

    def receive(self) -> Message:
        """Waits for the answer to the oldest request; raises ChildFailed at the deadline or when the process ended."""
        try:
            length = text_length(self._secret, self._exactly(HEAD_BYTES))
            body, sizes = read_text(self._exactly(length))
            self._allow(sum(sizes))
            message = Message(body, tuple(self._exactly(size) for size in sizes))
        except BrokenChannel as error:
            raise ChildFailed(f"gave {error}") from error
        if "tampered" in body:
            raise ChildFailed(f"changes what verification is made of: {body['tampered']}")
        return message

    def close(self) -> None:
        """Kills the process and all it started, and removes its scratch directory."""
        self._selector.close()
        self._channel.close()
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self._process.kill()
        self._process.wait()
        assert self._process.stderr is not None
        self._process.stderr.close()
        release(self._hold)
        remove_tree(self._scratch)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def _allow(self, size: int) -> None:
        if size > self._limits.answer_mb << 20:
            raise ChildFailed(f"gave an answer of {size >> 20} MB, more than the {self._limits.answer_mb} MB allowed")

    def _exactly(self, size: int) -> bytes:
        self._allow(size)
        received = bytearray()
        while len(received) < size:
            self._wait()
            try:
                part = self._channel.recv(min(size - len(received), 1 << 20))
            except BlockingIOError:
                if self._process.poll() is not None:
                    raise ChildFailed(self._ending()) from None
                continue
            except ConnectionError:
                part = b""
            if not part:
                raise ChildFailed(self._ending())
            received += part
        return bytes(received)

    def _write(self, parts: list[bytes]) -> None:
        for part in parts:
            view = memoryview(part)
            while view:
                self._check_deadline()
                try:
                    view = view[self._channel.send(view) :]
                except BlockingIOError:
                    time.sleep(0.001)
                except OSError:
                    raise ChildFailed(self._ending()) from None

    def _wait(self) -> None:
        self._check_deadline()
        for key, _ in self._selector.select(_TICK):
            if key.fileobj is not self._channel:
                self._drain_stderr()

    def _drain_stderr(self) -> None:
        assert self._process.stderr is not None
        try:
            read = os.read(self._process.stderr.fileno(), 1 << 16)
        except BlockingIOError:
            return
        if not read and self._process.stderr in self._selector.get_map():
            self._selector.unregister(self._process.stderr)
        elif len(self._stderr) < _KEPT_STDERR:
            self._stderr += read[:_KEPT_STDERR]

    def _check_deadline(self) -> None:
        if time.monotonic() > self._limits.deadline:
            raise ChildFailed("did not answer within the time limit: give a longer --timeout")

    def _ending(self) -> str:
        """How the process ended, in words."""
        try:
            code = self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            return "closed its channel without an answer"
        self._drain_stderr()
        last = self._stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        if last == "ModuleNotFoundError: No module named 'torch'":
            return "cannot run on torch: PyTorch is not installed (pip install torch, or leave out --backend)"
        if code < 0 or code > 128:
            number = -code if code < 0 else code - 128
            said = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
            words = f"was ended by {said}"
        else:
            words = f"ended with exit status {code}"
        return f"{words} without an answer" + (f" ({last})" if last else "")


def _import_paths() -> list[str]:
    """Where this process finds modules, less the current directory: the child is isolated and must still find us."""
    here = os.getcwd()
    return [path for path in sys.path if path and os.path.isabs(path) and path != here]


def _environment(scratch: str) -> dict[str, str]:
    """A small environment: one thread per library (sums in one order), and every cache inside the scratch directory."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "HOME": scratch, "TMPDIR": scratch, "XDG_CACHE_HOME": scratch}
