"""The functional form of one layer: what it keeps on self, how that begins, and what its call says.

`nn.Conv2d(1, 16, 5, stride=s)` named conv1 → a setting conv1_stride, parameters conv1_weight and conv1_bias, and
`F.conv2d(…, self.conv1_weight, self.conv1_bias, stride=self.conv1_stride)`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from ..ops import Pair, Slot
from ..plan.edits import Line, line
from ..plan.initial import default_lines
from ..plan.spelling import Speller
from .padding import Padding


@dataclass(frozen=True)
class Tensor:
    """One tensor on self: the slot it stands for, its attribute, the condition under which it is not None."""

    slot: Slot
    attribute: str
    made: str
    when: str | None


@dataclass(frozen=True)
class Apart:
    """For a layer that keeps its state on an object of its own: what to call its sizes, which arguments stay on it."""

    sizes: Mapping[str, str] = field(default_factory=dict)
    held: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Form:
    """A layer in functional style. `arguments` are the function's settings, with `{self}` for the instance, and where
    the layer keeps its tensors and settings on an object of its own, `{home}` for that.

    `swaps` where the module swaps axes around the function, `close` where it may then take another path.
    `said` are constructor arguments that were written out; `filled` whether the tensors begin as torch's
    constructor fills them (not for `skip_init`); `padding` what is done to the input before.
    """

    pair: Pair
    settings: tuple[tuple[str, str], ...]
    tensors: tuple[Tensor, ...]
    arguments: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    filled: bool = True
    said: frozenset[str] = frozenset()
    padding: Padding | None = None
    swaps: bool = False
    close: bool = False

    @property
    def counter(self) -> Tensor | None:
        """The batch counter that training advances."""
        if not self.pair.counter:
            return None
        return next((tensor for tensor in self.tensors if tensor.slot.counts), None)

    def at(self, home: str) -> Form:
        """The form where the layer's own object is an expression."""
        return replace(self, arguments={name: text.replace("{home}", home) for name, text in self.arguments.items()})

    def standing(self, name: str, empty: str) -> Form:
        """The form with the layer's own object as the attribute `name`, which begins as `empty`."""
        settings = ((name, empty), *((f"{name}.{setting}", text) for setting, text in self.settings))
        tensors = tuple(replace(tensor, attribute=f"{name}.{tensor.attribute}") for tensor in self.tensors)
        return replace(self.at(f"{{self}}.{name}"), settings=settings, tensors=tensors)

    @property
    def stands_apart(self) -> bool:
        """Whether the layer's tensors are on an object of its own, under the attribute's name."""
        return any("." in tensor.attribute for tensor in self.tensors)

    @property
    def reads_counter(self) -> bool:
        """Whether the call is given the number of batches so far, so that no other call may advance it in between."""
        counter = self.counter
        return counter is not None and any(f".{counter.attribute}." in text for text in self.arguments.values())

    def attribute(self, slot: str) -> Tensor | None:
        """The tensor of a slot; None where the layer has none."""
        return next((tensor for tensor in self.tensors if tensor.slot.name == slot), None)

    def state_lines(self, self_name: str) -> list[Line]:
        """The statements that put settings and tensors on self."""
        lines = [line(f"{self_name}.{name} = {text}") for name, text in self.settings]
        for tensor in self.tensors:
            if tensor.slot.kind == "buffer":
                path, dot, name = f"{self_name}.{tensor.attribute}".rpartition(".")
                lines.append(line(f"{path}{dot}register_buffer('{name}', {tensor.made})"))
            else:
                condition = "" if tensor.when is None else f" if {tensor.when} else None"
                lines.append(line(f"{self_name}.{tensor.attribute} = {tensor.made}{condition}"))
        return lines

    def initial_lines(self, self_name: str, bound: str, speller: Speller, at: ast.AST) -> list[Line]:
        """The statements that fill the tensors as torch's constructor does, in its order."""
        if not self.filled:
            return []
        targets = {tensor.slot.name: f"{self_name}.{tensor.attribute}" for tensor in self.tensors}
        kept = {self.pair.shared.get(name, name): text for name, text in self.arguments.items()}
        values = {name: kept.get(name, text).replace("{self}", self_name) for name, text in self.values.items()}
        lines: list[Line] = []
        for tensor in filter(None, map(self.attribute, (slot.name for slot in self.pair.fill_order))):
            own = default_lines(self.pair, tensor.slot, targets, values, bound, partial(speller.spell, at=at))
            if own and tensor.when is not None:
                own = [
                    line(f"if {targets[tensor.slot.name]} is not None:"),
                    *(Line(one.parts, one.depth + 1) for one in own),
                ]
            lines += own
        return lines
