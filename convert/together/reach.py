"""Which files of a run can hold objects of a file's classes: those that import it, directly or through others.

Imports are matched by the ends of paths (`models.net` is any `…/models/net.py`), since nobody tells us the import path.
What is matched too much costs a conversion; what is missed would break a file.
"""

from __future__ import annotations

import ast
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from ..recognise.elsewhere import Elsewhere, joined
from ..recognise.surroundings import Surroundings
from ..source import Source
from .seen import helpers_in, names_in, seen_in

Parts = tuple[str, ...]


@dataclass(frozen=True)
class FileFacts:
    """One file: the modules that it may import, as parts of a dotted path, and what it does to their classes.

    `helpers` are functions of it that walk over the modules of whoever calls them; `names` are all that it speaks of.
    """

    imports: frozenset[Parts]
    seen: Elsewhere
    helpers: Mapping[str, Elsewhere]
    names: frozenset[str]


def file_facts(source: Source) -> FileFacts:
    """Read one file."""
    surroundings = Surroundings(source)
    return FileFacts(frozenset(_imports(source)), seen_in(surroundings), helpers_in(surroundings), names_in(source))


def elsewhere_of(facts: Mapping[str, FileFacts], wanted: Iterable[str]) -> dict[str, Elsewhere]:
    """For each wanted file, by its name, what the other files do to its classes."""
    importers = _importers(facts)
    imported: dict[str, set[str]] = defaultdict(set)
    for target, sources in importers.items():
        for name in sources:
            imported[name].add(target)
    found = {}
    for name in wanted:
        others = _reached({name}, importers) - {name}
        helpers = _helpers(facts, others, _reached(others, imported) | others, name)
        found[name] = joined([*(facts[other].seen for other in sorted(others)), *helpers])
    return found


def _helpers(facts: Mapping[str, FileFacts], users: set[str], within: set[str], name: str) -> Iterator[Elsewhere]:
    """What functions do that walk over modules, in files that the users import, if somebody speaks of them."""
    spoken = frozenset().union(*(facts[other].names for other in within)) if users else frozenset()
    for other in sorted(within - {name}):
        yield from (done for function, done in facts[other].helpers.items() if function in spoken)


def _importers(facts: Mapping[str, FileFacts]) -> dict[str, set[str]]:
    """File → the files that import it."""
    by_last: dict[str, list[tuple[Parts, str]]] = defaultdict(list)
    for name in facts:
        parts = _module_parts(name)
        by_last[parts[-1]].append((parts, name))
    importers: dict[str, set[str]] = defaultdict(set)
    for name, file in facts.items():
        for imported in file.imports:
            for parts, target in by_last.get(imported[-1], ()):
                if parts[-len(imported) :] == imported:
                    importers[target].add(name)
    return importers


def _reached(names: set[str], steps: Mapping[str, set[str]]) -> set[str]:
    """The files that steps lead to, however many."""
    found: set[str] = set()
    work = list(names)
    while work:
        new = steps.get(work.pop(), set()) - found
        found |= new
        work += new
    return found


def _module_parts(name: str) -> Parts:
    """`/a/pkg/net.py` → ("/", "a", "pkg", "net"); a package is its folder."""
    path = PurePath(os.path.abspath(name))
    parts = (*path.parts[:-1], path.name.partition(".")[0])
    return parts[:-1] if parts[-1] == "__init__" else parts


def _imports(source: Source) -> Iterator[Parts]:
    """Every module that the file may import; of `from a import b` both `a` and `a.b`, whichever is a file."""
    for node in source.every(ast.Import):
        for alias in node.names:
            yield tuple(alias.name.split("."))
    around = PurePath(os.path.abspath(source.path)).parts[:-1]
    for statement in source.every(ast.ImportFrom):
        base = around[: len(around) - statement.level + 1] if statement.level else ()
        base += tuple((statement.module or "").split(".")) if statement.module else ()
        yield from (base,) if base else ()
        yield from ((*base, alias.name) for alias in statement.names if alias.name != "*")
