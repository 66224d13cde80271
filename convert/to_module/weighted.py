"""Functional → module, layers with parameters: `F.conv2d(x, self.w, self.b)` and its parameters become one nn.Conv2d.

A layer is all calls that share their tensors. Either all of them and every use of the parameters are understood, or the
layer is kept as it stands.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..ops import Pair
from ..plan.guards import Guards
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import NoName, Speller
from ..recognise.block import block_of
from ..recognise.calls import FunctionCall
from ..recognise.default_init import DefaultInits
from ..recognise.local import tensor_attribute
from ..recognise.model import Method
from ..recognise.padding import with_padding
from ..recognise.plain import plain_definition
from ..recognise.two_sources import other_source
from .arguments import Asker
from .choose import choose_pair
from .counter import Counter, find_counter
from .layer import LayerWriter
from .owned import Owned, owned_tensor
from .settings import fold_settings, is_settled
from .single import single_method
from .sizes import solve_sizes
from .swapped import swapping_method, takes_no_other_path


@dataclass
class Group:
    """Calls that are handed the same tensors, and slot → attribute for these tensors."""

    attributes: Mapping[str, str]
    calls: list[FunctionCall] = field(default_factory=list)

    @property
    def slot(self) -> str:
        """What the attribute that names the layer stands for: the weight, or what comes first."""
        return "weight" if "weight" in self.attributes else next(iter(self.attributes))

    @property
    def turned(self) -> bool:
        """Whether the weight is the transpose of the layer's. Raises Kept where the calls do not agree."""
        if len({call.turned for call in self.calls}) > 1:
            raise Kept("NF203", name=self.primary, reason="it is used as it stands and transposed")
        return self.calls[0].turned

    @property
    def primary(self) -> str:
        """The attribute that names the layer."""
        return self.attributes[self.slot]


def attributes_of(plan: Plan, call: FunctionCall) -> dict[str, str]:
    """Slot → attribute of the class for the tensors a call is handed; Kept where one is anything else."""
    found: dict[str, str] = {}
    for slot in call.pairs[0].handed:
        node = call.args.get(slot.name)
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            continue
        name = tensor_attribute(plan.model, node)
        if name is None and (other := other_source(plan.model, node)) is not None:
            raise Kept("NF293", function=other[0].name, name=other[1])
        if name is None or slot.given:
            raise Kept("NF204", slot=slot.name, function=call.written, text=plan.model.source.says(node))
        found[slot.name] = name
    return found


