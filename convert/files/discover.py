"""Which files a list of paths means, as black and ruff understand it.

A file that is named is taken, whatever its name. A directory is searched for `*.py` and `*.ipynb`: `.gitignore` files
count, from the root of the git work tree down, well-known directories of other people's code are skipped, links are not
followed out of the directory, and nothing but regular files is looked at. The answer is sorted and names no file twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .read import require_regular
from .settings import INCLUDE, SettingsBook
from .trouble import FileTrouble, reason_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SKIPPED_DIRECTORIES = frozenset(
    [
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".git-rewrite",
        ".hg",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pants.d",
        ".pyenv",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        ".vscode",
        ".idea",
        ".hypothesis",
        "__pycache__",
        "__pypackages__",
        "_build",
        "buck-out",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    ]
)


@dataclass(frozen=True)
class Found:
    """One file to work on: `root` is the directory that was searched for it, or its own if the user named the file."""

    path: Path
    root: Path
    named: bool


@dataclass(frozen=True)
class Discovery:
    """The files of all paths, in order, and the paths that could not be looked at."""

    files: tuple[Found, ...]
    troubles: tuple[FileTrouble, ...]


@dataclass(frozen=True)
class _Rules:
    """The patterns of one .gitignore, which speak of paths below its directory."""

    base: str
    spec: GitIgnoreSpec

    def verdict(self, path: str) -> bool | None:
        """Whether an absolute path (a directory's ends in `/`) is ignored; None if no pattern speaks of it."""
        return self.spec.check_file(path[len(self.base) :].lstrip("/")).include


def discover(paths: Iterable[Path], *, book: SettingsBook | None = None, apart_from: Path | None = None) -> Discovery:
    """Expand paths to files.

    `book` says what the projects include and exclude; `apart_from` is a directory that is not searched.
    """
    book = book or SettingsBook()
    files: dict[str, Found] = {}
    troubles: list[FileTrouble] = []
    for path in paths:
        try:
            found = os.stat(path)
            if os.path.isdir(path):
                for each in _Search(path, book, apart_from, troubles).files():
                    files.setdefault(os.path.realpath(each), Found(each, path, named=False))
            else:
                require_regular(path, found)
                files.setdefault(os.path.realpath(path), Found(path, path.parent, named=True))
        except FileTrouble as trouble:
            troubles.append(trouble)
        except (OSError, ValueError) as error:
            troubles.append(FileTrouble(path, reason_of(error)))
    return Discovery(tuple(files.values()), tuple(troubles))


class _Search:
    """One directory's search; unreadable places are added to `troubles` and passed over.

    Directories are not entered through links, so the real path of everything inside follows from that of the root.
    """

    def __init__(self, root: Path, book: SettingsBook, apart_from: Path | None, troubles: list[FileTrouble]) -> None:
        from pathspec import GitIgnoreSpec

        self.compile = GitIgnoreSpec.from_lines
        self.root = root
        self.inside = os.path.realpath(root)
        self.apart_from = os.path.realpath(apart_from) if apart_from else None
        self.troubles = troubles
        self.book = book
        settings = book.of(root)
        base = os.path.realpath(settings.origin.parent) if settings.origin else self.inside
        self.extra = (_Rules(base, self.compile(settings.exclude)),) if settings.exclude else ()
        self.endings: str | tuple[str, ...] = (".py", ".ipynb") if settings.include == INCLUDE else ""

    def files(self) -> Iterator[Path]:
        """Regular files that are included, those of a directory before those of its sub-directories."""
        waiting = [(self.root, self.inside, (*self.extra, *self._rules_from_above()))]
        while waiting:
            directory, real, rules = waiting.pop()
            rules = (*rules, *self._rules_in(real))
            inner = []
            for entry in self._entries(directory):
                here = os.path.join(real, entry.name)
                if not entry.is_dir(follow_symlinks=False):
                    path = directory / entry.name
                    if entry.name.endswith(self.endings) and not _ignored(here, rules) and self._takes(entry, path):
                        yield path
                elif not self._skips(entry.name, here, rules):
                    inner.append((directory / entry.name, here, rules))
            waiting.extend(reversed(inner))

    def _entries(self, directory: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(directory) as listing:
                return sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self.troubles.append(FileTrouble(directory, reason_of(error)))
            return []

    def _skips(self, name: str, here: str, rules: tuple[_Rules, ...]) -> bool:
        if name in SKIPPED_DIRECTORIES or here == self.apart_from or _ignored(here + "/", rules):
            return True
        return os.path.exists(os.path.join(here, "pyvenv.cfg"))

    def _takes(self, entry: os.DirEntry[str], path: Path) -> bool:
        if not self.book.of(path).takes(path):
            return False
        try:
            if not entry.is_symlink():
                return entry.is_file()
            target = os.path.realpath(entry.path, strict=True)
            return entry.is_file() and os.path.commonpath([self.inside, target]) == self.inside
        except OSError:  # a link to nothing, or a circle of links
            return False

    def _rules_from_above(self) -> tuple[_Rules, ...]:
        """The .gitignore files between the root of the git work tree and the searched directory."""
        chain: list[str] = []
        place = self.inside
        while not os.path.exists(os.path.join(place, ".git")):
            if os.path.dirname(place) == place:
                return ()
            place = os.path.dirname(place)
            chain.append(place)
        rules = tuple(each for directory in reversed(chain) for each in self._rules_in(directory))
        # A directory that is ignored, but was asked for by name, is searched all the same.
        return () if _ignored(self.inside + "/", rules) else rules

    def _rules_in(self, directory: str) -> tuple[_Rules, ...]:
        path = os.path.join(directory, ".gitignore")
        try:
            if not os.path.isfile(path):
                return ()
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                return (_Rules(directory, self.compile(file.read().split("\n"))),)
        except (OSError, ValueError):
            return ()  # git itself goes on without a .gitignore that it cannot read


def _ignored(path: str, rules: tuple[_Rules, ...]) -> bool:
    """The last rule that speaks of a path decides, inner files after outer ones, as in git."""
    for rule in reversed(rules):
        verdict = rule.verdict(path)
        if verdict is not None:
            return verdict
    return False
