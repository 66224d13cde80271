"""Module → functional: decides, layer by layer, what becomes parameters and a call of torch.nn.functional."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ..ops import Pair
from ..outcome import StateMove
from ..plan.guards import Guards
from ..plan.initial import draws
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import NoName, Speller
from ..recognise.calls import Construction, construction, one_way_calls, shown
from ..recognise.deliberate import Deliberate, deliberate_values
from ..recognise.model import Attribute, Definition
from ..recognise.surroundings import Surroundings
from ..rewrite import shares_line
from .call import function_call
from .form import Form
from .initialise import Planned, write_definitions
from .leftover import keep_leftover
from .reader import FormReader
from .sequential import SEQUENTIAL, counter_lines, is_sequential, method_lines, read_children
from .uses import check_batch, counting_statement, layer_uses


class FunctionPlanner:
    """Plans the layers of one model that `wanted` asks for."""

    def __init__(
        self, plan: Plan, surroundings: Surroundings, names: Names, speller: Speller, wanted: Callable[[Pair], bool]
    ) -> None:
        self.plan = plan
        self.model = plan.model
        self.guards = Guards(plan.model, surroundings)
        self.names = names
        self.speller = speller
        self.wanted = wanted
        self.reader = FormReader(plan.model, surroundings, names, speller)
        self.planned: list[Planned] = []

    def plan_layers(self, *, sequentials: bool) -> None:
        """Decide every attribute that holds a layer, then write their definitions."""
        for attribute in list(self.model.attributes.values()):
            for definition in attribute.definitions:
                built = construction(self.model, definition.value)
                if built is not None and self.wanted(built.pair):
                    self._try(attribute, definition, lambda a, d, b=built: self._plan_layer(a, d, b))  # type: ignore[misc]
                elif sequentials and is_sequential(self.model, definition.value):
                    self._try(attribute, definition, self._plan_sequential)
        write_definitions(self.plan, self.planned, self.names, self.speller)

    def _try(
        self, attribute: Attribute, definition: Definition, decide: Callable[[Attribute, Definition], Planned]
    ) -> None:
        assert definition.value is not None
        try:
            with self.plan.together():
                self._check(attribute, definition)
                self.planned.append(decide(attribute, definition))
        except Kept as reason:
            self.plan.keep(reason, definition.value)
        except NoName as path:
            self.plan.keep(Kept("NF225", reason=f"no certain name for {path} here"), definition.value)

    def _check(self, attribute: Attribute, definition: Definition) -> None:
        self.guards.check_class()
        self.guards.check_attribute(attribute.name)
        if definition.form not in {"assign", "add_module"} or definition.method.self_name is None:
            raise Kept("NF208", name=attribute.name, count=1)
        for around in self.model.source.ancestors(definition.statement):
            if around is definition.method.node:
                break
            if isinstance(around, (ast.For, ast.AsyncFor, ast.While)):
                raise Kept("NF232", name=attribute.name)
        if shares_line(self.model.source, definition.statement):
            raise Kept("NF227")

    def _check_layer(self, name: str, form: Form) -> None:
        self.guards.check_kind(form.pair.module_path)
        if form.tensors:
            self.guards.check_keys(name)
        if form.pair.mode:
            self.guards.check_mode()

    def _plan_layer(self, attribute: Attribute, definition: Definition, built: Construction) -> Planned:
        name = attribute.name
        chosen = self._deliberate(name, definition, built)
        form = self.reader.read(built, name, chosen)
        self._check_layer(name, form)
        unconditional = {tensor.slot.name: tensor for tensor in form.tensors if tensor.when is None}
        calls, tensors = layer_uses(self.model, name, unconditional.__contains__)
        edits = self.plan.edits
        for call in calls:
            check_batch(self.model, call, [form.pair])
            if form.counter is not None:
                statement = counting_statement(self.model, call, form, name)
                edits.insert(statement, *counter_lines(form, call.self_name))
            parts = function_call(self.model.source, form, call.node, call.self_name, name, self.speller)
            edits.replace(call.node, *parts)
            self.plan.convert(call.node, f"self.{name} → {shown(form.pair.function_path) or 'its argument'}")
        for use in tensors:
            edits.replace(use.node, f"{use.owner}.{unconditional[use.slot].attribute}")
        self._settle(name, [("", form)])
        self.plan.gain(functions=len(calls), modules=-1)
        self.plan.convert(definition.statement, f"{built.written} → {self._summary(form)}")
        assert definition.method.self_name is not None
        return Planned(name, definition.statement, definition.method.self_name, (form,))

    def _plan_sequential(self, attribute: Attribute, definition: Definition) -> Planned:
        name, node = attribute.name, definition.value
        assert isinstance(node, ast.Call)
        assert definition.method.self_name is not None
        self.guards.check_kind(SEQUENTIAL)
        self.guards.check_keys(name)
        children = list(read_children(self.model, self.reader, node, name))
        for child in children:
            self._check_layer(name, child.form)
        calls, _ = layer_uses(self.model, name, lambda _slot: False)
        for call in calls:
            if len(call.node.args) != 1 or call.node.keywords or isinstance(call.node.args[0], ast.Starred):
                raise Kept("NF217", call.node, name=f"self.{name}", reason="a Sequential takes one input")
            check_batch(self.model, call, [child.form.pair for child in children])
        lines = method_lines(self.model, name, children, self.speller, definition.statement)
        self.plan.edits.insert(definition.method.node, *lines, after=True)
        self._settle(name, [(f"{child.key}.", child.form) for child in children])
        self.plan.gain(functions=len(children), modules=-len(children))
        self.plan.convert(definition.statement, f"nn.Sequential → method {name}")
        forms = tuple(child.form for child in children)
        return Planned(name, definition.statement, definition.method.self_name, forms)

    def _deliberate(self, name: str, definition: Definition, built: Construction) -> dict[str, Deliberate]:
        """Initial values that stand right after the constructor, where that has drawn nothing for them itself."""
        drawn = not built.skips and any(draws(slot) for slot in built.pair.slots)
        found = {} if drawn else deliberate_values(self.model, name, definition)
        slots = {slot.name: slot for slot in built.pair.slots}
        if any(key not in slots or slots[key].kind == "buffer" or len(slots[key].when) > 1 for key in found):
            return {}
        for value in found.values():
            for statement in value.statements:
                self.plan.edits.replace_statement(statement)
        return found

    def _settle(self, name: str, forms: list[tuple[str, Form]]) -> None:
        """Where the layer's state goes."""
        for key, form in forms:
            for tensor in form.tensors:
                self.plan.moves[f"{name}.{key}{tensor.slot.name}"] = StateMove(tensor.attribute)

    def _summary(self, form: Form) -> str:
        if not form.tensors:
            return shown(form.pair.function_path) or "nothing"
        return ", ".join(f"self.{tensor.attribute}" for tensor in form.tensors)


def plan_to_function(
    plan: Plan,
    surroundings: Surroundings,
    names: Names,
    speller: Speller,
    wanted: Callable[[Pair], bool],
    *,
    everything: bool,
) -> None:
    """Add to a plan all layers that become functions. `everything`: also Sequentials, and say what cannot."""
    FunctionPlanner(plan, surroundings, names, speller, wanted).plan_layers(sequentials=everything)
    if everything:
        keep_leftover(plan)
        for node, row in one_way_calls(plan.model, "module"):
            plan.keep(Kept("NF215", name=shown(row.path), reason=row.reason, cure=row.cure), node)