class WeightedPlanner:
    """Plans the layers with parameters of one model."""

    def __init__(self, plan: Plan, guards: Guards, asker: Asker, names: Names, speller: Speller) -> None:
        self.plan = plan
        self.model = plan.model
        self.guards = guards
        self.asker = asker
        self.names = names
        self.defaults = DefaultInits(plan.model)
        self.swallowed: list[ast.Call] = []
        self.writer = LayerWriter(plan, speller, asker.options.init, self.defaults)

    def plan_layers(self, calls: Sequence[FunctionCall]) -> None:
        """Decide every layer among calls that are handed tensors."""
        groups: dict[frozenset[tuple[str, str]], Group] = {}
        for call in calls:
            try:
                if call.fault:
                    raise Kept("NF217", name=call.written, reason=call.fault)
                attributes = attributes_of(self.plan, call)
            except Kept as reason:
                self.plan.keep(reason, call.node)
                continue
            groups.setdefault(frozenset(attributes.items()), Group(attributes)).calls.append(call)
        for group in groups.values():
            group.calls = with_padding(self.model.source, group.calls)
            found = dict(self.defaults.found)
            try:
                with self.plan.together(), self.names.together():
                    self._check_sharing(group, calls)
                    self._plan_layer(group)
            except Kept as reason:
                self.defaults.found = found
                self._keep(group, reason)
            except NoName as path:
                self.defaults.found = found
                self._keep(group, Kept("NF225", reason=f"no certain name for {path} here"))
        for statement in self.defaults.unneeded():
            self.plan.edits.replace_statement(statement)

    def _keep(self, group: Group, reason: Kept) -> None:
        for call in group.calls:
            self.plan.keep(reason, call.node)

    def _check_sharing(self, group: Group, calls: Sequence[FunctionCall]) -> None:
        """No other call with a twin is handed one of the tensors, and none stands for two arguments."""
        names = list(group.attributes.values())
        for name in names:
            if names.count(name) > 1:
                raise Kept("NF203", name=name, reason="one call takes it as two different arguments")
            for call in calls:
                inside = any(call.node is own.node for own in group.calls)
                if not inside and name in {tensor_attribute(self.model, node) for node in call.args.values()}:
                    reason = f"line {call.node.lineno} uses it with other tensors"
                    raise Kept("NF203", name=name, reason=reason)

    def _plan_layer(self, group: Group) -> None:
        pairs = {pair.module: pair for pair in (choose_pair(self.model, call) for call in group.calls)}
        if len(pairs) > 1:
            raise Kept("NF203", name=group.primary, reason=f"the calls mean {' and '.join(sorted(pairs))}")
        (pair,) = pairs.values()
        self.guards.check_class()
        self.guards.check_kind(pair.module_path)
        owned = self._owned(group, pair)
        if pair.mode:
            self.guards.check_mode()
        nodes = [call.node for call in group.calls]
        running = group.attributes.get("running_mean")
        counter = find_counter(self.model, pair, group.calls, running)
        self._check_counter(group, counter)
        for name in group.attributes.values():
            self.names.free(name)
        swapping = self._swapping(group, pair, owned)
        if swapping is not None:
            self.names.free(swapping.name)
        slot = group.slot if pair.inner else "weight"
        layer = self.names.layer(group.primary, pair.function, slot) if swapping is None else swapping.name
        said = self._settings(group, pair, owned, counter)
        settings, gone = dict(said), list[ast.stmt]()
        if all(tensor.definition.method is self.model.init for tensor in owned.values()):
            settings, gone = fold_settings(self.model, self.guards, layer, said, nodes)
        settings = {name: self._size(text) if name in pair.solved else text for name, text in settings.items()}
        values = solve_sizes(self.model, pair, group.calls[0], settings, owned)
        for call in group.calls[1:]:
            self._check_agreement(group, values, solve_sizes(self.model, pair, call, settings, owned))
        self._check_names(group, values, owned)
        close = False
        if swapping is not None and pair.swap is not None:
            values[pair.swap.flag] = "True"
            close = not takes_no_other_path(self.model, pair, group.calls[0], owned)
        if swapping is not None:
            self.plan.edits.replace_statement(swapping.node)
        self.writer.write(layer, pair, group.calls, owned, values, counter, said={**values, **said}, close=close)
        for statement in gone:
            self.plan.edits.replace_statement(statement)
        self.swallowed += [call.swallows for call in group.calls if call.swallows is not None]

    def _swapping(self, group: Group, pair: Pair, owned: Mapping[str, Owned]) -> Method | None:
        """The method around the call that only swaps axes, or adds the batch, where the module may do that as well."""
        if pair.other_ranks:
            return single_method(self.model, self.guards, pair, group.calls[0]) if len(group.calls) == 1 else None
        method = swapping_method(self.model, self.guards, pair, group.calls, owned)
        if method is None or self.asker.options.respell:
            return method
        return method if takes_no_other_path(self.model, pair, group.calls[0], owned) else None

    def _owned(self, group: Group, pair: Pair) -> dict[str, Owned]:
        """The tensors, in the row's order, all defined in one block of one method."""
        owned: dict[str, Owned] = {}
        for slot in pair.handed:
            if slot.name not in group.attributes:
                continue
            name = group.attributes[slot.name]
            self.guards.check_reach(name)
            self.guards.check_keys(name)
            owned[slot.name] = owned_tensor(self.model, slot, name)
        if group.turned:
            owned["weight"] = _turned(owned["weight"])
        blocks = {id(block_of(self.model.source, tensor.statement)) for tensor in owned.values()}
        if len(blocks) != 1:
            raise Kept("NF208", name=group.primary, count=len(owned))
        for call in group.calls:
            if call.method is None or call.method.self_name is None:
                raise Kept("NF218", function=call.written)
        return owned

    def _settings(
        self, group: Group, pair: Pair, owned: Mapping[str, Owned], counter: Counter | None
    ) -> dict[str, str]:
        """The constructor's arguments that the calls pass, the same from every call."""
        tracks = pair.mode_needs is None or any(
            pair.mode_needs in slot.when for slot in pair.handed if slot.name in owned
        )
        first, counted = _first(owned), None if counter is None or len(group.calls) > 1 else counter.attribute
        found: list[dict[str, str]] = []
        for call in group.calls:
            self.asker.check_training(call, pair, tracks=tracks)
            found.append(self.asker.settings(call, pair, before=first, counter=counted))
            self._check_agreement(group, found[0], found[-1])
        return found[0]

    def _size(self, text: str) -> str:
        """What `self.embed_dim` holds, so that it can be compared with the shapes of the tensors."""
        owner, _, name = text.partition(".")
        ours = self.model.init is not None and owner == self.model.init.self_name and name.isidentifier()
        definition = plain_definition(self.model, name) if ours else None
        if definition is None or definition.value is None or not is_settled(self.model, definition.value):
            return text
        return self.model.source.says(definition.value)

    def _check_agreement(self, group: Group, one: Mapping[str, str], other: Mapping[str, str]) -> None:
        if one != other:
            lines = ", ".join(str(call.node.lineno) for call in group.calls)
            raise Kept("NF203", name=group.primary, reason=f"lines {lines} pass different arguments")

    def _check_names(self, group: Group, values: Mapping[str, str], owned: Mapping[str, Owned]) -> None:
        """What the constructor's arguments name must be bound where the layer is built: before its first tensor."""
        first = _first(owned)
        method = next(iter(owned.values())).definition.method.node
        used = {n.id for text in values.values() for n in ast.walk(ast.parse(f"({text})")) if isinstance(n, ast.Name)}
        stores = [
            node for node in ast.walk(method) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
        ]
        for node in stores:
            if node.id in used and node.lineno >= first.lineno:
                raise Kept("NF205", name=group.primary, text=f"{node.id}, bound anew on line {node.lineno}")

    def _check_counter(self, group: Group, counter: Counter | None) -> None:
        if counter is not None:
            self.guards.check_reach(counter.attribute)
            self.guards.check_keys(counter.attribute)


def _turned(weight: Owned) -> Owned:
    """The parameter as the layer will hold it."""
    return replace(weight, creation=replace(weight.creation, axes=weight.creation.axes[::-1]), turned=True)


def _first(owned: Mapping[str, Owned]) -> ast.stmt:
    """The statement that the layer is built at: that of its first tensor."""
    return min((tensor.statement for tensor in owned.values()), key=lambda statement: statement.lineno)
