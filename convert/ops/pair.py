"""One row of the op table: what torch.nn and torch.nn.functional call the same operation, and how they differ.

Only facts are written down; the roles of the arguments follow from them by set algebra. For `F.conv2d` ↔ `nn.Conv2d`:
data = takes − slots − built_by, shared = takes ∩ built_by, solved = names in shape patterns, flags = names in `when`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ..calls import Signature, same_value
from ..shapes import names as pattern_names
from .packing import Packing
from .slot import Counter
from .slot import Slot as Slot
from .spelling import Spelling as Spelling
from .swap import Swap

FACTORY = ("device", "dtype")
"""Constructor arguments for the creation of parameters; the functional twin gives them to `torch.empty`."""

Ways = Literal["both", "to_function", "to_module"]


@dataclass(frozen=True)
class Pair:
    """A function and its module.

    function      name in torch.nn.functional, or a dotted path (`torch.flatten`): what is written in functional style
    takes         its signature
    module        name in torch.nn
    built_by      the constructor's signature
    called_with   the signature of the module's forward
    slots         the tensors that move between function arguments and module attributes, in the order torch makes them
    spatial       axes that an int kernel_size stands for; 0 where there are none
    mode          the function's argument that must be `self.training`
    mode_needs    flag without which the module always passes True instead (`track_running_stats`)
    renames       function argument → constructor argument, where the names differ
    call_renames  function argument → argument of forward, where the names differ
    fixed         function argument → the literals that make it this module; the first is what the module passes
    lengths       function argument → how many entries it must have to be this module (`pad`)
    function_only function argument → why it must be at its default to have a module
    module_only   constructor argument → why it must be at its default to have a function
    call_only     argument of forward → why it must be at its default to have a function
    not_values    constructor argument → {value: why the function cannot take it}
    for_none      constructor argument → what the function is given where the module is given None; {counter} is the
                  layer's batch counter
    padding_modes modes in which the module pads its input by F.pad before it calls the function
    together      constructor arguments → why the two sides part when all of them are given
    ascending     constructor arguments that the constructor wants in ascending order, which the function does not
    tuples        constructor argument → length of the tuple that a number stands for there, but not in the function
    shape_of      function argument → slot whose shape it is (`normalized_shape`)
    packing       tensors that are one where sizes agree, and several where they differ
    swap          a setting with which the module swaps axes around the function
    filled        slots in the order in which torch fills them, where that is not the order it makes them in
    inner         attribute → class of a module that the module is made of, which a walk over modules meets too
    ranks         ranks of input that tell modules with one function apart, and for which module and function agree
    other_ranks   further ranks that the module takes, and reads otherwise than the function
    ways          "to_function" or "to_module" where only one direction is exact
    note          why, where `ways` is not "both"; or what is not bit-identical
    spellings     other names of the same function
    respelled     what computes the same up to rounding, with the weight transposed, and converts under --respell
    traps         sentences for `explain`
    build_positional, call_positional   how many arguments people write by position (None: the required ones)
    """

    function: str
    takes: str
    module: str
    built_by: str = ""
    called_with: str = "input"
    slots: tuple[Slot, ...] = ()
    spatial: int = 0
    mode: str | None = None
    mode_needs: str | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    call_renames: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    function_only: Mapping[str, str] = field(default_factory=dict)
    module_only: Mapping[str, str] = field(default_factory=dict)
    call_only: Mapping[str, str] = field(default_factory=dict)
    not_values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    for_none: Mapping[str, str] = field(default_factory=dict)
    padding_modes: tuple[str, ...] = ()
    together: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    ascending: tuple[str, ...] = ()
    tuples: Mapping[str, int] = field(default_factory=dict)
    shape_of: Mapping[str, str] = field(default_factory=dict)
    packing: Packing | None = None
    swap: Swap | None = None
    filled: tuple[str, ...] = ()
    inner: Mapping[str, str] = field(default_factory=dict)
    ranks: tuple[int, ...] = ()
    other_ranks: tuple[int, ...] = ()
    ways: Ways = "both"
    note: str = ""
    spellings: tuple[Spelling, ...] = ()
    respelled: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    build_positional: int | None = None
    call_positional: int | None = None
    family: str = ""

    # -- names and signatures ----------------------------------------------------------------------------------------

    @property
    def function_path(self) -> str:
        """Canonical dotted path of the function; empty for `nn.Identity`, whose call is its argument."""
        if not self.function:
            return ""
        return self.function if "." in self.function else f"torch.nn.functional.{self.function}"

    @property
    def module_path(self) -> str:
        """Canonical dotted path of the module."""
        return f"torch.nn.{self.module}"

    @cached_property
    def function_signature(self) -> Signature:
        """`takes`, parsed."""
        return Signature.parse(self.takes)

    @cached_property
    def module_signature(self) -> Signature:
        """`built_by`, parsed."""
        return Signature.parse(self.built_by)

    @cached_property
    def forward_signature(self) -> Signature:
        """`called_with`, parsed."""
        return Signature.parse(self.called_with)

    def spelling(self, path: str) -> Spelling:
        """How the function is called under a dotted path, the row's own included; KeyError if it is none of them."""
        if path == self.function_path:
            return Spelling(function=path, takes=self.takes)
        for spelling in self.spellings:
            if spelling.function == path:
                return spelling
        raise KeyError(path)

    def method_spelling(self, method: str) -> Spelling:
        """How the tensor method is called. KeyError if the row has no such method."""
        for spelling in self.spellings:
            if spelling.method == method:
                return spelling
        raise KeyError(method)

    # -- roles, by set algebra ---------------------------------------------------------------------------------------

    @cached_property
    def handed(self) -> tuple[Slot, ...]:
        """The slots that are arguments of the function: all but the counter."""
        return tuple(slot for slot in self.slots if not slot.counts)

    @cached_property
    def fill_order(self) -> tuple[Slot, ...]:
        """The slots in the order in which torch fills them."""
        return tuple(sorted(self.slots, key=lambda slot: self.filled.index(slot.name) if self.filled else 0))

    @cached_property
    def shared(self) -> dict[str, str]:
        """Function argument → constructor argument, for settings that both sides have."""
        apart = {*(slot.name for slot in self.slots), self.mode, *self.fixed, *self.function_only}
        apart |= {self.packing.switch} if self.packing is not None else set()
        candidates = {name: self.renames.get(name, name) for name in self.function_signature.names if name not in apart}
        return {name: other for name, other in candidates.items() if other in self.module_signature}

    @cached_property
    def data(self) -> tuple[str, ...]:
        """Function arguments that are passed to the module's call, in the function's order."""
        taken = {slot.name for slot in self.slots} | set(self.shared) | set(self.function_only) | set(self.fixed)
        taken |= {self.packing.switch} if self.packing is not None else set()
        return tuple(
            name
            for name in self.function_signature.names
            if name not in taken and name != self.mode and name not in self.shape_of
        )

    @cached_property
    def solved(self) -> tuple[str, ...]:
        """Constructor arguments that are read off the shapes of the slots."""
        named = dict.fromkeys(name for slot in self.slots for name in pattern_names(slot.shape))
        divisors = {word.partition("/")[2] for slot in self.slots for word in slot.shape.split()}
        return tuple(name for name in named if name not in divisors and name in self.module_signature)

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """Constructor arguments that say which slots exist."""
        return tuple(dict.fromkeys(flag for slot in self.slots for flag in slot.when))

    @cached_property
    def initial(self) -> tuple[str, ...]:
        """Constructor arguments that matter for the initial state only (`init` of PReLU)."""
        used = dict.fromkeys(name for slot in self.slots for name in slot.init.uses)
        return tuple(name for name in used if name not in self.shared.values() and name not in self.solved)

    @cached_property
    def factory(self) -> tuple[str, ...]:
        """Those of `device` and `dtype` that the constructor takes."""
        return tuple(name for name in FACTORY if name in self.module_signature)

    @cached_property
    def other_defaults(self) -> dict[str, tuple[str | None, str | None]]:
        """Shared function arguments whose default differs: (the function's, the constructor's). None means required."""
        pairs = {
            name: (self.function_signature.default(name), self.module_signature.default(other))
            for name, other in self.shared.items()
        }
        return {name: pair for name, pair in pairs.items() if not _same_default(*pair)}

    @property
    def mode_default(self) -> str | None:
        """What the function's training argument is when it is left out, None where there is none or it is required."""
        return self.function_signature.default(self.mode) if self.mode else None

    @property
    def counter(self) -> bool:
        """Whether the module counts its training batches, which the function cannot (`num_batches_tracked`)."""
        return any(isinstance(slot.init, Counter) and slot.init.runs for slot in self.slots)

    @property
    def inplace(self) -> bool:
        """Whether both sides can work in place."""
        return "inplace" in self.shared

    @property
    def stateless(self) -> bool:
        """Whether the module owns no parameters and no buffers of its own making."""
        return not any(not slot.given for slot in self.slots)

    @cached_property
    def module_positional(self) -> int:
        """How many arguments of the constructor are written by position."""
        return len(self.module_signature.required) if self.build_positional is None else self.build_positional

    @cached_property
    def function_positional(self) -> int:
        """How many arguments of the function are written by position: data, own tensors and what is required."""
        if self.call_positional is not None:
            return self.call_positional
        tensors = {slot.name for slot in self.slots if not slot.given}
        signature = self.function_signature
        count = 0
        for param in signature.params:
            if param.keyword_only or (param.default is not None and param.name not in tensors):
                break
            count += 1
        return count


def _same_default(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return same_value(one, other)
