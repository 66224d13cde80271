"""What is known of a value before the program runs: that it is a tensor, how many axes it has, what a tuple holds.

Nothing known is None. All else holds on every path to the place that is asked about.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Array:
    """If it has axes, it has `least` to `most` of them (None: any number); `tensor` where it is one for certain."""

    tensor: bool = False
    least: int = 0
    most: int | None = None

    @property
    def rank(self) -> int | None:
        """The number of axes, where only one is possible."""
        return self.least if self.least == self.most else None

    def shifted(self, by: int) -> Array:
        """With so many axes more, or fewer."""
        return Array(self.tensor, max(self.least + by, 0), None if self.most is None else max(self.most + by, 0))

    def within(self, least: int, most: int | None = None) -> Array:
        """The same array, known to have a number of axes in a range; what contradicts itself never runs."""
        upper = self.most if most is None else most if self.most is None else min(self.most, most)
        lower = max(self.least, least)
        return Array(self.tensor, lower, upper if upper is None else max(upper, lower))


@dataclass(frozen=True)
class Row:
    """A tuple: its parts in order, or (None) any number of values that are all as `each` says.

    `grows` for a list, of which nothing is known any more once it has a name.
    """

    parts: tuple[Value | None, ...] | None
    each: Value | None = None
    grows: bool = False

    def any_part(self) -> Value | None:
        """What is known of a part whose place is not."""
        return self.each if self.parts is None else joined(self.parts)


@dataclass(frozen=True)
class Number:
    """A number of Python; `whole` for an int that is no bool."""

    whole: bool = False


@dataclass(frozen=True)
class Callable:
    """A layer of torch, as the constructors that may have made it, or (`listed`) a list of such."""

    built: tuple[ast.expr, ...]
    listed: bool = False


Value = Array | Row | Number | Callable

TENSOR = Array(tensor=True)
WHOLE = Number(whole=True)
REAL = Number()


def tensor(least: int = 0, most: int | None = None) -> Array:
    """A tensor with so many axes."""
    return Array(True, least, most)


def kept(value: Value | None) -> Value | None:
    """What stays known of a value when it gets a name, under which a list may change."""
    match value:
        case Row(grows=True):
            return None
        case Row(parts=parts, each=each):
            return Row(None if parts is None else tuple(kept(part) for part in parts), kept(each))
        case _:
            return value


def joined(values: Iterable[Value | None]) -> Value | None:
    """What is known of a value that is one of these."""
    found: Value | None = None
    for number, value in enumerate(values):
        found = value if number == 0 else _either(found, value)
        if found is None:
            return None
    return found


def _either(one: Value | None, other: Value | None) -> Value | None:
    if one == other:
        return one
    match one, other:
        case Array(), Array():
            most = None if one.most is None or other.most is None else max(one.most, other.most)
            return Array(one.tensor and other.tensor, min(one.least, other.least), most)
        case Row(), Row():
            grows = one.grows or other.grows
            if one.parts is not None and other.parts is not None and len(one.parts) == len(other.parts):
                return Row(tuple(_either(a, b) for a, b in zip(one.parts, other.parts, strict=True)), grows=grows)
            return Row(None, _either(one.any_part(), other.any_part()), grows)
        case Number(), Number():
            return REAL
        case Callable(listed=a), Callable(listed=b) if a == b:
            return Callable((*one.built, *(node for node in other.built if node not in one.built)), a)
        case _:
            return None
