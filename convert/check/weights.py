"""Parameters whose shape does not fit the call that takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..diagnostics import Diagnostic
from ..ops import Pair
from ..recognise.calls import FunctionCall
from ..recognise.creation import parameter_creation
from ..recognise.model import Model
from ..shapes import ShapeMismatch, names, solve
from .scene import Scene


def find_misshapen_weights(scene: Scene) -> Iterator[Diagnostic]:
    """Weights that look transposed, and tensors that cannot belong together."""
    for call in scene.calls:
        model = scene.model_of(call.node)
        if model is None or call.fault or not call.pairs[0].slots:
            continue
        axes = _axes(model, call)
        if "weight" not in axes:
            continue
        name, weight = axes["weight"]
        if call.pairs[0].function == "linear" and _is_transposed(weight, axes.get("bias", ("", ()))[1]):
            yield scene.find("NF303", call.node, shape=f"({', '.join(weight)})", name=name)
            continue
        if (reason := _misfit(call.pairs[0], scene, call, axes)) is not None:
            yield scene.find("NF308", call.node, name=reason[0], function=call.written, reason=reason[1])


def _axes(model: Model, call: FunctionCall) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Slot → attribute and shape, for parameters of the class whose shape stands in the text."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for slot in call.pairs[0].handed:
        name = model.self_attribute(call.args[slot.name]) if slot.name in call.args else None
        definitions = model.attribute(name).definitions if name else []
        made = parameter_creation(model.source, definitions[0]) if len(definitions) == 1 else None
        if name is not None and made is not None and made.axes:
            found[slot.name] = (name, made.axes)
    return found


def _is_transposed(weight: tuple[str, ...], bias: tuple[str, ...]) -> bool:
    return len(weight) == 2 and weight[1:] == bias and weight[:1] != bias


def _misfit(
    pair: Pair, scene: Scene, call: FunctionCall, axes: Mapping[str, tuple[str, tuple[str, ...]]]
) -> tuple[str, str] | None:
    """The attribute that does not fit and why; only what integers and numbers of axes prove."""
    known: dict[str, str] = {}
    for argument, other in pair.shared.items():
        if argument in call.args:
            known[other] = scene.source.says(call.args[argument])
    for slot in pair.handed:
        if slot.name not in axes:
            continue
        name, shape = axes[slot.name]
        for size in names(slot.shape):
            default = pair.module_signature.default(size) if size in pair.module_signature else None
            if size not in known and size not in pair.solved and default is not None:
                known[size] = default
        try:
            known |= solve(slot.shape, shape, known, spatial=pair.spatial)
        except ShapeMismatch as error:
            certain = all(axis.isdigit() for axis in shape) or "should have" in error.reason
            return (name, error.reason) if certain and "cannot be shown" not in error.reason else None
    return None
