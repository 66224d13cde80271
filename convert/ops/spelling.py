"""Other names of a row's function, and names that have no twin at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ..calls import Signature


@dataclass(frozen=True)
class Spelling:
    """Another name of the same function: a dotted path (`torch.relu`) or a tensor method (first argument: the tensor).

    `takes` is its own signature, in the names of the row's function, whatever their order; arguments at its end that
    the row's function does not know are left out. `fixed` are arguments of the row's function that this name implies
    (`F.relu_`: inplace=True). Not `exact`: equal within rounding only.
    """

    function: str = ""
    method: str = ""
    takes: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    exact: bool = True
    note: str = ""

    @cached_property
    def signature(self) -> Signature:
        """`takes`, parsed."""
        return Signature.parse(self.takes)


@dataclass(frozen=True)
class OneWay:
    """A function without a module, or a module without a function: why, and the nearest cure.

    `flag` is the option with which it converts all the same, close and not bit for bit.
    """

    name: str
    side: Literal["function", "module"]
    reason: str
    cure: str
    family: str = ""
    flag: str = ""

    @property
    def path(self) -> str:
        """Canonical dotted path."""
        if "." in self.name:
            return self.name
        return f"torch.nn.{self.name}" if self.side == "module" else f"torch.nn.functional.{self.name}"


@dataclass(frozen=True)
class Lookalike:
    """A call that gives the numbers of a module, but not its gradient or its effect: it stays as it is.

    `when` are the arguments, by name and as source texts, that make it one; `written` is how a reader knows it.
    """

    function: str
    method: str
    takes: str
    when: tuple[Mapping[str, str], ...]
    written: str
    reason: str
    cure: str

    @cached_property
    def signature(self) -> Signature:
        """`takes`, parsed."""
        return Signature.parse(self.takes)


def also(names: str, takes: str, **fixed: str) -> tuple[Spelling, ...]:
    """Spellings with one signature: `also("torch.relu x.relu", "input")`; `x.` begins a method."""
    return tuple(
        Spelling(method=name[2:], takes=takes, fixed=fixed)
        if name.startswith("x.")
        else Spelling(function=name.replace("F.", "torch.nn.functional.", 1), takes=takes, fixed=fixed)
        for name in names.split()
    )
