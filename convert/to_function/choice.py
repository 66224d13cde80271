"""An attribute that holds one layer or another: `nn.LayerNorm(d) if norm else nn.Identity()`, if/else, a late shortcut.

It becomes a method of the attribute's name. Which layers the method runs it asks a parameter that only one of them has
(`self.norm_weight is None`), or else a word kept on self.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..inline import LAYER, written_out
from ..ops.container import SEQUENTIAL
from ..plan.edits import Line, line, part
from ..plan.guards import Guards
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import Speller
from ..recognise.calls import Construction, construction
from ..recognise.containers import is_sequential
from ..recognise.exclusive import first_of
from ..recognise.model import Attribute, Definition, Model
from ..rewrite import shares_line
from .form import Apart
from .initialise import Planned
from .maker import check_settings
from .reader import FormReader
from .sequential import (
    Child,
    Guest,
    Member,
    body_lines,
    open_to_single,
    read_child,
    read_children,
    settle,
    staying,
)
from .uses import LayerCall, check_layer, choice_uses, lacks_batch
from .variant import Variant, Witness, class_word, test_of, told_apart, witness_lines


def leaves(value: ast.expr | None) -> Iterator[ast.expr]:
    """What a value may be: both arms of a conditional expression."""
    if isinstance(value, ast.IfExp):
        yield from leaves(value.body)
        yield from leaves(value.orelse)
    elif value is not None:
        yield value


def is_choice(model: Model, attribute: Attribute) -> bool:
    """Whether an attribute may hold one layer or another, or is asked for by `hasattr`."""
    values = [leaf for definition in attribute.definitions for leaf in leaves(definition.value)]
    layers = [leaf for leaf in values if construction(model, leaf) is not None or is_sequential(model.source, leaf)]
    if not layers:
        return False
    empty = is_sequential(model.source, layers[0]) and isinstance(layers[0], ast.Call) and not layers[0].args
    return len(values) > 1 or bool(attribute.named) or empty


class ChoicePlanner:
    """Plans such attributes of one model."""

    def __init__(self, plan: Plan, guards: Guards, reader: FormReader, names: Names, speller: Speller) -> None:
        self.plan = plan
        self.model = plan.model
        self.guards = guards
        self.reader = reader
        self.names = names
        self.speller = speller
        self.guests: set[int] = set()
        self.homes: dict[str, str] = {}
        self.method = ""
        self.read_keys: Kept | None = None

    def plan_choice(self, attribute: Attribute) -> list[Planned]:
        """Decide all definitions of an attribute together. Raises Kept."""
        self._check(attribute)
        name, definitions = attribute.name, attribute.definitions
        self._choose_method(attribute)
        with self.reader.sharing():
            values = [leaf for definition in definitions for leaf in leaves(definition.value)]
            variants = told_apart([self._variant(name, leaf) for leaf in values])
        self._check_state(name, variants)
        self.guests |= {id(guest.node) for variant in variants for guest in variant.guests}
        at_first = self._at_first(name, definitions, variants)
        first = first_of(self.model.source, at_first)
        replaced = {id(leaf) for leaf in leaves(first.value)} if isinstance(first, Definition) else set()
        if first is False or any(variant.has_state for variant in variants if id(variant.node) in replaced):
            raise Kept("NF208", name=name, count=len(definitions))
        calls, tests = choice_uses(self.model, attribute)
        for call in calls:
            if self.method != name:
                self.plan.edits.replace(call.node.func, f"{call.self_name}.{self.method}")
            variants = [self._with_batch(variant, call) for variant in variants]
        witness = self._witness(attribute, variants, asked=bool(tests or attribute.named), tested=bool(tests))
        for test, text in tests:
            assert witness is not None
            self.plan.edits.replace(test, text.replace("{witness}", witness.attribute))
        for place in self.guards.asked(name):
            self.guards.check_text(place)
            assert witness is not None
            quote = self.model.source.says(place.args[1])[0]
            self.plan.edits.replace(place.args[1], f"{quote}{witness.attribute}{quote}")
        at = definitions[-1].statement
        lines = self._method(self.method, variants, witness, at)
        self.plan.edits.insert(definitions[0].method.node, *lines, after=True)
        self._report(attribute, variants)
        by_node = {id(variant.node): variant for variant in variants}
        return [self._planned(name, definition, definition.value, by_node, witness) for definition in definitions]

    def _with_batch(self, variant: Variant, call: LayerCall) -> Variant:
        """The variant as it is where a call may give it input without a batch."""
        pairs = [child.form.pair for child in variant.layers]
        if variant.children is None or not lacks_batch(self.model, call, pairs, alone=not variant.guests):
            return variant
        return replace(variant, children=open_to_single(variant.children))

    def _at_first(self, name: str, definitions: Sequence[Definition], variants: Sequence[Variant]) -> list[Definition]:
        """The definitions in __init__; one elsewhere can only replace what has neither state nor a mode of its own."""
        first = [one for one in definitions if one.method is self.model.init]
        plain = all(not one.has_state and not one.guests for one in variants)
        plain = plain and not any(child.form.pair.mode for one in variants for child in one.layers)
        if len(definitions) > 1 and len(first) < len(definitions) and not (plain and first):
            raise Kept("NF208", name=name, count=len(definitions))
        return first or list(definitions)

    def _choose_method(self, attribute: Attribute) -> None:
        """The method has the attribute's name, unless modules that stay, or keys that are read, need it."""
        values = [leaf for definition in attribute.definitions for leaf in leaves(definition.value)]
        known = [leaf for leaf in values if construction(self.model, leaf) or is_sequential(self.model.source, leaf)]
        stays = any(leaf not in known and not isinstance(leaf, ast.Constant) for leaf in values)
        self.method = attribute.name
        if stays or self.read_keys is not None:
            self.method = self.names.fresh(f"apply_{attribute.name.lstrip('_')}")
            self.homes[""] = attribute.name

    def _check(self, attribute: Attribute) -> None:
        name, source = attribute.name, self.model.source
        asked = self.guards.asked(name)
        self.guards.check_class()
        if attribute.odd or not attribute.definitions:
            raise Kept("NF208", name=name, count=len(attribute.definitions) + len(attribute.odd))
        self.guards.check_reach(name, asked=asked)
        try:
            self.guards.check_keys(name, apart=asked)
        except Kept as reason:
            if not self.guards.may_stand(name, reason):
                raise
            self.guards.check_protocol()
            self.read_keys = reason
        for definition in attribute.definitions:
            method = definition.method
            if definition.then:
                raise Kept("NF214", name=name, text=definition.then[0].replace(LAYER, name))
            if definition.form not in {"assign", "add_module"} or method.self_name is None:
                raise Kept("NF208", name=name, count=len(attribute.definitions))
            for around in source.ancestors(definition.statement):
                if around is method.node:
                    break
                if isinstance(around, (ast.For, ast.AsyncFor, ast.While)):
                    raise Kept("NF232", name=name)
            if any(shares_line(source, one) for one in definition.statements):
                raise Kept("NF227")

    def _may_stay(self, node: ast.expr) -> bool:
        """A module that can stand beside layers: not one of a factory, which a second conversion would write out."""
        plain = isinstance(node, (ast.Call, ast.Name, ast.Attribute, ast.Subscript))
        return plain and written_out(self.model.source, node).value is node

    def _variant(self, name: str, node: ast.expr) -> Variant:
        built = construction(self.model, node)
        children: tuple[Member, ...]
        if isinstance(node, ast.Constant) and node.value is None:
            return Variant(node, "None", None)
        if is_sequential(self.model.source, node):
            assert isinstance(node, ast.Call)
            self.guards.check_kind(SEQUENTIAL)
            empty = not node.args and not node.keywords
            children = () if empty else tuple(read_children(self.model, self.reader, node, name, plan=self.plan))
            word = "Sequential"
        elif built is not None:
            children, word = (self._layer(name, built),), built.pair.module
        elif self._may_stay(node):
            children, word = (Guest("", name, node),), class_word(node)
        else:
            text = " ".join(self.model.source.says(node).split())
            raise Kept("NF222", node, name=name, text=text[:50], reason="it has no functional form here")
        variant = Variant(node, word, self._at_home(children))
        for child in variant.layers:
            if self.read_keys is not None and child.form.tensors and not child.form.stands_apart:
                raise self.read_keys
            check_layer(self.guards, name, child.form, keys=not child.form.stands_apart)
        return variant

    def _layer(self, name: str, built: Construction) -> Child:
        """One layer; with an object of its own where the attribute goes on being one."""
        with self.names.together():
            child = read_child(self.reader, built, name, "")
            if self.method == name or not child.form.tensors:
                return child
        form = self.reader.read(built, name, apart=Apart())
        check_settings(form)
        return Child("", form.standing(name, f"{self.speller.spell('torch.nn.Module', built.node)}()"))

    def _at_home(self, members: Sequence[Member]) -> tuple[Member, ...]:
        """Modules of several variants with one key have one attribute."""
        found: list[Member] = []
        for member in members:
            if isinstance(member, Guest):
                if member.key not in self.homes:
                    self.homes[member.key] = member.attribute
                member = replace(member, attribute=self.homes[member.key])
            found.append(member)
        return tuple(found)

    def _check_state(self, name: str, variants: Sequence[Variant]) -> None:
        """Every key of the state leads to one place, whichever variant holds it."""
        for variant in variants:
            for guest in variant.guests:
                begins = f"{guest.key}." if guest.key else ""
                others = [one for other in variants if other is not variant for one in other.children or ()]
                states = [one for one in others if not isinstance(one, Child) or _is_elsewhere(one)]
                keys = [one.key for one in states if not isinstance(one, Guest) or one.key != guest.key]
                if any(f"{key}.".startswith(begins) or begins.startswith(f"{key}.") for key in keys):
                    text = " ".join(self.model.source.says(guest.node).split())[:50]
                    reason = "a key of the state would be that of another layer in another branch"
                    raise Kept("NF222", guest.node, name=name, text=text, reason=reason)

    def _witness(
        self, attribute: Attribute, variants: Sequence[Variant], *, asked: bool, tested: bool
    ) -> Witness | None:
        bodies = {self._body(variant, attribute.definitions[0].statement) for variant in variants}
        if len(bodies - {None}) <= 1 and not asked:
            return None
        state = [variant for variant in variants if variant.has_state]
        others = {self._body(variant, variant.node) for variant in variants if variant not in state}
        alone = all(variant.children is None for variant in variants if variant not in state)
        if len(state) == 1 and len(others) <= 1 and state[0].witnesses and (alone or not tested):
            return Witness(state[0].witnesses[0], state[0])
        if tested and any(variant.guests for variant in variants):
            raise Kept("NF214", name=attribute.name, text=f"self.{attribute.name} is None")
        return Witness(self.names.fresh(f"{attribute.name}_kind"), None)

    def _body(self, variant: Variant, at: ast.AST) -> tuple[Line, ...] | None:
        if variant.children is None:
            return None
        return tuple(body_lines(variant.children, self.speller, at, depth=1))

    def _method(self, name: str, variants: Sequence[Variant], witness: Witness | None, at: ast.AST) -> list[Line]:
        bodies: dict[tuple[Line, ...], list[Variant]] = {}
        for variant in variants:
            if (body := self._body(variant, at)) is not None:
                bodies.setdefault(body, []).append(variant)
        ordered = sorted(bodies.items(), key=lambda item: witness is not None and witness.main in item[1])
        lines = [Line(()), line(f"def {name}(self, x):")]
        for body, held in ordered[:-1]:
            assert witness is not None
            lines.append(line(f"if {test_of(witness, held)}:", depth=1))
            lines += [Line(one.parts, one.depth + 1) for one in body]
        return [*lines, *ordered[-1][0]]

    def _planned(
        self,
        name: str,
        definition: Definition,
        value: ast.expr | None,
        by_node: dict[int, Variant],
        witness: Witness | None,
    ) -> Planned:
        statement, owner = definition.statement, definition.method.self_name
        assert owner is not None
        assert value is not None
        if isinstance(value, ast.IfExp):
            one = self._planned(name, definition, value.body, by_node, witness)
            other = self._planned(name, definition, value.orelse, by_node, witness)
            several = "\n" in self.model.source.says(value.test) or "\r" in self.model.source.says(value.test)
            tested = part(self.model.source, value.test)
            test = ("(", tested, ")") if several else (tested,)
            return Planned(name, statement, owner, (), test=test, arms=(one, other))
        variant = by_node[id(value)]
        forms = tuple(child.form for child in variant.layers)
        also = witness_lines(witness, variant, owner)
        return Planned(name, statement, owner, forms, also=also, before=staying(variant.children or ()))

    def _report(self, attribute: Attribute, variants: Sequence[Variant]) -> None:
        for variant in variants:
            settle(self.plan, attribute.name, variant.children or ())
            count = len(variant.layers)
            self.plan.gain(functions=count, modules=-count)
            if count:
                self.plan.convert(variant.node, f"nn.{variant.word.partition('_')[0]} → method {self.method}")


def _is_elsewhere(child: Child) -> bool:
    """Whether a layer's tensors are on self, under other keys."""
    return bool(child.form.tensors) and not child.form.stands_apart
