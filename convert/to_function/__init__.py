"""Module → functional: decides, layer by layer, what becomes parameters and a call of torch.nn.functional."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Container, Iterator, Sequence

from ..diagnostics import Diagnostic
from ..ops import Pair
from ..ops.recurrent import RECURRENT
from ..outcome import Expand
from ..plan.guards import Guards
from ..plan.initial import draws
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import NoName, Speller
from ..recognise.assembled import assembled
from ..recognise.calls import Construction, construction, one_way_calls, shown
from ..recognise.class_valued import class_valued
from ..recognise.containers import is_sequential
from ..recognise.deliberate import Deliberate, deliberate_values
from ..recognise.model import Attribute, Definition, Model
from ..recognise.surroundings import Surroundings
from ..rewrite import shares_line
from .asked import answer
from .call import function_call
from .choice import ChoicePlanner, is_choice, leaves
from .factories import asked_then, filling_lines
from .form import Apart, Form
from .gathered import GatherPlanner
from .in_turn import TurnPlanner, runs_in_turn
from .initialise import Planned, write_definitions
from .leftover import keep_leftover
from .maker import check_settings
from .members import MemberPlanner
from .reader import FormReader
from .recurrent import RecurrentPlanner
from .sequential import Child, counter_lines, method_lines, settle
from .swapped import swapping_method
from .uses import (
    LayerCall,
    TensorUse,
    check_batch,
    check_layer,
    check_single,
    counting_statement,
    lacks_batch,
    layer_uses,
)
from .walked import Untold, tell_walkers


class FunctionPlanner:
    """Plans the layers of one model that `wanted` asks for."""

    def __init__(
        self,
        plan: Plan,
        surroundings: Surroundings,
        names: Names,
        speller: Speller,
        wanted: Callable[[Pair], bool],
        *,
        respell: bool,
    ) -> None:
        self.plan = plan
        self.model = plan.model
        self.guards = Guards(plan.model, surroundings)
        self.names = names
        self.speller = speller
        self.wanted = wanted
        self.reader = FormReader(plan.model, surroundings, names, speller, plan.edits, respell=respell)
        self.planned: list[Planned] = []
        self.in_turn = TurnPlanner(plan, self.guards, self.reader, speller)
        self.answered, self.guests = self.in_turn.answered, self.in_turn.guests
        self.gathered = GatherPlanner(plan, self.guards, self.reader, names, speller)

    def plan_layers(self, *, sequentials: bool) -> None:
        """Decide every attribute that holds a layer, then write their definitions."""
        if sequentials:
            self.gathered.plan_gathered(self.wanted)
        given_up: dict[str, list[Diagnostic]] = {}
        for attribute in sorted(self.model.attributes.values(), key=_first_line):
            if attribute.name in self.gathered.done:
                continue
            kept, converted = len(self.plan.kept), len(self.plan.converted)
            self._plan_attribute(attribute, sequentials=sequentials)
            none = len(self.plan.kept) > kept and len(self.plan.converted) == converted
            if none and attribute.name not in self.gathered.reasons and not self._is_one_layer(attribute):
                given_up[attribute.name] = self.plan.kept[kept:]
        if sequentials and given_up:
            self.gathered.plan_gathered(self.wanted, given_up.keys())
            gone = [id(one) for name in self.gathered.done & given_up.keys() for one in given_up[name]]
            self.plan.kept[:] = [one for one in self.plan.kept if id(one) not in gone]
        self.answered |= self.gathered.answered
        if self.guards.tells_walkers:
            tell_walkers(self.plan, self.guards, self.planned)
        write_definitions(self.plan, self.planned, self.names, self.speller)

    def _is_one_layer(self, attribute: Attribute) -> bool:
        """Whether an attribute holds nothing but a layer that stands in its own definition."""
        values = [definition.value for definition in attribute.definitions]
        return all(self.model.source.origin(one) is one and construction(self.model, one) for one in values if one)

    def _plan_attribute(self, attribute: Attribute, *, sequentials: bool) -> None:
        if sequentials and self._plan_several(attribute):
            return
        for definition in attribute.definitions:
            built = construction(self.model, definition.value)
            if built is not None and self.wanted(built.pair):
                self._try(attribute, definition, lambda a, d, b=built: self._plan_layer(a, d, b))  # type: ignore[misc]
            elif sequentials and is_sequential(self.model.source, definition.value):
                self._try(attribute, definition, self.in_turn.plan_in_turn)

    def _plan_several(self, attribute: Attribute) -> bool:
        """Decide an attribute that is more than one layer or Sequential; whether it is such a one."""
        grown = any(assembled(self.model, definition) for definition in attribute.definitions)
        if is_choice(self.model, attribute) and not (grown and len(attribute.definitions) == 1):
            self._try_choice(attribute)
            return True
        if runs_in_turn(self.model, attribute):
            self._try(attribute, attribute.definitions[0], self.in_turn.plan_in_turn)
            return True
        planner = MemberPlanner(self.plan, self.guards, self.reader, self.names, self.speller)
        self.answered |= planner.plan_container(attribute)
        return False

    def _try(
        self, attribute: Attribute, definition: Definition, decide: Callable[[Attribute, Definition], Planned]
    ) -> None:
        assert definition.value is not None
        kept = len(self.plan.kept)
        try:
            with self.plan.together():
                self._check(attribute, definition)
                self.planned.append(decide(attribute, definition))
        except Kept as reason:
            del self.plan.kept[kept:]
            self.plan.keep(reason, definition.value)
        except NoName as path:
            self.plan.keep(Kept("NF225", reason=f"no certain name for {path} here"), definition.value)

    def _try_choice(self, attribute: Attribute) -> None:
        layers = [leaf for definition in attribute.definitions for leaf in leaves(definition.value)]
        layers = [leaf for leaf in layers if construction(self.model, leaf) or is_sequential(self.model.source, leaf)]
        self.answered |= {id(leaf) for leaf in layers}
        planner = ChoicePlanner(self.plan, self.guards, self.reader, self.names, self.speller)
        kept = len(self.plan.kept)
        try:
            with self.plan.together(), self.names.together():
                self.planned += planner.plan_choice(attribute)
                self.guests |= planner.guests
        except Kept as reason:
            del self.plan.kept[kept:]
            for leaf in layers:
                self.plan.keep(reason, leaf)
        except NoName as path:
            for leaf in layers:
                self.plan.keep(Kept("NF225", reason=f"no certain name for {path} here"), leaf)

    def _check(self, attribute: Attribute, definition: Definition) -> None:
        self.guards.check_class()
        if attribute.name in self.gathered.reasons:
            raise self.gathered.reasons[attribute.name]
        self.guards.check_attribute(attribute.name)
        if definition.form not in {"assign", "add_module"} or definition.method.self_name is None:
            raise Kept("NF208", name=attribute.name, count=1)
        for around in self.model.source.ancestors(definition.statement):
            if around is definition.method.node:
                break
            if isinstance(around, (ast.For, ast.AsyncFor, ast.While)):
                raise Kept("NF232", name=attribute.name)
        if any(shares_line(self.model.source, one) for one in definition.statements):
            raise Kept("NF227")

    def _plan_layer(self, attribute: Attribute, definition: Definition, built: Construction) -> Planned:
        name = attribute.name
        form = self._form(name, built, self._deliberate(name, definition, built))
        unconditional = {tensor.slot.key: tensor for tensor in form.tensors if tensor.when is None}
        texts = {key: f"{{self}}.{tensor.attribute}" for key, tensor in unconditional.items()}
        texts |= {key: text for key in _read(attribute, self.model) if (text := answer(form, key)) is not None}
        calls, tensors = layer_uses(self.model, name, texts.__contains__)
        self._check_reads(name, tensors, unconditional)
        edits = self.plan.edits
        single = any(lacks_batch(self.model, call, [form.pair]) for call in calls)
        if single and not form.stands_apart:
            for call in calls:
                check_single(call.node, name)
            child = Child("", form, lacks_batch=True)
            edits.insert(definition.method.node, *method_lines(name, [child], self.speller, built.node), after=True)
            calls = []
        for call in calls:
            check_batch(self.model, call, form.pair)
        if form.counter is not None and not self._count(name, calls, form):
            if form.stands_apart:
                raise Kept("NF281", calls[0].node, name=name, text=f"self.{name}")
            edits.insert(
                definition.method.node, *method_lines(name, [Child("", form)], self.speller, built.node), after=True
            )
            calls = []
        if form.swaps:
            lines = swapping_method(name, form, calls, self.speller, built.node)
            edits.insert(definition.method.node, *lines, after=True)
            calls = []
        for call in calls:
            parts = function_call(self.model.source, form, call.node, call.self_name, name, self.speller)
            edits.replace(call.node, *parts)
            self.plan.convert(call.node, f"self.{name} → {shown(form.pair.function_path) or 'its argument'}")
        for use in tensors:
            edits.replace(use.node, texts[use.slot].replace("{self}", use.owner))
        settle(self.plan, name, [Child("", form)])
        self.plan.gain(functions=len(calls) + (form.swaps or single), modules=-1)
        self.plan.convert(definition.statement, f"{built.written} → {self._summary(form)}", close=form.close)
        assert definition.method.self_name is not None
        owner = definition.method.self_name
        also = tuple(filling_lines(definition, {key: text.replace("{self}", owner) for key, text in texts.items()}))
        return Planned(name, definition.statement, owner, (form,), also=also, fills=bool(also))

    def _form(self, name: str, built: Construction, chosen: dict[str, Deliberate]) -> Form:
        """A layer's form: with tensors on self, or on an object of its own where something reads the state's keys."""
        try:
            with self.names.together():
                form = self.reader.read(built, name, chosen)
                check_layer(self.guards, name, form)
                return form
        except Kept as reason:
            if not self.guards.may_stand(name, reason):
                raise
            form = self.reader.read(built, name, chosen, apart=Apart())
            if form.swaps or not form.tensors:
                raise
        check_settings(form)
        check_layer(self.guards, name, form, keys=False)
        return form.standing(name, f"{self.speller.spell('torch.nn.Module', built.node)}()")

    def _check_reads(self, name: str, reads: Sequence[TensorUse], tensors: Container[str]) -> None:
        """A read is rewritten where it stands, and no setting of a layer is given another value."""
        ours = {one.statement for one in self.planned}
        for use in reads:
            if use.slot not in tensors and not isinstance(use.node.ctx, ast.Load):
                raise Kept("NF229", use.node, text=self.model.source.says(use.node))
            if self.model.source.statement(use.node) in ours:
                raise Kept("NF214", use.node, name=name, text=self.model.source.says(use.node))

    def _count(self, name: str, calls: list[LayerCall], form: Form) -> bool:
        """Advance the batch counter before every call; False where only a method of the layer's name can."""
        statements = [counting_statement(self.model, call) for call in calls]
        if None in statements or (len(calls) > 1 and form.reads_counter):
            for call in calls:
                check_single(call.node, name)
            return False
        for statement, call in zip(statements, calls, strict=True):
            assert statement is not None
            self.plan.edits.insert(statement, *counter_lines(form, call.self_name))
        return True

    def _deliberate(self, name: str, definition: Definition, built: Construction) -> dict[str, Deliberate]:
        """Initial values that stand right after the constructor, where that has drawn nothing for them itself."""
        drawn = not built.skips and any(draws(slot) for slot in built.pair.slots)
        found = {} if drawn else deliberate_values(self.model, name, definition)
        slots = {slot.key: slot for slot in built.pair.slots}
        if any(key not in slots or slots[key].kind == "buffer" or len(slots[key].when) > 1 for key in found):
            return {}
        for value in found.values():
            for statement in value.statements:
                self.plan.edits.replace_statement(statement)
        return found

    def _summary(self, form: Form) -> str:
        if not form.tensors:
            return shown(form.pair.function_path) or "nothing"
        return ", ".join(f"self.{tensor.attribute}" for tensor in form.tensors)


