"""What `--write` replaced, kept outside the project so that `nnflip undo` gives it back byte for byte.

One folder per run: `journal.json` says which file held what, and the old bytes lie beside it. The folder appears whole,
before the first file is replaced, so that a run that is killed half-way can be undone too.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .read import read_bytes
from .trouble import FileTrouble, reason_of

VERSION = 1
MAX_RUNS = 50
MAX_DAYS = 30
_TEMPORARY = ".new-"


@dataclass(frozen=True)
class Change:
    """One file that is about to be replaced."""

    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True)
class Kept:
    """One file of an earlier run: where its old bytes lie, and what each content's SHA-256 is."""

    path: Path
    old: Path
    before: str
    after: str


@dataclass(frozen=True)
class Run:
    """An earlier run, by the folder that remembers it."""

    folder: Path
    when: float
    files: tuple[Kept, ...]


def journal_root() -> Path:
    """Where runs are remembered: below XDG_STATE_HOME, or the system's usual place for such. May raise FileTrouble."""
    given = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA" if os.name == "nt" else "")
    try:
        base = Path(given) if given and os.path.isabs(given) else Path.home() / ".local" / "state"
    except RuntimeError:  # neither HOME nor an entry in the list of users
        raise FileTrouble(Path("~"), "there is no home directory to keep a journal in") from None
    return base / "nnflip" / "journal"


def remember(changes: Sequence[Change]) -> None:
    """Write down a run before it happens, and forget old ones. Raises FileTrouble, with nothing left behind."""
    if not changes:
        return
    root = journal_root()
    now = time.time()
    folder = root / f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    temporary = root / f"{_TEMPORARY}{folder.name}"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary.mkdir(mode=0o700)
        rows = [_row(change, temporary / str(number)) for number, change in enumerate(changes)]
        _put(temporary / "journal.json", json.dumps({"version": VERSION, "when": now, "files": rows}).encode())
        os.rename(temporary, folder)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise FileTrouble(root, f"cannot keep a journal: {reason_of(error)}") from None
    _prune(root, now)


def runs() -> list[Run]:
    """The runs that are remembered, the latest first."""
    try:
        root = journal_root()
    except FileTrouble:
        return []
    found = [run for folder in _folders(root) if (run := _read(folder)) is not None]
    return sorted(found, key=lambda run: run.folder.name, reverse=True)


def still_as_written(kept: Kept) -> bool | None:
    """Whether a file still holds what the run wrote; None if it holds its old bytes again. Raises FileTrouble."""
    digest = hashlib.sha256(read_bytes(kept.path, limit=None)).hexdigest()
    return None if digest == kept.before else digest == kept.after


def old_bytes(kept: Kept) -> bytes:
    """What a file held before the run. Raises FileTrouble if the journal was damaged."""
    content = read_bytes(kept.old, limit=None)
    if hashlib.sha256(content).hexdigest() != kept.before:
        raise FileTrouble(kept.old, "the journal is damaged")
    return content


def forget(run: Run, files: Iterable[Kept]) -> None:
    """Take files out of a run's journal; the run goes with its last file."""
    gone = {each.path for each in files}
    rest = [each for each in run.files if each.path not in gone]
    with suppress(OSError):
        if not rest:
            shutil.rmtree(run.folder)
            return
        rows = [{"path": str(k.path), "old": k.old.name, "before": k.before, "after": k.after} for k in rest]
        fresh = run.folder / "journal.json.new"
        _put(fresh, json.dumps({"version": VERSION, "when": run.when, "files": rows}).encode())
        os.replace(fresh, run.folder / "journal.json")


def _row(change: Change, old: Path) -> dict[str, Any]:
    _put(old, change.before)
    return {
        "path": os.path.realpath(change.path),
        "old": old.name,
        "before": hashlib.sha256(change.before).hexdigest(),
        "after": hashlib.sha256(change.after).hexdigest(),
    }


def _put(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _folders(root: Path) -> list[Path]:
    try:
        return [entry for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith(_TEMPORARY)]
    except OSError:
        return []


def _read(folder: Path) -> Run | None:
    """A run, or None for a folder that is none of ours or is damaged."""
    try:
        read = json.loads((folder / "journal.json").read_bytes())
        if read["version"] != VERSION:
            return None
        files = tuple(
            Kept(Path(row["path"]), folder / Path(row["old"]).name, row["before"], row["after"])
            for row in read["files"]
        )
        return Run(folder, float(read["when"]), files)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _prune(root: Path, now: float) -> None:
    """Forget the runs that are too many or too old, and what a killed run left half-written."""
    with suppress(OSError):
        for entry in root.iterdir():
            if entry.name.startswith(_TEMPORARY) and now - entry.stat().st_mtime > 86_400:
                shutil.rmtree(entry, ignore_errors=True)
    for number, folder in enumerate(sorted(_folders(root), reverse=True)):
        stamp = folder.name.partition("-")[0]
        old = stamp.isdigit() and now - int(stamp) / 1e9 > MAX_DAYS * 86_400
        if stamp.isdigit() and (old or number >= MAX_RUNS):
            shutil.rmtree(folder, ignore_errors=True)
