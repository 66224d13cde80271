"""A plan: what will change in one model and what stays, decided but not yet written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..diagnostics import Diagnostic, diagnose
from ..inline import Uses
from ..outcome import Converted, StateMove
from ..recognise.model import Model
from .edits import EditList


class Kept(Exception):
    """Raised by a planner where a site cannot be rewritten exactly; `facts` fill the code's template."""

    def __init__(self, code: str, node: ast.AST | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.node = node
        self.facts = facts


@dataclass
class Plan:
    """The decisions for one model, gathered layer by layer. A layer's decisions come together or not at all.

    `through` are the factories that built layers which became functions, with the places that called them.
    """

    model: Model
    edits: EditList = field(default_factory=EditList)
    converted: list[Converted] = field(default_factory=list)
    kept: list[Diagnostic] = field(default_factory=list)
    moves: dict[str, StateMove] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    functions: int = 0  # calls of functions gained, or lost where negative
    modules: int = 0  # constructors of modules gained or lost
    through: Uses = field(default_factory=dict)

    @contextmanager
    def together(self) -> Iterator[None]:
        """All decisions made inside hold, or none if the block raises."""
        lists: list[list[Any]] = [self.edits.edits, self.converted, self.added, self.removed, self.notes]
        lengths, moves = [len(one) for one in lists], dict(self.moves)
        gained = self.functions, self.modules
        try:
            yield
        except BaseException:
            for one, length in zip(lists, lengths, strict=True):
                del one[length:]
            self.moves = moves
            self.functions, self.modules = gained
            raise

    def drop(self) -> None:
        """Take every decision back: the text stays as it is."""
        for decided in (self.edits.edits, self.converted, self.added, self.removed, self.notes):
            decided.clear()
        self.moves.clear()
        self.through.clear()
        self.functions = self.modules = 0

    def gain(self, *, functions: int, modules: int) -> None:
        """Count what the model gains and loses of either style."""
        self.functions += functions
        self.modules += modules

    def keep(self, reason: Kept, site: ast.AST) -> None:
        """Note a site that stays, at its own line."""
        self.kept.append(kept_diagnostic(self.model, reason, site))

    def mend(self, dropout: ast.Call) -> None:
        """Say of a dropout that it follows the mode from now on, which it did not."""
        note = f"line {dropout.lineno}: behaviour changes: this dropout was always on, now eval() turns it off"
        self.notes.append(note)

    def convert(self, site: ast.AST, what: str, *, close: bool = False) -> None:
        """Note a site that is rewritten; `close` where the numbers agree up to rounding only."""
        self.converted.append(Converted(site.lineno, what, close))  # type: ignore[attr-defined]


def kept_diagnostic(model: Model, reason: Kept, site: ast.AST) -> Diagnostic:
    """The diagnostic of a kept site: placed at the node that the reason names, else at the site."""
    place = reason.node or site
    what = " ".join(model.source.says(model.source.origin(site)).split())
    return diagnose(
        reason.code,
        place.lineno,  # type: ignore[attr-defined]
        place.col_offset,  # type: ignore[attr-defined]
        what=what if len(what) <= 120 else what[:117] + "...",
        model=model.name,
        **reason.facts,
    )