def _first_line(attribute: Attribute) -> int:
    """Layers are planned in the order in which they are made: the later ones may ask the earlier for their sizes."""
    return min((definition.statement.lineno for definition in attribute.definitions), default=0)


def _read(attribute: Attribute, model: Model) -> Iterator[str]:
    """What the class asks of an attribute's value: `in_features` for `self.fc.in_features`."""
    for use in attribute.uses:
        around = model.source.parent(use)
        if isinstance(around, ast.Attribute):
            yield around.attr
    for definition in attribute.definitions:
        yield from asked_then(definition)


def plan_to_function(
    plan: Plan,
    surroundings: Surroundings,
    names: Names,
    speller: Speller,
    wanted: Callable[[Pair], bool],
    *,
    everything: bool,
    respell: bool = False,
    expand: Collection[Expand] = (),
) -> None:
    """Add to a plan all layers that become functions. `everything`: also Sequentials, and say what cannot.

    `respell`: also those that then compute the same up to rounding only. `expand`: what is written out step by step.
    """
    kept, asked_for = len(plan.kept), set(speller.wanted)
    untold: dict[str, Kept] = {}
    tells = everything
    while True:
        planner = FunctionPlanner(plan, surroundings, names, speller, wanted, respell=respell)
        planner.guards.tells_walkers, planner.guards.untold = tells, untold
        try:
            with plan.together(), names.together():
                planner.plan_layers(sequentials=everything)
            break
        except Untold as those:  # a walker cannot be told of some layers: these stay
            tells = tells and not those.reasons.keys() <= untold.keys()
            untold = {**untold, **those.reasons}
            del plan.kept[kept:]
            speller.wanted.intersection_update(asked_for)
    if everything:
        recurrent = RecurrentPlanner(plan, surroundings, names, speller)
        if "rnn" in expand:
            recurrent.plan_layers()
        keep_leftover(plan, planner.answered, planner.guests)
        for site in class_valued(plan.model):
            plan.keep(Kept("NF270", name=site.name, function=site.function, default=site.default), site.node)
        for node, row in one_way_calls(plan.model, "module"):
            if id(node) in recurrent.answered:
                continue
            if "rnn" in expand and row.path in RECURRENT:
                reason = "it is no attribute of its own, built once"
                plan.keep(Kept("NF262", name=shown(row.path), reason=reason), node)
                continue
            plan.keep(Kept("NF215", name=shown(row.path), reason=row.reason, cure=row.cure), node)
