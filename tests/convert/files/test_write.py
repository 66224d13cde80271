"""The atomic writer: the old content or the new one, never a piece, whatever fails and whenever."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nnflip.convert.files import write
from nnflip.convert.files.trouble import FileTrouble
from nnflip.convert.files.write import create_file, replace_file

OLD = b"import torch\n" * 3000
NEW = b"import torch.nn\n" * 3000
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
CALLS = ("open", "write", "fstat", "chmod", "fsync", "close", "replace", "stat", "access")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_bytes(OLD)
    return path


class Faulty:
    """The os module, but its n-th file-system call fails in the way that `fault` does."""

    def __init__(self, number: int, fault: Callable[[], None], *, after: bool = False) -> None:
        self.left, self.fault, self.after = number, fault, after

    def __getattr__(self, name: str) -> object:
        real = getattr(os, name)
        if name not in CALLS:
            return real

        def call(*args: object, **kwargs: object) -> object:
            self.left -= 1
            if self.left == 0 and not self.after:
                self.fault()
            result = real(*args, **kwargs)
            if self.left == 0 and self.after:
                self.fault()
            return result

        return call


def count_calls(file: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    counter = Faulty(0, lambda: None)
    monkeypatch.setattr(write, "os", counter)
    replace_file(file, NEW, expected=OLD)
    monkeypatch.undo()
    file.write_bytes(OLD)
    assert counter.left < -8, "the writer makes fewer system calls than its steps need"
    return -counter.left


def disk_full() -> None:
    raise OSError(28, "No space left on device")


def interrupted() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("after", [False, True], ids=["instead of the call", "after the call"])
@pytest.mark.parametrize("fault", [disk_full, interrupted])
def test_an_error_at_any_call_leaves_one_whole_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], None], after: bool
) -> None:
    for number in range(1, count_calls(file, monkeypatch) + 1):
        monkeypatch.setattr(write, "os", Faulty(number, fault, after=after))
        with contextlib.suppress(FileTrouble, KeyboardInterrupt):
            replace_file(file, NEW, expected=OLD)
        monkeypatch.undo()
        assert file.read_bytes() in (OLD, NEW)
        assert os.listdir(file.parent) == ["net.py"]
        file.write_bytes(OLD)


KILLED = """
import os, signal, sys, types
from pathlib import Path
from nnflip.convert.files import write
left, path = int(sys.argv[1]), Path(sys.argv[2])
class Deadly:
    def __getattr__(self, name):
        real = getattr(os, name)
        if name not in {calls!r}:
            return real
        def call(*args, **kwargs):
            global left
            left -= 1
            if left == 0:
                if name == "write":
                    real(args[0], args[1][:7])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)
        return call
write.os = Deadly()
write.replace_file(path, {new}, expected={old})
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_kill_at_any_call_leaves_one_whole_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = KILLED.format(calls=CALLS, new='b"import torch.nn\\n" * 3000', old='b"import torch\\n" * 3000')
    total = count_calls(file, monkeypatch)
    for number in range(1, total + 1):
        done = subprocess.run([sys.executable, "-c", script, str(number), str(file)], check=False)
        assert done.returncode == -signal.SIGKILL
        assert file.read_bytes() in (OLD, NEW)
        file.write_bytes(OLD)


def test_the_users_edit_meanwhile_is_never_lost(file: Path) -> None:
    file.write_bytes(b"edited\n")
    with pytest.raises(FileTrouble, match="changed by somebody else"):
        replace_file(file, NEW, expected=OLD)
    assert file.read_bytes() == b"edited\n"


