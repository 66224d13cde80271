"""The functional form of one layer: what it keeps on self, how that begins, and what its call says.

`nn.Conv2d(1, 16, 5, stride=s)` named conv1 → a setting conv1_stride, parameters conv1_weight and conv1_bias, and
`F.conv2d(…, self.conv1_weight, self.conv1_bias, stride=self.conv1_stride)`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from ..calls import same_value
from ..ops import Pair, Slot
from ..plan.edits import Line, line
from ..plan.initial import created, default_lines, made_tensor
from ..plan.naming import Names
from ..plan.plan import Kept
from ..plan.spelling import Speller
from ..recognise.calls import Construction
from ..recognise.deliberate import Deliberate
from ..recognise.literal import is_constant
from ..recognise.model import Model
from ..recognise.plain import other_store, plain_definition
from ..recognise.surroundings import Surroundings
from ..shapes import ShapeMismatch, evaluate
from ..source.literal import is_literal
from .legal import check_arguments


@dataclass(frozen=True)
class Tensor:
    """One tensor on self: the slot it stands for, its attribute, the condition under which it is not None."""

    slot: Slot
    attribute: str
    made: str
    when: str | None


@dataclass(frozen=True)
class Form:
    """A layer in functional style. `arguments` are the function's settings, with `{self}` for the instance.

    `said` are constructor arguments that were written out; `filled` whether the tensors begin as torch's
    constructor fills them (not for `skip_init`).
    """

    pair: Pair
    settings: tuple[tuple[str, str], ...]
    tensors: tuple[Tensor, ...]
    arguments: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    filled: bool = True
    said: frozenset[str] = frozenset()

    @property
    def counter(self) -> Tensor | None:
        """The batch counter that training advances."""
        if not self.pair.counter:
            return None
        return next((tensor for tensor in self.tensors if tensor.slot.counts), None)

    def attribute(self, slot: str) -> Tensor | None:
        """The tensor of a slot; None where the layer has none."""
        return next((tensor for tensor in self.tensors if tensor.slot.name == slot), None)

    def state_lines(self, self_name: str) -> list[Line]:
        """The statements that put settings and tensors on self."""
        lines = [line(f"{self_name}.{name} = {text}") for name, text in self.settings]
        for tensor in self.tensors:
            if tensor.slot.kind == "buffer":
                lines.append(line(f"{self_name}.register_buffer('{tensor.attribute}', {tensor.made})"))
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
        for tensor in self.tensors:
            own = default_lines(self.pair, tensor.slot, targets, values, bound, partial(speller.spell, at=at))
            if own and tensor.when is not None:
                own = [
                    line(f"if {targets[tensor.slot.name]} is not None:"),
                    *(Line(one.parts, one.depth + 1) for one in own),
                ]
            lines += own
        return lines


class FormReader:
    """Reads constructors of one model into functional forms."""

    def __init__(self, model: Model, surroundings: Surroundings, names: Names, speller: Speller) -> None:
        self.model = model
        self.surroundings = surroundings
        self.source = model.source
        self.names = names
        self.speller = speller

    def read(self, built: Construction, key: str, values_of: Mapping[str, Deliberate] | None = None) -> Form:
        """The form of a layer whose state keys begin with `key`. Raises Kept where there is no exact one.

        `values_of`: slots that begin with deliberate values instead of the default.
        """
        pair = built.pair
        if built.fault:
            raise Kept("NF217", name=built.written, reason=built.fault)
        if pair.ways == "to_module":
            raise Kept("NF215", name=built.written, reason=pair.note, cure="Leave the layer a module.")
        check_arguments(self.source, built)
        values = {name: self._text(node) for name, node in built.args.items()}
        full = {
            param.name: param.default for param in pair.module_signature.params if param.default is not None
        } | values
        tensors = tuple(self._tensors(built, key, full, values_of or {}))
        arguments, settings = self._arguments(built, key.replace(".", "_"), values, tensors)
        return Form(pair, settings, tensors, arguments, full, not built.skips, frozenset(values))

    def _text(self, node: ast.expr) -> str:
        text = self.source.says(node)
        return f"({text})" if "\n" in text or "\r" in text else text

    def _tensors(
        self, built: Construction, key: str, full: Mapping[str, str], values_of: Mapping[str, Deliberate]
    ) -> list[Tensor]:
        found: list[Tensor] = []
        for slot in built.pair.slots:
            if slot.given:
                if not same_value(full[slot.name], "None"):
                    found.append(Tensor(slot, self._name(key, slot), full[slot.name], None))
                continue
            exists, when = self._exists(slot, full)
            if exists:
                made = self._made(built, slot, full, values_of.get(slot.name))
                found.append(Tensor(slot, self._name(key, slot), made, when))
        return found

    def _name(self, key: str, slot: Slot) -> str:
        return self.names.tensor(f"{key}.{slot.name}")

    def _exists(self, slot: Slot, full: Mapping[str, str]) -> tuple[bool, str | None]:
        """Whether the layer has the tensor: yes, no, or under a condition."""
        conditions: list[str] = []
        for flag in slot.when:
            if full[flag] == "False":
                return False, None
            if full[flag] != "True":
                conditions.append(full[flag])
        if conditions and (slot.kind == "buffer" or len(conditions) > 1):
            raise Kept("NF235", text=conditions[0])
        return True, conditions[0] if conditions else None

    def _made(self, built: Construction, slot: Slot, full: Mapping[str, str], chosen: Deliberate | None) -> str:
        """`nn.Parameter(torch.empty(16, 1, 5, 5))`, a zero counter, a buffer's beginning."""
        spell = partial(self.speller.spell, at=built.node)
        factory = {name: full[name] for name in built.pair.factory if not same_value(full[name], "None")}
        given = "".join(f", {name}={text}" for name, text in factory.items())
        if slot.counts:
            device = f", device={factory['device']}" if "device" in factory else ""
            return f"{spell('torch.tensor')}(0, dtype={spell('torch.long')}{device})"
        if chosen is not None and chosen.parameter is not None:
            return self._text(chosen.parameter)
        try:
            axes = evaluate(slot.shape, full, spatial=built.pair.spatial)
        except ShapeMismatch as error:
            raise Kept("NF206", name=slot.name, function=built.written, reason=error.reason) from None
        text = ", ".join(self._axis(axis, built.node) for axis in axes)
        if chosen is not None and chosen.made_by is not None:
            fill = None if chosen.fill is None else self.source.says(chosen.fill)
            tensor = made_tensor(chosen.made_by, text, fill, given, spell)
        elif not slot.counts and built.skips:
            tensor = made_tensor("empty", text, None, given, spell)
        else:
            tensor = created(slot, text, full, given, spell)
        if slot.kind == "buffer":
            return tensor
        frozen = ", requires_grad=False" if chosen is not None and chosen.frozen else ""
        return f"{spell('torch.nn.Parameter')}({tensor}{frozen})"

    def _axis(self, axis: str, at: ast.AST) -> str:
        """`*_pair(k)` with the function as it can be reached here."""
        if not axis.startswith("*_"):
            return axis
        name, _, rest = axis[1:].partition("(")
        return f"*{self.speller.spell(f'torch.nn.modules.utils.{name}', at)}({rest}"

    def _arguments(
        self, built: Construction, prefix: str, values: Mapping[str, str], tensors: tuple[Tensor, ...]
    ) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        """The function's settings, and those that are kept on self because they are known only in __init__."""
        pair = built.pair
        arguments: dict[str, str] = {name: allowed[0] for name, allowed in pair.fixed.items()}
        settings: list[tuple[str, str]] = []
        for name, other in pair.shared.items():
            if name in pair.shape_of:
                arguments[name] = self._shape(built, other, values, tensors, pair.shape_of[name])
                continue
            if other not in values:
                function_default, default = pair.other_defaults.get(name, (None, None))
                if default is not None and default != function_default:
                    arguments[name] = self._as_tuple(pair, other, default)
                continue
            node = built.args[other]
            setting = self._setting(node)
            if setting is not None and other not in pair.tuples:
                arguments[name] = f"{{self}}.{setting}"
            elif self._is_inline(node):
                arguments[name] = self._as_tuple(pair, other, values[other])
            elif other in pair.tuples:
                raise Kept("NF235", text=values[other])
            else:
                attribute = self.names.fresh(f"{prefix}_{other}")
                settings.append((attribute, values[other]))
                arguments[name] = f"{{self}}.{attribute}"
        if pair.mode:
            off = pair.mode_needs is not None and not any(t.slot.when == (pair.mode_needs,) for t in tensors)
            arguments[pair.mode] = "True" if off else "{self}.training"
        handed = {tensor.slot.name: f"{{self}}.{tensor.attribute}" for tensor in tensors if not tensor.slot.counts}
        empty = {slot.name: "None" for slot in pair.handed if slot.name not in handed}
        return arguments | handed | empty, tuple(settings)

    def _setting(self, node: ast.expr) -> str | None:
        """`p` for `self.p` that holds a plain value from __init__ on: the call can read it there."""
        name = self.model.self_attribute(node)
        if name is None or plain_definition(self.model, name) is None:
            return None
        return name if other_store(self.model, self.surroundings, name) is None else None

    def _is_inline(self, node: ast.expr) -> bool:
        """A literal, or a module's constant that no inner scope hides."""
        if is_literal(node):
            return True
        if not is_constant(self.source, node):
            return False
        used = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        return not used & {"self", "x"} and not any(
            used & set(self.source.scopes.inside(method.node).bindings) for method in self.model.methods.values()
        )

    def _as_tuple(self, pair: Pair, argument: str, text: str) -> str:
        """An int that the module spreads over several axes, spread."""
        if argument not in pair.tuples or text.lstrip().startswith(("(", "[")):
            return text
        return f"({', '.join([text] * pair.tuples[argument])})"

    def _shape(
        self, built: Construction, other: str, values: Mapping[str, str], tensors: tuple[Tensor, ...], slot: str
    ) -> str:
        """`normalized_shape` for the function, which takes a sequence where the module takes an int too."""
        node, text = built.args[other], values[other]
        if isinstance(node, (ast.Tuple, ast.List)):
            if is_literal(node):
                return text
        elif is_literal(node):
            return f"({text},)"
        tensor = next((tensor for tensor in tensors if tensor.slot.name == slot and tensor.when is None), None)
        if tensor is None:
            raise Kept("NF235", text=text)
        return f"{{self}}.{tensor.attribute}.shape"
