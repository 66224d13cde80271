"""Tensors that a module packs into one where sizes agree: the three projections of attention, in one weight or each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..calls import same_value
from ..shapes import same_text


@dataclass(frozen=True)
class Packing:
    """Which slots there are, decided by sizes rather than by a flag.

    sizes    constructor argument → the one whose value it takes where it is None (`kdim` → `embed_dim`)
    packed   slots that exist where all these sizes agree
    apart    slots that exist where one of them differs
    switch   argument of the function that says which: True where they are apart
    """

    sizes: Mapping[str, str]
    packed: tuple[str, ...]
    apart: tuple[str, ...]
    switch: str

    def settled(self, values: Mapping[str, str]) -> dict[str, str]:
        """Constructor arguments as texts, with what None stands for written out."""
        found = dict(values)
        for name, other in self.sizes.items():
            if same_value(found.get(name, "None"), "None"):
                found[name] = found[other]
        return found

    def is_apart(self, values: Mapping[str, str]) -> bool | None:
        """Whether a size differs, by constructor arguments as texts; None where they do not tell."""
        full = self.settled(values)
        differing = {name: other for name, other in self.sizes.items() if not same_text(full[name], full[other])}
        if not differing:
            return False
        certain = any(full[name].isdigit() and full[other].isdigit() for name, other in differing.items())
        return True if certain else None

    def lacks(self, slot: str, values: Mapping[str, str]) -> bool:
        """Whether a module built so certainly has not got this slot."""
        absent = {True: self.packed, False: self.apart, None: ()}[self.is_apart(values)]
        return slot in absent
