"""Layers in a ModuleList or ModuleDict: each becomes an object that holds its tensors, at the same place in there.

The container, its loops and its state_dict keys stay: `for fc in self.fcs: x = fc(x)` → `x = F.linear(x, fc.weight,
fc.bias)`. What may be called at one place must have one form; what differs between them is kept on each.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from ..plan.edits import Line, Part, line
from ..plan.guards import Guards
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import NoName, Speller
from ..recognise.calls import construction, shown
from ..recognise.containers import Holder, Member, read_holder
from ..recognise.flow import Flow, MemberCall, flow_of
from ..recognise.literal import is_repeatable
from ..recognise.model import Attribute, Method
from ..rewrite import shares_line
from .agree import Layer, differing_arguments, groups_of, is_open, keep, level
from .call import function_call
from .form import Apart, Form
from .maker import Makers, check_place, check_settings
from .reader import FormReader
from .uses import LayerCall, check_batch, counting_statement

_SAME = {"parameters", "named_parameters", "state_dict", "zero_grad"}
"""What an object with the same parameters under the same names answers as the layer did."""
_SAME_ALONE = {"to", "cuda", "cpu", "float", "half", "double", "requires_grad_"}
"""What does to it the same, but gives the object itself back."""


class MemberPlanner:
    """Plans the layers of containers of one model."""

    def __init__(self, plan: Plan, guards: Guards, reader: FormReader, names: Names, speller: Speller) -> None:
        self.plan = plan
        self.model = plan.model
        self.source = plan.model.source
        self.guards = guards
        self.reader = reader
        self.names = names
        self.speller = speller

    def plan_container(self, attribute: Attribute) -> set[int]:
        """Decide every layer of an attribute's container; the ids of the constructors that have an answer."""
        holder = read_holder(self.model, attribute)
        layers = {} if holder is None else dict(self._layers(holder, attribute.name))
        if holder is None or not layers:
            return set()
        flow = flow_of(self.model, attribute, holder)
        try:
            self._check(attribute, layers.values())
        except Kept as reason:
            for layer in layers.values():
                layer.reason = reason
        self._judge(attribute, flow, layers)
        self._agree(attribute, flow, layers)
        self._write(attribute, flow, layers)
        for layer in layers.values():
            if layer.reason is not None:
                self.plan.keep(layer.reason, layer.built.node)
        return {id(layer.built.node) for layer in layers.values()}

    def _layers(self, holder: Holder, path: str) -> Iterator[tuple[Member, Layer]]:
        for key, entry in holder.entries:
            if isinstance(entry, Holder):
                yield from self._layers(entry, path if key is None else f"{path}.{key}")
            elif (built := construction(self.model, entry.node)) is not None:
                named = holder.is_dict and key is not None and key.isidentifier()
                yield entry, Layer(built, f"{path}.{key}" if named else path)

    def _check(self, attribute: Attribute, layers: Iterable[Layer]) -> None:
        self.guards.check_class()
        self.guards.check_protocol()
        self.guards.check_attribute(attribute.name)
        self.guards.check_bare(attribute.name)
        definition = attribute.definitions[0]
        if definition.form not in {"assign", "add_module"} or definition.method.self_name is None:
            raise Kept("NF208", name=attribute.name, count=1)
        for layer in layers:
            if self.model.method_of(layer.built.node) is not definition.method:
                raise Kept("NF208", layer.built.node, name=attribute.name, count=2)

    def _judge(self, attribute: Attribute, flow: Flow, layers: dict[Member, Layer]) -> None:
        """Read every layer's form, and find what keeps one: a use, or a call that may mean a module that stays."""
        for node, members in flow.lost:
            keep(layers, members, Kept("NF214", node, name=attribute.name, text=self._around(node)))
        for layer in layers.values():
            layer.sizes = self._sizes(attribute, layer)
            self._read(layer, frozenset())
        for read in flow.reads:
            for member in read.members:
                form = layers[member].form if member in layers else None
                if form is not None and not self._is_same(read.node, form):
                    keep(layers, [member], Kept("NF229", read.node, text=self.source.says(read.node)))
        for call in flow.calls:
            try:
                self._check_call(attribute, call, layers)
            except Kept as reason:
                keep(layers, call.members, reason)
        self._spread(attribute, flow, layers)

    def _spread(self, attribute: Attribute, flow: Flow, layers: dict[Member, Layer]) -> None:
        """A call with a member that stays keeps all that it may mean."""
        stays = True
        while stays:
            stays = False
            for call in flow.calls:
                open_ = [member for member in call.members if member in layers and layers[member].reason is None]
                if open_ and len(open_) < len(call.members):
                    keep(layers, open_, self._mixed(attribute, call, "another of them stays a module"))
                    stays = True

    def _sizes(self, attribute: Attribute, layer: Layer, held: frozenset[str] = frozenset()) -> dict[str, str]:
        makers = Makers(self.model, attribute.definitions[0].method, self.names, self.speller)
        return makers.sizes(layer.built, held)

    def _read(self, layer: Layer, held: frozenset[str]) -> None:
        built = layer.built
        try:
            method = self.model.method_of(built.node)
            assert method is not None
            check_place(self.model, method, built.node)
            if shares_line(self.source, method.node):
                raise Kept("NF227")
            layer.form = self.reader.read(built, layer.key, apart=Apart(layer.sizes, held))
            check_settings(layer.form)
            self.guards.check_kind(built.pair.module_path)
            if built.pair.mode:
                self.guards.check_mode()
        except Kept as reason:
            layer.reason = layer.reason or reason
        except NoName as path:
            layer.reason = layer.reason or Kept("NF225", reason=f"no certain name for {path} here")

    def _check_call(self, attribute: Attribute, call: MemberCall, layers: dict[Member, Layer]) -> None:
        node = call.node
        self.guards.check_text(node)
        inside = [inner for part in (*node.args, *node.keywords) for inner in ast.walk(part)]
        if not is_repeatable(self.source, node.func) or any(isinstance(inner, ast.NamedExpr) for inner in inside):
            raise Kept("NF224", node, text=self.source.says(node))
        method = self._method(node)
        assert method.self_name is not None
        for member in call.members:
            if member in layers:
                check_batch(self.model, LayerCall(node, method.self_name, method), layers[member].built.pair)

    def _method(self, node: ast.AST) -> Method:
        method = self.model.method_of(node)
        assert method is not None
        return method

    def _is_same(self, node: ast.Attribute, form: Form) -> bool:
        """Whether what is asked of the layer is there afterwards: a tensor, or what any module answers."""
        if any(tensor.slot.key == node.attr for tensor in form.tensors):
            return True
        call = self.source.parent(node)
        called = isinstance(call, ast.Call) and call.func is node
        alone = called and call is not None and isinstance(self.source.parent(call), ast.Expr)
        return (called and node.attr in _SAME) or (alone and node.attr in _SAME_ALONE)

    def _agree(self, attribute: Attribute, flow: Flow, layers: dict[Member, Layer]) -> None:
        """Bring all that one call may mean to one form: what they say differently stays on each of them."""
        for group in groups_of(flow.calls, [member for member in layers if layers[member].reason is None]):
            ours = [layer for member, layer in layers.items() if member in group]
            held: frozenset[str] = frozenset()
            while (differing := differing_arguments(ours)) and not differing <= held and "" not in differing:
                held |= differing
                for layer in ours:
                    layer.sizes = self._sizes(attribute, layer, held)
                    self._read(layer, held)
            if differing or any(layer.reason is not None for layer in ours):
                call = next(call for call in flow.calls if not group.isdisjoint(call.members))
                reason = "they are of different kinds, or built in different ways"
                keep(layers, group, self._mixed(attribute, call, reason))
            else:
                level(ours)
        self._spread(attribute, flow, layers)

    def _mixed(self, attribute: Attribute, call: MemberCall, reason: str) -> Kept:
        return Kept("NF280", call.node, name=attribute.name, text=self._around(call.node.func), reason=reason)

    def _write(self, attribute: Attribute, flow: Flow, layers: dict[Member, Layer]) -> None:
        """Draft every call; then, all being certain, write calls, objects and the methods that make them."""
        drafts: list[tuple[MemberCall, tuple[Part, ...], tuple[Line, ...]]] = []
        for call in flow.calls:
            forms = [layers[member].form for member in call.members if is_open(layers, member)]
            try:
                drafts += [(call, *self._draft(attribute, call, forms[0]))] if forms and forms[0] else []
            except Kept as reason:
                keep(layers, call.members, reason)
        self._spread(attribute, flow, layers)
        for call, parts, count in drafts:
            if not all(is_open(layers, member) for member in call.members):
                continue
            if count:
                self.plan.edits.insert(self.source.statement(call.node), *count)
            self.plan.edits.replace(call.node, *parts)
            form = layers[call.members[0]].form
            function = shown(form.pair.function_path) if form is not None else ""
            self.plan.convert(call.node, f"{self.source.says(call.node.func)} → {function or 'its argument'}")
            self.plan.gain(functions=1, modules=0)
        self._write_members(attribute, [layer for layer in layers.values() if layer.reason is None])

    def _draft(self, attribute: Attribute, call: MemberCall, form: Form) -> tuple[tuple[Part, ...], tuple[Line, ...]]:
        """What takes a call's place, and the statement before it that counts a batch."""
        home, method = self.source.says(call.node.func), self._method(call.node)
        assert method.self_name is not None
        form = form.at(home)
        count: tuple[Line, ...] = ()
        if form.counter is not None:
            statement = counting_statement(self.model, LayerCall(call.node, method.self_name, method))
            if statement is None or form.reads_counter:
                raise Kept("NF281", call.node, name=attribute.name, text=self._around(call.node.func))
            add = line(f"{home}.{form.counter.attribute}.add_(1)", depth=1)
            count = (line(f"if {method.self_name}.training:"), add)
        parts = function_call(self.source, form, call.node, method.self_name, attribute.name, self.speller)
        return parts, count

    def _write_members(self, attribute: Attribute, layers: Sequence[Layer]) -> None:
        method = attribute.definitions[0].method
        makers = Makers(self.model, method, self.names, self.speller)
        for layer in layers:
            built, form = layer.built, layer.form
            assert form is not None
            base = layer.key.rpartition(".")[2]
            self.plan.edits.replace(built.node, *makers.made(built, form, layer.sizes, base))
            self.plan.convert(built.node, f"{built.written} → {_summary(form)} of its own in self.{attribute.name}")
            self.plan.gain(functions=0, modules=-1)
        if makers.lines:
            self.plan.edits.insert(method.node, *makers.lines, after=True)

    def _around(self, node: ast.AST) -> str:
        parent = self.source.parent(node)
        shown_node = parent if isinstance(parent, ast.expr) else node
        text = " ".join(self.source.says(shown_node).split())
        return text if len(text) <= 60 else text[:57] + "..."


def _summary(form: Form) -> str:
    """`weight and bias`; an empty object where the layer has no state."""
    names = [tensor.slot.key for tensor in form.tensors]
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]]) or "an object"
