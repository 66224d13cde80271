"""Initial values as source: torch's default initialisation of a row written out, and how deliberate values are written.

Both directions read this: the functional one writes the lines, the module one recognises them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from ..ops import Pair, Slot
from ..ops.slot import (
    DrawnZeros,
    Full,
    KaimingUniform,
    Normal,
    Ones,
    UniformBound,
    UniformFanIn,
    XavierNormal,
    XavierUniform,
)
from ..recognise.deliberate import FILLS
from ..source.literal import is_literal
from .edits import Line, line

Spell = Callable[[str], str]


def draws(slot: Slot) -> bool:
    """Whether the slot's default initialisation takes random numbers."""
    return isinstance(slot.init, (KaimingUniform, UniformFanIn, UniformBound, Normal, XavierUniform, XavierNormal))


def default_lines(
    pair: Pair, slot: Slot, targets: Mapping[str, str], values: Mapping[str, str], bound: str, spell: Spell
) -> list[Line]:
    """The statements that fill a slot as torch's constructor does, after `torch.empty`; none where creation fills it.

    `targets` maps slot names to the text of the tensor (`self.conv1_weight`), `values` constructor arguments to texts.
    """
    target = targets[slot.name]
    match slot.init:
        case KaimingUniform():
            return [line(f"{spell('torch.nn.init.kaiming_uniform_')}({target}, a={spell('math.sqrt')}(5))")]
        case XavierUniform():
            return [line(f"{spell('torch.nn.init.xavier_uniform_')}({target})")]
        case XavierNormal():
            return [line(f"{spell('torch.nn.init.xavier_normal_')}({target})")]
        case DrawnZeros(of=of):
            drawn = _uniform_fan_in(target, targets[of], bound, spell)
            return [*drawn, line(f"{spell('torch.nn.init.zeros_')}({target})")]
        case UniformFanIn(of=of):
            return _uniform_fan_in(target, targets[of], bound, spell)
        case UniformBound(size=size):
            axis = _axis_of(pair, size)
            return _uniform(target, f"{targets[axis[0]]}.size({axis[1]})", bound, spell)
        case Normal(zero_row=zero_row):
            lines = [line(f"{spell('torch.nn.init.normal_')}({target})")]
            row = values.get(zero_row, "None") if zero_row else "None"
            return lines if row == "None" else lines + _zero_row(target, row, spell)
        case _:
            return []


def created(slot: Slot, axes: str, values: Mapping[str, str], factory: str, spell: Spell) -> str:
    """The tensor that a slot begins with: `torch.empty(16, 1, 5, 5)`, `torch.ones(64)`."""
    match slot.init:
        case Ones():
            return made_tensor("ones", axes, None, factory, spell)
        case Full(argument=argument):
            return made_tensor("full", axes, _decimal(values[argument]), factory, spell)
        case _:
            return made_tensor("empty" if draws(slot) else "zeros", axes, None, factory, spell)


def made_tensor(maker: str, axes: str, fill: str | None, factory: str, spell: Spell) -> str:
    """`torch.rand(16, 1, 5, 5)`, `torch.full((16,), 0.25)`."""
    if maker == "full":
        axes = f"({axes}), {fill}" if "," in axes else f"({axes},), {fill}"
    return f"{spell(f'torch.{maker}')}({axes}{factory})"


def deliberate_line(target: str, made_by: str, fill: str | None, value: str, spell: Spell) -> Line | None:
    """The statement that gives a layer's parameter the values that its own definition gave it.

    `torch.rand` → `nn.init.uniform_`; `torch.empty` needs none; anything else is assigned as it was written.
    """
    filler = next((name for name, maker in FILLS.items() if maker == made_by), None)
    if filler is not None:
        arguments = f"{target}, {fill}" if made_by == "full" else target
        return line(f"{spell(f'torch.nn.init.{filler}')}({arguments})")
    if made_by == "empty":
        return None
    return line(f"{target} = {spell('torch.nn.Parameter')}({value})")


def is_default(slot: Slot, made_by: str, values: Mapping[str, str]) -> bool:
    """Whether a tensor made so is what the module's constructor makes anyway, from the same random numbers."""
    match slot.init:
        case Ones():
            return made_by == "ones"
        case Full():
            return made_by == "full"
        case Normal(zero_row=zero_row):
            return made_by == "randn" and values.get(zero_row, "None") == "None"
        case _:
            return made_by == "zeros" and not draws(slot)


def ends_as(slot: Slot, made_by: str) -> bool:
    """Whether the module's constructor leaves the same values, whatever it draws on the way."""
    return isinstance(slot.init, DrawnZeros) and made_by == "zeros"


def _decimal(text: str) -> str:
    """A number as torch.full must be given it to make a floating-point tensor."""
    try:
        value = ast.literal_eval(text)
    except ValueError:
        return text if text.startswith("float(") else f"float({text})"
    return f"{text}.0" if isinstance(value, int) else text


def _zero_row(target: str, row: str, spell: Spell) -> list[Line]:
    """What clears a row, if there is one: a row that is only known when the model is built may be None."""
    depth, lines = 0, []
    if not is_literal(ast.parse(row, mode="eval").body):
        depth, lines = 1, [line(f"if {row} is not None:")]
    with_grad_off = line(f"with {spell('torch.no_grad')}():", depth=depth)
    return [*lines, with_grad_off, line(f"{target}[{row}].fill_(0)", depth=depth + 1)]


def _uniform_fan_in(target: str, weight: str, bound: str, spell: Spell) -> list[Line]:
    """As torch's own reset_parameters spells it, a fan-in of zero included."""
    fan_in = bound.replace("bound", "fan_in")
    return [
        line(f"{fan_in} = {spell('torch.nn.init._calculate_fan_in_and_fan_out')}({weight})[0]"),
        line(f"{bound} = 1 / {spell('math.sqrt')}({fan_in}) if {fan_in} > 0 else 0"),
        line(f"{spell('torch.nn.init.uniform_')}({target}, -{bound}, {bound})"),
    ]


def _uniform(target: str, size: str, bound: str, spell: Spell) -> list[Line]:
    return [
        line(f"{bound} = 1 / {spell('math.sqrt')}({size})"),
        line(f"{spell('torch.nn.init.uniform_')}({target}, -{bound}, {bound})"),
    ]


def _axis_of(pair: Pair, size: str) -> tuple[str, int]:
    """The slot and axis that hold a size of the shape pattern."""
    for slot in pair.slots:
        words = slot.shape.split()
        if size in words:
            return slot.name, words.index(size)
    raise KeyError(size)