def test_an_edit_while_the_temporary_file_is_written_is_never_lost(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = write._write_synced

    def edit_then_write(temporary: Path, *rest: object) -> None:
        real(temporary, *rest)  # type: ignore[arg-type]
        file.write_bytes(b"edited\n")

    monkeypatch.setattr(write, "_write_synced", edit_then_write)
    with pytest.raises(FileTrouble, match="changed by somebody else"):
        replace_file(file, NEW, expected=OLD)
    assert file.read_bytes() == b"edited\n"
    assert os.listdir(file.parent) == ["net.py"]


def test_a_file_that_is_gone_is_not_made_again(file: Path) -> None:
    file.unlink()
    with pytest.raises(FileTrouble, match="no such file"):
        replace_file(file, NEW, expected=OLD)
    assert not file.exists()


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o4755])
def test_mode_is_kept(file: Path, mode: int) -> None:
    file.chmod(mode)
    replace_file(file, NEW, expected=OLD)
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert file.read_bytes() == NEW


@pytest.mark.skipif(not AS_ROOT, reason="only root can give files away")
def test_owner_is_kept(file: Path) -> None:
    os.chown(file, 12345, 54321)
    replace_file(file, NEW, expected=OLD)
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 54321)


def test_a_link_is_kept_and_its_target_written(file: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "net.py"
    link.symlink_to("../net.py")
    replace_file(link, NEW, expected=OLD)
    assert link.is_symlink()
    assert os.readlink(link) == "../net.py"
    assert file.read_bytes() == NEW
    assert os.listdir(link.parent) == ["net.py"]


def test_hard_links_are_refused_not_parted(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    os.link(file, other)
    with pytest.raises(FileTrouble, match="2 hard links"):
        replace_file(file, NEW, expected=OLD)
    assert file.read_bytes() == OLD
    assert file.stat().st_ino == other.stat().st_ino


def test_a_circle_of_links_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    with pytest.raises(FileTrouble, match="links lead in a circle"):
        replace_file(tmp_path / "a.py", NEW, expected=OLD)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_a_fifo_is_never_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(FileTrouble, match="named pipe"):
        create_file(tmp_path / "pipe.py", NEW)
    with pytest.raises(FileTrouble, match="named pipe"):
        replace_file(tmp_path / "pipe.py", NEW, expected=OLD)


def test_a_directory_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble, match="is a directory"):
        create_file(tmp_path, NEW)


@pytest.mark.skipif(AS_ROOT, reason="root may write anywhere")
def test_a_read_only_file_or_directory_is_one_line(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(FileTrouble, match="read-only"):
        replace_file(file, NEW, expected=OLD)
    file.chmod(0o644)
    file.parent.chmod(0o555)
    try:
        with pytest.raises(FileTrouble, match="permission denied"):
            replace_file(file, NEW, expected=OLD)
    finally:
        file.parent.chmod(0o755)
    assert file.read_bytes() == OLD


@pytest.mark.parametrize(
    "code", [13, 30, 122, 5], ids=["permission", "read-only system", "quota", "input/output error"]
)
def test_what_the_system_refuses_is_one_line(file: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(write, "_write_synced", refuse)
    with pytest.raises(FileTrouble, match="cannot write: "):
        replace_file(file, NEW, expected=OLD)
    assert file.read_bytes() == OLD


def test_short_writes_are_continued(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(write.os, "write", lambda descriptor, data: real(descriptor, data[:1000]))
    replace_file(file, NEW, expected=OLD)
    assert file.read_bytes() == NEW


def test_a_new_file_gets_the_mode_asked_for_less_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        create_file(tmp_path / "out.py", NEW, mode=0o755)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.py").stat().st_mode) == 0o750
    assert (tmp_path / "out.py").read_bytes() == NEW


def test_an_output_file_that_is_there_is_replaced_and_keeps_its_mode(file: Path) -> None:
    file.chmod(0o600)
    create_file(file, NEW, mode=0o755)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == NEW


def test_a_missing_directory_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble, match="no such file"):
        create_file(tmp_path / "nowhere" / "out.py", NEW)


def test_the_longest_file_name_can_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 252 + ".py")
    path.write_bytes(OLD)
    replace_file(path, NEW, expected=OLD)
    assert path.read_bytes() == NEW
