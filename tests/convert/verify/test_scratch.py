"""Scratch directories: those of the killed are swept, those in use and those of others stay."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from nnflip.convert.verify import scratch

pytest.importorskip("fcntl", reason="directories can be locked on posix only")
OWNER = """
import sys, time
from nnflip.convert.verify.scratch import held
kept = held(sys.argv[1])
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An old scratch directory in a temporary directory of its own."""
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    made = tmp_path / f"{scratch.PREFIX}abc"
    made.mkdir()
    (made / "left").write_text("x")
    os.utime(made, (time.time() - 3600,) * 2)
    scratch.sweep.cache_clear()
    yield made
    scratch.sweep.cache_clear()


def test_what_nobody_holds_is_swept(folder):
    scratch.sweep()
    assert not folder.exists()


def test_what_was_just_made_stays(folder):
    os.utime(folder)
    scratch.sweep()
    assert folder.exists()


def test_it_stays_while_its_owner_lives_and_goes_when_the_owner_was_killed(folder):
    with subprocess.Popen([sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"held\n"
        scratch.sweep()
        assert folder.exists()
        owner.send_signal(signal.SIGKILL)
    scratch.sweep.cache_clear()
    scratch.sweep()
    assert not folder.exists()
