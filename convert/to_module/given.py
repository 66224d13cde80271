"""Functional → module, losses with weights: `F.cross_entropy(x, t, self.w)` and its buffer become one module.

The constructor is handed what the buffer was, at the same place, and keeps it as a buffer of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

from ..calls import format_args
from ..ops import Pair
from ..outcome import StateMove
from ..plan.edits import line
from ..plan.guards import Guards
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import NoName, Speller
from ..recognise.block import block_of
from ..recognise.calls import FunctionCall
from ..recognise.model import Definition
from ..rewrite import shares_line
from .arguments import Asker, module_call
from .choose import choose_pair
from .weighted import Group


def is_given(call: FunctionCall) -> bool:
    """Whether a call is handed a tensor that the module would take in its constructor."""
    given = (call.args.get(slot.name) for slot in call.pairs[0].handed if slot.given)
    return any(node is not None and not (isinstance(node, ast.Constant) and node.value is None) for node in given)


class GivenPlanner:
    """Plans the calls that are handed buffers for a constructor's arguments."""

    def __init__(self, plan: Plan, guards: Guards, asker: Asker, names: Names, speller: Speller) -> None:
        self.plan = plan
        self.model = plan.model
        self.guards = guards
        self.asker = asker
        self.names = names
        self.speller = speller

    def plan_calls(self, calls: Sequence[FunctionCall]) -> None:
        """Decide every layer among the calls."""
        groups: dict[frozenset[tuple[str, str]], Group] = {}
        for call in calls:
            try:
                attributes = self._attributes(call)
            except Kept as reason:
                self.plan.keep(reason, call.node)
                continue
            groups.setdefault(frozenset(attributes.items()), Group(attributes)).calls.append(call)
        for group in groups.values():
            try:
                with self.plan.together(), self.names.together():
                    self._check_sharing(group, groups.values())
                    self._plan_group(group)
            except Kept as reason:
                self._keep(group, reason)
            except NoName as path:
                self._keep(group, Kept("NF225", reason=f"no certain name for {path} here"))

    def _check_sharing(self, group: Group, groups: Iterable[Group]) -> None:
        """No other layer is handed one of the tensors. Raises Kept."""
        for other in groups:
            for name in set(group.attributes.values()) & set(other.attributes.values()):
                if other is not group:
                    reason = f"line {other.calls[0].node.lineno} uses it with other tensors, or as another argument"
                    raise Kept("NF203", name=name, reason=reason)

    def _keep(self, group: Group, reason: Kept) -> None:
        for call in group.calls:
            self.plan.keep(reason, call.node)

    def _attributes(self, call: FunctionCall) -> dict[str, str]:
        """Slot → buffer of the class."""
        if call.fault:
            raise Kept("NF217", name=call.written, reason=call.fault)
        if call.method is None or call.method.self_name is None:
            raise Kept("NF218", function=call.written)
        found: dict[str, str] = {}
        for slot in call.pairs[0].handed:
            node = call.args.get(slot.name)
            if node is None or (isinstance(node, ast.Constant) and node.value is None):
                continue
            name = self.model.self_attribute(node)
            if name is None or name in found.values():
                raise Kept("NF204", slot=slot.name, function=call.written, text=self.model.source.says(node))
            found[slot.name] = name
        return found

    def _plan_group(self, group: Group) -> None:
        pairs = [choose_pair(self.model, call) for call in group.calls]
        pair = pairs[0]
        self.guards.check_class()
        self.guards.check_kind(pair.module_path)
        buffers = {slot: self._buffer(slot, name) for slot, name in group.attributes.items()}
        first = self._first(group, list(buffers.values()))
        settings = [self.asker.settings(call, pair, before=first) for call in group.calls]
        if any(one != settings[0] for one in settings) or any(one is not pair for one in pairs):
            lines = ", ".join(str(call.node.lineno) for call in group.calls)
            raise Kept("NF203", name=group.primary, reason=f"lines {lines} pass different arguments")
        for name in group.attributes.values():
            self.names.free(name)
        self._write(group, pair, buffers, settings[0])

    def _buffer(self, slot: str, name: str) -> Definition:
        """The one definition, `self.register_buffer("w", …)` outside loops. Raises Kept."""
        self.guards.check_attribute(name)
        self.guards.check_keys(name)
        definition = self.model.attribute(name).definitions[0]
        saved = definition.call is not None and len(definition.call.args) + len(definition.call.keywords) == 2
        if definition.form != "register_buffer" or not saved or definition.method.self_name is None:
            raise Kept("NF239", definition.statement, name=name, slot=slot)
        for around in self.model.source.ancestors(definition.statement):
            if around is definition.method.node:
                break
            if isinstance(around, (ast.For, ast.AsyncFor, ast.While)):
                raise Kept("NF232", definition.statement, name=name)
        if shares_line(self.model.source, definition.statement):
            raise Kept("NF227", definition.statement)
        return definition

    def _first(self, group: Group, buffers: Sequence[Definition]) -> ast.stmt:
        """Where the module is built. Several buffers are made one after the other, as the constructor takes them."""
        block = block_of(self.model.source, buffers[0].statement)
        statements = [buffer.statement for buffer in buffers]
        start = block.index(statements[0])
        if block[start : start + len(statements)] != statements:
            raise Kept("NF208", name=group.primary, count=len(statements))
        return statements[0]

    def _write(self, group: Group, pair: Pair, buffers: Mapping[str, Definition], settings: Mapping[str, str]) -> None:
        says = self.model.source.says
        base = group.primary if group.primary.endswith("weight") else "weight"
        layer = self.names.layer(base, pair.function)
        first = next(iter(buffers.values()))
        given = {slot: says(one.value) for slot, one in buffers.items() if one.value is not None}
        arguments = format_args(pair.module_signature, {**settings, **given}, positional=pair.module_positional)
        constructor = f"{self.speller.spell(pair.module_path, first.statement)}({arguments})"
        inside = {id(node) for call in group.calls for node in call.args.values()}
        for slot, one in buffers.items():
            lines = [line(f"{one.method.self_name}.{layer} = {constructor}")] if one is first else []
            self.plan.edits.replace_statement(one.statement, *lines)
            name = group.attributes[slot]
            for use in self.model.attribute(name).uses:
                if id(use) not in inside:
                    self.plan.edits.replace(use, f"{says(use.value)}.{layer}.{slot}")
            self.plan.moves[name] = StateMove(f"{layer}.{slot}")
        for call in group.calls:
            assert call.method is not None
            self.plan.edits.replace(call.node, *module_call(call, pair, f"{call.method.self_name}.{layer}"))
            self.plan.convert(call.node, f"{call.written} → self.{layer} = {constructor}")
        self.plan.gain(functions=-len(group.calls), modules=1)
