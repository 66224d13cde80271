"""Strings that a file puts together at run time and that may be state_dict keys: f"conv{i}.0.weight", base + ".bias".

Such a string is read as a pattern, with a gap wherever a value comes in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..ops import TABLE
from ..source import Source

_GAP = ".*"
_PLACEHOLDER = re.compile(r"%[-+ #0]*[0-9.*]*[sdixr]|\{[^{}]*\}")
_LAST_PARTS = {slot.key.rpartition(".")[2] for pair in TABLE for slot in pair.slots}


@dataclass(frozen=True)
class BuiltKey:
    """A string with gaps: where it stands, and the pattern of what comes before its first dot; None for anything."""

    node: ast.expr
    head: str | None

    def may_name(self, attribute: str) -> bool:
        """Whether it can be a key of a layer or parameter of this name."""
        return self.head is None or re.fullmatch(self.head, attribute) is not None


def built_keys(source: Source) -> Iterator[BuiltKey]:
    """Every string of a file that is put together and may be a key."""
    for kind in (ast.JoinedStr, ast.BinOp, ast.Call):
        for node in source.every(kind):
            if isinstance(source.parent(node), ast.BinOp) and isinstance(node, ast.BinOp):
                continue  # a part of a longer sum
            pieces = list(_pieces(node))
            if None in pieces and any(pieces):
                yield from _key(node, pieces)


def _key(node: ast.expr, pieces: list[str | None]) -> Iterator[BuiltKey]:
    """The key that pieces of text make, None being a gap; nothing where they can make none."""
    text = "".join(_GAP if piece is None else re.escape(piece) for piece in pieces)
    head, dot, _ = text.partition(r"\.")
    if not dot:
        return
    if head.startswith(_GAP):
        last = pieces[-1]
        if last is not None and last.rpartition(".")[2] in _LAST_PARTS:
            yield BuiltKey(node, None)
    else:
        yield BuiltKey(node, head)


def _pieces(node: ast.expr) -> Iterator[str | None]:
    """Texts, and None for each value that comes in; only gaps where the expression is no string at all."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            for value in values:
                yield from _pieces(value) if isinstance(value, ast.Constant) else (None,)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            yield from _filled(text)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            yield from _filled(text)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _pieces(left)
            yield from _pieces(right)
        case _:
            yield None


def _filled(text: str) -> Iterator[str | None]:
    parts = _PLACEHOLDER.split(text)
    for index, part in enumerate(parts):
        yield from (None, part) if index else (part,)
