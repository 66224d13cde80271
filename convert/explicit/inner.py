"""What the conversion of explicit weights is handed: how texts whose models are classes convert, and other files."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from ..outcome import Conversion, Options
from ..recognise.elsewhere import Elsewhere, Place
from ..source import Source


@dataclass(frozen=True)
class Inner:
    """`convert` converts a text whose models are classes; those that it is told of were made on the way, of functions
    (True) or of a plain class.

    `elsewhere` is what other files of the run do to the names of this one.
    """

    convert: Callable[[str, Options, Mapping[str, bool]], Conversion]
    elsewhere: Elsewhere = field(default_factory=Elsewhere)

    def place(self, names: Collection[str]) -> tuple[str, Place] | None:
        """A place in another file that needs one of these names."""
        for name in sorted(names):
            if place := self.elsewhere.names.get(name) or self.elsewhere.attributes.get(name):
                return name, place
        return None


Then = Callable[[Source, Options, Inner], Conversion | None]


def parses(text: str) -> bool:
    """Whether a text is Python."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True
