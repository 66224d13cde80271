"""A unit of work that is one class of the file: what it is called, where it stands, what it binds."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from ..recognise.model import Model


@dataclass(frozen=True)
class OfModel:
    """A class that is converted by way of another text of its own."""

    model: Model

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def place(self) -> ast.stmt:
        """What a reason without a place of its own is about."""
        return self.model.node

    @property
    def new_names(self) -> set[str]:
        """Names that the new text binds in the module."""
        return set()

    def restore(self) -> dict[str, str]:
        """The names of its layers are free."""
        return {}
