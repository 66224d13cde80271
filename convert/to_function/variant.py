"""What an attribute may hold where it holds one layer or another, and how the variants are told apart."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..plan.edits import Line, line
from .sequential import Child, Guest, Member


@dataclass(frozen=True)
class Variant:
    """What the attribute may hold: layers that run one after the other (none: its input), or None for no layer.

    Among them may be modules that stay.
    """

    node: ast.expr
    word: str
    children: tuple[Member, ...] | None

    @property
    def layers(self) -> list[Child]:
        return [child for child in self.children or () if isinstance(child, Child)]

    @property
    def guests(self) -> list[Guest]:
        return [child for child in self.children or () if isinstance(child, Guest)]

    @property
    def witnesses(self) -> list[str]:
        """Its parameters and modules that are there for certain."""
        tensors = [tensor for child in self.layers for tensor in child.form.tensors]
        certain = [tensor for tensor in tensors if tensor.when is None and tensor.slot.kind == "parameter"]
        return [*(tensor.attribute.partition(".")[0] for tensor in certain), *(one.attribute for one in self.guests)]

    @property
    def has_state(self) -> bool:
        return bool(self.guests) or any(child.form.tensors for child in self.layers)


@dataclass(frozen=True)
class Witness:
    """The attribute that tells the variants apart: `main`'s parameter, or where `main` is None a word for each."""

    attribute: str
    main: Variant | None


def class_word(node: ast.expr) -> str:
    """`DropPath` for `layers.DropPath(p)`."""
    called = node.func if isinstance(node, ast.Call) else node
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else "module"


def told_apart(variants: Sequence[Variant]) -> list[Variant]:
    """Variants whose words differ, but for such as are the same: the second nn.Linear is a Linear_1."""
    found: list[Variant] = []
    for number, variant in enumerate(variants):
        same = next((other for other, one in zip(found, variants, strict=False) if _is_same(variant, one)), None)
        if same is not None:
            found.append(replace(variant, word=same.word))
            continue
        again = variant.children is not None and any(variant.word == other.word for other in found)
        found.append(replace(variant, word=f"{variant.word}_{number}") if again else variant)
    return found


def _is_same(one: Variant, other: Variant) -> bool:
    """Whether both compute the same from nothing but their input."""
    if one.children is None or other.children is None or one.has_state or other.has_state:
        return False
    forms = [
        [(child.form.pair, child.form.arguments, child.form.settings) for child in part.layers] for part in (one, other)
    ]
    return one.word == other.word and forms[0] == forms[1] and not any(settings for _, _, settings in forms[0])


def test_of(witness: Witness, held: Sequence[Variant]) -> str:
    """The test that the attribute holds one of these."""
    if witness.main is not None:
        return f"self.{witness.attribute} is None"
    words = sorted({variant.word for variant in held})
    same = f"== {words[0]!r}" if len(words) == 1 else f"in ({', '.join(map(repr, words))})"
    return f"self.{witness.attribute} {same}"


def witness_lines(witness: Witness | None, variant: Variant, owner: str) -> tuple[Line, ...]:
    """The statements that say which variant the attribute holds."""
    if witness is None or variant is witness.main:
        return ()
    word = "None" if witness.main is not None or variant.children is None else repr(variant.word)
    return (line(f"{owner}.{witness.attribute} = {word}"),)
