"""What the functional call is given: the constructor's arguments, said at the call or kept on self for it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ..calls import same_value
from ..ops import Pair
from ..plan.naming import Names
from ..plan.plan import Kept
from ..plan.spelling import Speller
from ..recognise.calls import Construction
from ..recognise.literal import is_constant
from ..recognise.model import Model
from ..recognise.plain import other_store, plain_definition
from ..recognise.surroundings import Surroundings
from ..source.literal import is_literal
from .form import Apart, Tensor

_SPREAD = {2: "_pair", 4: "_quadruple"}


class SettingsReader:
    """Reads the settings of the layers of one model."""

    def __init__(self, model: Model, surroundings: Surroundings, names: Names, speller: Speller) -> None:
        self.model = model
        self.source = model.source
        self.surroundings = surroundings
        self.names = names
        self.speller = speller

    def read(
        self,
        built: Construction,
        prefix: str,
        values: Mapping[str, str],
        tensors: tuple[Tensor, ...],
        apart: Apart | None = None,
    ) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        """The function's settings, and those that are kept on self because they are known only in __init__."""
        pair, home = built.pair, "{self}" if apart is None else "{home}"
        arguments: dict[str, str] = {name: allowed[0] for name, allowed in pair.fixed.items()}
        settings: list[tuple[str, str]] = []
        unsure = {name for name in pair.for_none if name in values and self._may_be_none(built.args[name])}
        for name, other in pair.shared.items():
            if name in pair.shape_of:
                shape = self._shape(built, other, values, tensors, pair.shape_of[name], home)
                if shape is None:  # a number or a sequence: torch spreads it when the layer is made
                    attribute = self.names.fresh(f"{prefix}_{other}") if apart is None else other
                    single = self.speller.spell("torch.nn.modules.utils._single", built.node)
                    settings.append((attribute, f"{single}({values[other]})"))
                    shape = f"{home}.{attribute}"
                arguments[name] = shape
                continue
            if apart is not None and other in apart.held:
                settings.append((other, self._held(built, other, values)))
                arguments[name] = f"{home}.{other}"
                continue
            if other not in values:
                function_default, default = pair.other_defaults.get(name, (None, None))
                if default is not None and default != function_default:
                    arguments[name] = self._as_tuple(pair, other, default)
                continue
            if other in pair.for_none and same_value(values[other], "None"):
                arguments.update(_for_none(name, pair.for_none[other], tensors, home))
                continue
            if other in unsure and not _for_none(name, pair.for_none[other], tensors, home):
                continue  # without statistics it does not matter
            said = self._said(built, other, values)
            if said is None:
                value = self._spread(built, other, values[other]) if other in pair.tuples else values[other]
                attribute = self.names.fresh(f"{prefix}_{other}") if apart is None else other
                settings.append((attribute, value))
            arguments[name] = f"{home}.{attribute}" if said is None else said
            if other in unsure:
                (instead,) = _for_none(name, pair.for_none[other], tensors, home).values()
                arguments[name] = f"{arguments[name]} if {arguments[name]} is not None else {instead}"
        return arguments | _of_tensors(pair, tensors, home), tuple(settings)

    def _said(self, built: Construction, argument: str, values: Mapping[str, str]) -> str | None:
        """How the call can say an argument itself; None where only __init__ knows it."""
        node = built.args[argument]
        setting = self._setting(node)
        if setting is not None and argument not in built.pair.tuples:
            return f"{{self}}.{setting}"
        return self._as_tuple(built.pair, argument, values[argument]) if self._is_inline(node) else None

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

    def _held(self, built: Construction, argument: str, values: Mapping[str, str]) -> str:
        """The value of an argument that several layers say differently, the default where this one says nothing."""
        text = values.get(argument, built.pair.module_signature.default(argument))
        if argument in built.pair.for_none or argument in built.pair.tuples or text is None:
            raise Kept("NF235", text=text)
        return text

    def _may_be_none(self, node: ast.expr) -> bool:
        """Whether an argument may be None: all but numbers, and constants of the module that are numbers."""
        if not isinstance(node, ast.Name) or not is_constant(self.source, node):
            return not is_literal(node)
        bound = [statement for statement in self.source.tree.body if isinstance(statement, ast.Assign)]
        values = [one.value for one in bound for target in one.targets if ast.unparse(target) == node.id]
        return not values or any(isinstance(value, ast.Constant) and value.value is None for value in values)

    def _spread(self, built: Construction, argument: str, text: str) -> str:
        """A padding that may be a number or a tuple, spread by the function that torch's module has for it."""
        length = built.pair.tuples[argument]
        if built.pair.family != "pad" or length not in _SPREAD:
            raise Kept("NF235", text=text)
        return f"{self.speller.spell(f'torch.nn.modules.utils.{_SPREAD[length]}', built.node)}({text})"

    def _as_tuple(self, pair: Pair, argument: str, text: str) -> str:
        """An int that the module spreads over several axes, spread."""
        if argument not in pair.tuples or text.lstrip().startswith(("(", "[")):
            return text
        return f"({', '.join([text] * pair.tuples[argument])})"

    def _shape(
        self,
        built: Construction,
        other: str,
        values: Mapping[str, str],
        tensors: tuple[Tensor, ...],
        slot: str,
        home: str,
    ) -> str | None:
        """`normalized_shape` for the function, which takes a sequence where the module takes an int too.

        None where only __init__ knows it.
        """
        node, text = built.args[other], values[other]
        if isinstance(node, (ast.Tuple, ast.List)):
            if is_literal(node):
                return text
        elif is_literal(node):
            return f"({text},)"
        tensor = next((tensor for tensor in tensors if tensor.slot.name == slot and tensor.when is None), None)
        return None if tensor is None else f"{home}.{tensor.attribute}.shape"


def _of_tensors(pair: Pair, tensors: tuple[Tensor, ...], home: str) -> dict[str, str]:
    """What the function is given beside its settings: the mode, the tensors, None for those that are not there."""
    arguments: dict[str, str] = {}
    if pair.packing is not None and any(tensor.slot.name in pair.packing.apart for tensor in tensors):
        arguments[pair.packing.switch] = "True"
    if pair.mode:
        off = pair.mode_needs is not None and not any(t.slot.when == (pair.mode_needs,) for t in tensors)
        arguments[pair.mode] = "True" if off else "{self}.training"
    handed = {tensor.slot.name: f"{home}.{tensor.attribute}" for tensor in tensors if not tensor.slot.counts}
    empty = {slot.name: "None" for slot in pair.handed if slot.name not in handed}
    return arguments | handed | empty


def _for_none(name: str, template: str, tensors: tuple[Tensor, ...], home: str) -> dict[str, str]:
    """What stands for None; nothing at all where there are no statistics that it would matter to."""
    counter = next((tensor.attribute for tensor in tensors if tensor.slot.counts), None)
    return {} if counter is None else {name: template.format(counter=f"{home}.{counter}")}
