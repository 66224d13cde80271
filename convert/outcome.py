"""What a conversion is asked and what it answers: frozen values that cross the door of the library.

Nothing here knows how a conversion is done; report, command line and verification read these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from .diagnostics import Diagnostic

Style = Literal["module", "functional", "recommended", "pure"]
InitMode = Literal["keep", "exact", "default"]
Fix = Literal["dropout"]
Goal = Literal["quantize", "hooks", "summary", "func"]
Expand = Literal["rnn"]

STYLES: tuple[str, ...] = get_args(Style)
INIT_MODES: tuple[str, ...] = get_args(InitMode)
FIXES: tuple[str, ...] = get_args(Fix)
GOALS: tuple[str, ...] = get_args(Goal)
EXPANDS: tuple[str, ...] = get_args(Expand)


@dataclass(frozen=True)
class Options:
    """What the user asked for; `fix` names hazards to mend on the way, which changes behaviour and is said so.

    `compat` has converted classes load checkpoints from before the conversion too;
    `only` names the classes to convert, where it is not all of them.
    `goal`, with `to="module"`, is what the modules are for: none is shared, and to quantise them sums are modules too;
    `goal="func"` is another word for `to="pure"`.

    `respell` also converts what computes the same up to rounding only: `x @ w + b` → `nn.Linear`.
    `expand` names layers without a function that are written out step by step, with `to="functional"`.
    `restore`: model → state key → the name it had before an earlier conversion, so that converting back gives the names
    that the file came with.
    """

    to: Style
    init: InitMode = "keep"
    strict: bool = False
    sequential: bool = False
    fix: frozenset[Fix] = frozenset()
    compat: bool = False
    only: frozenset[str] = frozenset()
    goal: Goal | None = None
    restore: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    respell: bool = False
    expand: frozenset[Expand] = frozenset()


@dataclass(frozen=True)
class Converted:
    """One site that was rewritten: its line in the file as it was, and what became of it in a few words.

    `close` where the new arithmetic gives the same up to rounding only.
    """

    line: int
    what: str
    close: bool = False


@dataclass(frozen=True)
class StateMove:
    """Where one state_dict entry went: its new key, and `transform` ("transpose") if its layout changed."""

    key: str
    transform: str | None = None


@dataclass(frozen=True)
class ModelOutcome:
    """One model class of the file.

    `state_map` names every parameter and buffer of the class, unchanged ones too: old key → StateMove. A key that ends
    in `.*` stands for all entries of a child whose own class decides them. `added` are new keys without an old one, and
    `removed` old keys without a new one (a batch counter).
    """

    name: str
    line: int
    style_before: str
    style_after: str
    converted: tuple[Converted, ...] = ()
    kept: tuple[Diagnostic, ...] = ()
    state_map: Mapping[str, StateMove] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def close(self) -> bool:
        """Whether some site gives the same as before up to rounding only."""
        return any(site.close for site in self.converted)


@dataclass(frozen=True)
class Conversion:
    """One file: the new text (the old one where nothing changed), its models, and what was outside any model."""

    source: str
    text: str
    models: tuple[ModelOutcome, ...] = ()
    kept: tuple[Diagnostic, ...] = ()
    converted: tuple[Converted, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the text differs from the source."""
        return self.text != self.source

    @property
    def close(self) -> bool:
        """Whether some model of the file gives the same as before up to rounding only."""
        return any(model.close for model in self.models)

    @property
    def all_converted(self) -> tuple[Converted, ...]:
        """Every converted site of the file, in order of line."""
        found = [*self.converted, *(site for model in self.models for site in model.converted)]
        return tuple(sorted(found, key=lambda site: site.line))

    @property
    def all_kept(self) -> tuple[Diagnostic, ...]:
        """Every kept site of the file, in order of line."""
        found = [*self.kept, *(kept for model in self.models for kept in model.kept)]
        return tuple(sorted(found, key=lambda item: (item.line, item.column, item.code)))


class CannotRead(Exception):
    """The file is not something we can convert: carries one NF1xx diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
