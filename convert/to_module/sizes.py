"""The constructor's arguments of a layer with parameters: sizes from shapes, flags from which tensors there are."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ..calls import same_value
from ..ops import Pair
from ..ops.packing import Packing
from ..ops.slot import Full, Slot
from ..plan.plan import Kept
from ..recognise.calls import FunctionCall
from ..recognise.model import Model
from ..shapes import ShapeMismatch, names, same_text, solve
from .owned import Owned


def solve_sizes(
    model: Model, pair: Pair, call: FunctionCall, settings: Mapping[str, str], owned: Mapping[str, Owned]
) -> dict[str, str]:
    """Constructor argument → source text for a call and the tensors it is handed. Raises Kept."""
    values = dict(settings)
    for slot in pair.handed:
        if slot.name not in owned:
            continue
        tensor = owned[slot.name]
        known = dict(values)
        for name in names(slot.shape):
            default = pair.module_signature.default(name) if name in pair.module_signature else None
            if name not in known and name not in pair.solved and default is not None:
                known[name] = default
        try:
            values.update(solve(slot.shape, tensor.creation.axes, known, spatial=pair.spatial))
        except ShapeMismatch as error:
            raise Kept("NF206", name=tensor.name, function=call.written, reason=error.reason) from None
        if isinstance(slot.init, Full) and tensor.creation.made_by == "full" and tensor.creation.fill is not None:
            values[slot.init.argument] = tensor.creation.fill
    if pair.packing is not None:
        values = _packed(model, pair.packing, call, values, owned)
    values.update(_flags(pair, call, owned))
    values.update(_factory(pair, call, owned))
    _check_shape_arguments(model, pair, call, values, owned)
    return {name: value for name, value in values.items() if name in pair.module_signature}


def _packed(
    model: Model, packing: Packing, call: FunctionCall, values: Mapping[str, str], owned: Mapping[str, Owned]
) -> dict[str, str]:
    """The sizes without those that the module takes from another; Kept where it would hold other tensors."""
    apart = [name for name in packing.apart if name in owned]
    packed = [name for name in packing.packed if name in owned]
    switch = call.args.get(packing.switch)
    said = "False" if switch is None else model.source.says(switch)
    if (said, len(packed), len(apart)) not in {("False", len(packing.packed), 0), ("True", 0, len(packing.apart))}:
        reason = f"it must be True with {', '.join(packing.apart)}, and False with {', '.join(packing.packed)}"
        raise Kept("NF216", argument=packing.switch, name=call.written, reason=reason)
    if apart and not packing.is_apart(values):
        reason = f"the module has one {' and '.join(packing.packed)} where all sizes agree, which they may here"
        raise Kept("NF216", argument=packing.switch, name=call.written, reason=reason)
    same = {name for name, other in packing.sizes.items() if name in values and same_text(values[name], values[other])}
    return {name: text for name, text in values.items() if name not in same}


def _flags(pair: Pair, call: FunctionCall, owned: Mapping[str, Owned]) -> dict[str, str]:
    """Which tensors there are, as the flags of the constructor: no bias → bias=False."""
    present = {flag for slot in pair.handed if slot.name in owned for flag in slot.when}
    flags: dict[str, str] = {}
    for slot in pair.handed:
        free = [flag for flag in slot.when if flag not in present]
        if slot.name in owned:
            flags.update({flag: "True" for flag in slot.when if pair.module_signature.default(flag) == "False"})
            condition = owned[slot.name].when
            if condition is not None:
                flag = _deciding(pair, slot, owned)
                if flag is None:
                    reason = "it may be None together with another tensor"
                    raise Kept("NF203", name=owned[slot.name].name, reason=reason)
                flags[flag] = condition
        elif slot.given or (pair.packing is not None and slot.name in (*pair.packing.packed, *pair.packing.apart)):
            continue
        elif not free:
            reason = f"there is no nn.{pair.module} without {slot.name} but with the others"
            raise Kept("NF216", argument=slot.name, name=call.written, reason=reason)
        elif not any(flags.get(flag) == "False" for flag in free):
            flags[free[0]] = "False"
    return flags


def _deciding(pair: Pair, slot: Slot, owned: Mapping[str, Owned]) -> str | None:
    """The flag that means the condition under which a tensor is there: all tensors that it decides about agree."""
    condition = owned[slot.name].when
    for flag in slot.when:
        others = [other.name for other in pair.handed if flag in other.when]
        if all(name in owned and owned[name].when == condition for name in others):
            return flag
    return None


def _factory(pair: Pair, call: FunctionCall, owned: Mapping[str, Owned]) -> dict[str, str]:
    """dtype= and device= go to the constructor, if all tensors agree on them."""
    factories = [tensor.creation.factory for tensor in owned.values()]
    if any(factory != factories[0] for factory in factories[1:]):
        raise Kept("NF216", argument="dtype", name=call.written, reason="the tensors differ in dtype or device")
    found = dict(factories[0]) if factories else {}
    if set(found) - set(pair.factory):
        raise Kept("NF216", argument="dtype", name=call.written, reason="the module takes none")
    return found


def _check_shape_arguments(
    model: Model, pair: Pair, call: FunctionCall, values: dict[str, str], owned: Mapping[str, Owned]
) -> None:
    """`normalized_shape` is passed to the function and also the shape of the weight: both must say the same."""
    for argument, slot in pair.shape_of.items():
        node = call.args.get(argument)
        if node is None:
            continue
        target = pair.renames.get(argument, argument)
        text = model.source.says(node)
        if slot not in owned:
            values[target] = text
        elif not _is_shape_of(model, node, owned[slot].name) and not _same_shape(text, values[target]):
            reason = f"{argument} is {text}, and the shape of the parameter is {values[target]}"
            raise Kept("NF206", name=owned[slot].name, function=call.written, reason=reason)


def _is_shape_of(model: Model, node: ast.expr, name: str) -> bool:
    """`self.weight.shape` or `self.weight.size()`."""
    match node:
        case (
            ast.Attribute(value=tensor, attr="shape") | ast.Call(func=ast.Attribute(value=tensor, attr="size"), args=[])
        ):
            return model.self_attribute(tensor) == name
        case _:
            return False


def _same_shape(one: str, other: str) -> bool:
    return same_value(_bare(one), _bare(other)) or same_text(_bare(one), _bare(other))


def _bare(text: str) -> str:
    """A sequence of one is as good as its entry, and a list as good as a tuple."""
    node = ast.parse(f"({text})", mode="eval").body
    if isinstance(node, (ast.Tuple, ast.List)):
        entries = [ast.unparse(entry) for entry in node.elts]
        return entries[0] if len(entries) == 1 else f"({', '.join(entries)})"
    return text
