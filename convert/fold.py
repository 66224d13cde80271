"""`--sequential`: a method that only runs layers one after the other becomes an nn.Sequential of the method's name.

`def block(self, x): x = self.block_0(x); …; return x` → `self.block = nn.Sequential(nn.Conv2d(…), …)`. Works on module
style, after the conversion; a layer that is used anywhere else, or defined out of order, leaves its method as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from .imports import settle_imports
from .outcome import StateMove
from .plan.edits import line
from .plan.guards import Guards
from .plan.plan import Kept, Plan
from .plan.spelling import NoName, Speller
from .recognise.calls import construction
from .recognise.model import Definition, Method, Model
from .recognise.surroundings import Surroundings
from .rewrite import rewrite, shares_line
from .source import Source


@dataclass(frozen=True)
class _Chain:
    """A foldable method: its layers in the order they run, each with its definition."""

    method: Method
    layers: tuple[tuple[str, Definition], ...]


def fold_sequentials(text: str, path: str) -> tuple[str, dict[str, dict[str, StateMove]]]:
    """The text with chains folded, and per model the keys that moved."""
    source = Source(text, path)
    surroundings = Surroundings(source)
    speller = Speller(source)
    moves: dict[str, dict[str, StateMove]] = {}
    edits = []
    for model in surroundings.models:
        plan = Plan(model)
        for method in model.methods.values():
            try:
                with plan.together():
                    _fold(plan, surroundings, method, speller)
            except (Kept, NoName):
                continue
        edits += plan.edits.edits
        moves[model.name] = plan.moves
    if not edits:
        return text, moves
    after = Source(rewrite(source, edits), path)
    return settle_imports(source, after, speller.wanted), moves


def compose(first: Mapping[str, StateMove], second: Mapping[str, StateMove]) -> dict[str, StateMove]:
    """The state map of one change after another."""
    return {
        old: StateMove(second[move.key].key, move.transform) if move.key in second else move
        for old, move in first.items()
    }


def _fold(plan: Plan, surroundings: Surroundings, method: Method, speller: Speller) -> None:
    model = plan.model
    guards = Guards(model, surroundings)
    chain = _chain(model, guards, method)
    name = method.name
    guards.check_class()
    guards.check_method(name)
    stateful = [definition for _, definition in chain.layers if _has_state(model, definition)] or [chain.layers[-1][1]]
    first = stateful[0].statement
    assert chain.layers[0][1].method.self_name is not None
    rows = [line(f"{chain.layers[0][1].method.self_name}.{name} = {speller.spell('torch.nn.Sequential', first)}(")]
    for index, (attribute, definition) in enumerate(chain.layers):
        assert definition.value is not None
        rows.append(line(f"{model.source.says(definition.value)},", depth=1))
        if definition.statement is not first:
            plan.edits.replace_statement(definition.statement)
        _follow(plan, attribute, f"{name}[{index}]", f"{name}.{index}", method)
    plan.edits.replace_statement(first, *rows, line(")"))
    plan.edits.replace_statement(method.node)


def _follow(plan: Plan, attribute: str, place: str, key: str, method: Method) -> None:
    """Other reads of the layer's tensors, and its state keys."""
    model = plan.model
    built = construction(model, model.attribute(attribute).definitions[0].value)
    assert built is not None
    for use in model.attribute(attribute).uses:
        if model.method_of(use) is method:
            continue
        parent = model.source.parent(use)
        if not (isinstance(parent, ast.Attribute) and any(slot.name == parent.attr for slot in built.pair.slots)):
            raise Kept("NF214", use, name=attribute, text=model.source.says(use))
        plan.edits.replace(use, f"{model.source.says(use.value)}.{place}")
    for slot in built.pair.slots:
        plan.moves[f"{attribute}.{slot.key}"] = StateMove(f"{key}.{slot.key}")


def _chain(model: Model, guards: Guards, method: Method) -> _Chain:
    """Read a method as a chain of layers; Kept where it is anything else."""
    arguments = method.node.args
    if (
        len(arguments.args) != 2
        or arguments.vararg
        or arguments.kwarg
        or arguments.kwonlyargs
        or method.node.decorator_list
    ):
        raise Kept("NF214", method.node, name=method.name, text=method.name)
    variable = arguments.args[1].arg
    names: list[str] = []
    *steps, last = method.node.body
    for step in steps:
        names.append(_step(model, method, step, variable))
    match last:
        case ast.Return(value=ast.Name(id=returned)) if returned == variable and len(names) > 1:
            pass
        case _:
            raise Kept("NF214", last, name=method.name, text=method.name)
    layers = tuple((name, _definition(model, guards, name)) for name in names)
    drawing = [definition.statement.lineno for _, definition in layers if _has_state(model, definition)]
    if len(set(names)) != len(names) or drawing != sorted(drawing):
        raise Kept("NF214", method.node, name=method.name, text=method.name)
    return _Chain(method, layers)


def _step(model: Model, method: Method, step: ast.stmt, variable: str) -> str:
    """`x = self.layer(x)` → layer."""
    match step:
        case ast.Assign(
            targets=[ast.Name(id=target)],
            value=ast.Call(func=func, args=[ast.Name(id=given)], keywords=[]),
        ) if target == given == variable and (name := model.self_attribute(func)):
            return name
        case _:
            raise Kept("NF214", step, name=method.name, text=method.name)


def _definition(model: Model, guards: Guards, name: str) -> Definition:
    guards.check_attribute(name)
    guards.check_keys(name)
    definition = model.attribute(name).definitions[0]
    built = construction(model, definition.value)
    if built is None or definition.method is not model.init or definition.statement not in definition.method.node.body:
        raise Kept("NF214", definition.statement, name=name, text=name)
    if shares_line(model.source, definition.statement) or len(built.pair.data) != 1:
        raise Kept("NF227", definition.statement)
    guards.check_kind(built.pair.module_path)
    return definition


def _has_state(model: Model, definition: Definition) -> bool:
    built = construction(model, definition.value)
    return built is not None and bool(built.pair.slots)
