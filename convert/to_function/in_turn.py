"""Layers that run one after the other: an nn.Sequential, or an nn.ModuleList whose loops do nothing else.

They become a method that runs them; `self.net[0](x)` and `self.net[0].weight` mean the one layer.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ..ops.container import LIST, SEQUENTIAL
from ..plan.edits import line
from ..plan.guards import Guards
from ..plan.plan import Kept, Plan
from ..plan.spelling import Speller
from ..recognise.assembled import Assembled, assembled
from ..recognise.calls import construction, shown
from ..recognise.containers import is_sequential
from ..recognise.model import Attribute, Definition, Method, Model
from ..rewrite import shares_line
from .call import function_call
from .initialise import Planned
from .reader import FormReader
from .sequential import (
    Child,
    Guest,
    Member,
    counter_lines,
    method_lines,
    open_to_single,
    read_children,
    settle,
    staying,
)
from .uses import LayerCall, check_batch, check_layer, check_single, counting_statement, lacks_batch


@dataclass
class TurnPlanner:
    """Plans such attributes of one model. `guests` and `answered` are nodes that it has dealt with."""

    plan: Plan
    guards: Guards
    reader: FormReader
    speller: Speller
    guests: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)

    @property
    def model(self) -> Model:
        return self.plan.model

    def plan_in_turn(self, attribute: Attribute, definition: Definition) -> Planned:
        """Decide a Sequential, or a list of layers, as a whole. Raises Kept."""
        name, node = attribute.name, definition.value
        assert isinstance(node, ast.Call)
        assert definition.method.self_name is not None
        self.guards.check_kind(SEQUENTIAL)
        self.guards.check_keys(name)
        found = assembled(self.model, definition) or Assembled((), ())
        entries = found.entries
        members = list(read_children(self.model, self.reader, node, name, plan=self.plan, entries=entries))
        children = [member for member in members if isinstance(member, Child)]
        guests = [member for member in members if isinstance(member, Guest)]
        if not children:
            reason = "none of its layers has a functional form here"
            raise Kept("NF222", node, name=name, text="other modules", reason=reason)
        for child in children:
            check_layer(self.guards, name, child.form)
        if any(shares_line(self.model.source, part) for part in found.parts):
            raise Kept("NF227")
        self._write_uses(attribute, definition, members, found.parts)
        for part in found.parts:
            self.plan.edits.replace_statement(part)
        settle(self.plan, name, members)
        self.plan.gain(functions=len(children), modules=-len(children))
        self.plan.convert(definition.statement, f"{shown(self._path(node))} → method {name}")
        for _, entry in entries:
            built = construction(self.model, entry)
            if built is not None and self.model.source.statement(entry) in found.parts:
                self.plan.convert(entry, f"{built.written} → part of method {name}")
        self.guests |= {id(guest.node) for guest in guests}
        self.answered |= {id(child) for _, child in entries} - self.guests
        forms = tuple(child.form for child in children)
        before = staying(members)
        return Planned(name, definition.statement, definition.method.self_name, forms, before=before)

    def _path(self, node: ast.Call) -> str:
        return self.model.source.path_of(node.func) or SEQUENTIAL

    def _write_uses(
        self, attribute: Attribute, definition: Definition, members: Sequence[Member], parts: Collection[ast.stmt]
    ) -> None:
        runs = single = False
        pairs = [member.form.pair for member in members if isinstance(member, Child)]
        alone = len(pairs) == len(members)
        for use in attribute.uses:
            if self.model.source.statement(use) in parts:
                if not _adds(self.model, use):
                    raise Kept("NF214", use, name=attribute.name, text=self._around(use))
                continue
            call = self._call(use, definition)
            if call is not None:
                check_single(call.node, attribute.name)
                single = single or lacks_batch(self.model, call, pairs, alone=alone)
                runs = True
            elif (loop := turn_loop(self.model, use)) is not None:
                assert isinstance(loop.body[0], ast.Assign)
                self._write_loop(use, loop)
                single = single or any(pair.other_ranks for pair in pairs)
                runs = True
            else:
                self._write_member(attribute.name, use, members)
        if runs or not attribute.uses:
            shown_as = open_to_single(members) if single else members
            lines = method_lines(attribute.name, shown_as, self.speller, definition.statement)
            self.plan.edits.insert(definition.method.node, *lines, after=True)

    def _call(self, use: ast.Attribute, definition: Definition) -> LayerCall | None:
        parent = self.model.source.parent(use)
        if not (
            isinstance(parent, ast.Call) and parent.func is use and is_sequential(self.model.source, definition.value)
        ):
            return None
        return self._layer_call(parent, use)

    def _layer_call(self, call: ast.Call, use: ast.AST) -> LayerCall:
        method = self.model.method_of(use)
        assert method is not None
        assert method.self_name is not None
        return LayerCall(call, method.self_name, method)

    def _write_loop(self, use: ast.Attribute, loop: ast.For) -> None:
        """`for layer in self.layers: x = layer(x)` → `x = self.layers(x)`."""
        step = loop.body[0]
        assert isinstance(step, ast.Assign)
        if shares_line(self.model.source, loop):
            raise Kept("NF214", use, name=use.attr, text=self._around(use))
        value = self.model.source.says(step.targets[0])
        self.plan.edits.replace_statement(loop, line(f"{value} = {self.model.source.says(use)}({value})"))

    def _write_member(self, name: str, use: ast.Attribute, members: Sequence[Member]) -> None:
        """A use of one layer: `self.net[0]`, `self.net.conv`."""
        node, member = self._member(use, members)
        parent = self.model.source.parent(node)
        if isinstance(member, Guest):
            self.plan.edits.replace(node, f"{self.model.source.says(use.value)}.{member.attribute}")
            return
        tensors = {one.slot.key: one for one in member.form.tensors if one.when is None}
        match parent:
            case ast.Call(func=func) if func is node:
                self._write_call(name, member, self._layer_call(parent, use))
            case ast.Attribute(attr=attr) if attr in tensors and not isinstance(parent.ctx, ast.Del):
                self.plan.edits.replace(parent, f"{self.model.source.says(use.value)}.{tensors[attr].attribute}")
            case ast.Attribute():
                raise Kept("NF229", parent, text=self.model.source.says(parent))
            case _:
                raise Kept("NF214", use, name=name, text=self._around(node))

    def _write_call(self, name: str, child: Child, call: LayerCall) -> None:
        check_batch(self.model, call, child.form.pair)
        if child.form.counter is not None:
            statement = counting_statement(self.model, call)
            if statement is None or child.form.reads_counter:
                raise Kept("NF281", call.node, name=name, text=self._around(call.node.func))
            self.plan.edits.insert(statement, *counter_lines(child.form, call.self_name))
        parts = function_call(self.model.source, child.form, call.node, call.self_name, name, self.speller)
        self.plan.edits.replace(call.node, *parts)

    def _member(self, use: ast.Attribute, members: Sequence[Member]) -> tuple[ast.expr, Member]:
        """The expression that means one layer, and which."""
        node: ast.expr = use
        key = ""
        while True:
            inside = dict.fromkeys(
                one.key.removeprefix(key).partition(".")[0] for one in members if one.key.startswith(key)
            )
            parent = self.model.source.parent(node)
            name = _key(node, parent, list(inside))
            if name is None or not isinstance(parent, ast.expr):
                raise Kept("NF214", use, name=use.attr, text=self._around(node))
            node, key = parent, f"{key}{name}"
            if (exact := next((one for one in members if one.key == key), None)) is not None:
                return node, exact
            key += "."

    def _around(self, node: ast.AST) -> str:
        parent = self.model.source.parent(node)
        text = " ".join(self.model.source.says(parent if isinstance(parent, ast.expr) else node).split())
        return text if len(text) <= 60 else text[:57] + "..."


def _adds(model: Model, use: ast.Attribute) -> bool:
    """`self.net.append(…)` as a statement."""
    function = model.source.parent(use)
    call = model.source.parent(function) if isinstance(function, ast.Attribute) else None
    return isinstance(call, ast.Call) and call.func is function and isinstance(model.source.parent(call), ast.Expr)


def runs_in_turn(model: Model, attribute: Attribute) -> bool:
    """Whether an attribute holds a list of layers of several kinds that its loops run one after the other."""
    if len(attribute.definitions) != 1:
        return False
    value = attribute.definitions[0].value
    if not isinstance(value, ast.Call) or model.source.path_of(value.func) != LIST:
        return False
    found = assembled(model, attribute.definitions[0])
    loops = [turn_loop(model, use) for use in attribute.uses]
    if found is None or not any(loops):
        return False
    built = [construction(model, node) for _, node in found.entries]
    return len({one.pair.module if one is not None else "" for one in built}) > 1


def turn_loop(model: Model, use: ast.Attribute) -> ast.For | None:
    """The loop around a list of layers if it only runs them in turn: `for layer in self.layers: x = layer(x)`."""
    loop = model.source.parent(use)
    match loop:
        case ast.For(
            target=ast.Name(id=layer),
            iter=given,
            body=[
                ast.Assign(
                    targets=[ast.Name(id=out)],
                    value=ast.Call(func=ast.Name(id=called), args=[ast.Name(id=x)], keywords=[]),
                )
            ],
            orelse=[],
        ) if given is use and layer == called and out == x and x != layer:
            method = model.method_of(use)
            return loop if method is not None and _ends_there(method, loop, layer) else None
        case _:
            return None


def _ends_there(method: Method, loop: ast.For, name: str) -> bool:
    """Whether the loop's variable is read in loops that bind it only."""
    loops = [one for one in ast.walk(method.node) if isinstance(one, ast.For) and _binds(one, name)]
    inside = {id(node) for one in loops for part in one.body for node in ast.walk(part)}
    reads = [node for node in ast.walk(method.node) if isinstance(node, ast.Name) and node.id == name]
    return all(id(node) in inside or not isinstance(node.ctx, ast.Load) for node in reads)


def _binds(loop: ast.For, name: str) -> bool:
    return isinstance(loop.target, ast.Name) and loop.target.id == name


def _key(node: ast.expr, parent: ast.AST | None, keys: Sequence[str]) -> str | None:
    """Which of the keys an index or attribute of a Sequential means."""
    match parent:
        case ast.Attribute(attr=attr) if attr in keys:
            return attr
        case ast.Subscript(value=owner, slice=ast.Constant(value=int(index)), ctx=ast.Load()) if owner is node:
            return keys[index] if index < len(keys) else None
        case ast.Subscript(
            value=owner, slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(index))), ctx=ast.Load()
        ) if owner is node:
            return keys[-index] if 0 < index <= len(keys) else None
        case _:
            return None
