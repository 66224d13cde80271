"""Where default initialisations are written: in a reset_parameters method where that draws the same, else in place.

Random numbers must be drawn in the order of the constructors. A method called after the last of them does so only if
nothing in between draws, reads or changes what it fills.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from ..plan.edits import Line, Part, line, part
from ..plan.naming import Names
from ..plan.plan import Plan
from ..plan.spelling import Speller
from ..recognise.model import Model
from ..recognise.quiet import draws_nothing
from ..source import Source
from .factories import note_factories
from .form import Form


@dataclass(frozen=True)
class Planned:
    """One converted definition: its attribute, statement, and the forms of the layers it makes.

    `also` are statements that go with it, among them those that fill its layer anew where it `fills`; `before` are
    modules that stay, each with the number of forms made before it. Where a `test` chooses, `arms` are what is made if
    it holds and if not.
    """

    name: str
    statement: ast.stmt
    self_name: str
    forms: tuple[Form, ...]
    also: tuple[Line, ...] = ()
    test: tuple[Part, ...] = ()
    arms: tuple[Planned, ...] = ()
    before: tuple[tuple[int, str, ast.expr], ...] = ()
    fills: bool = False


def write_definitions(plan: Plan, planned: Sequence[Planned], names: Names, speller: Speller) -> None:
    """Replace every definition by its functional statements."""
    model = plan.model
    in_order = sorted(planned, key=lambda one: (one.statement.lineno, one.statement.col_offset))
    drawing = [one for one in in_order if _initial(one, "bound", speller)]
    together = len(drawing) > 1 and names.is_free("reset_parameters") and _is_quiet(model, in_order, drawing)
    together = together and len(model.family) == 1  # a derived class may have one as well, and its base would call that
    for one in in_order:
        filled = not together or bool(one.arms)
        plan.edits.replace_statement(one.statement, *_made(one, _bound(model, one), speller, filled=filled))
    replaced = {one.statement for one in in_order}
    for definition in (one for attribute in model.attributes.values() for one in attribute.definitions):
        if definition.handed is not None and definition.statement in replaced:
            plan.edits.replace_statement(definition.handed)
    note_factories(plan, replaced)
    if together:
        assert model.init is not None
        plan.edits.insert(drawing[-1].statement, line(f"{drawing[-1].self_name}.reset_parameters()"), after=True)
        body = [Line(part.parts, part.depth + 1) for one in drawing for part in _initial(one, "bound", speller, "self")]
        plan.edits.insert(model.init.node, Line(()), line("def reset_parameters(self):"), *body, after=True)


def _made(one: Planned, bound: str, speller: Speller, *, filled: bool) -> list[Line]:
    """The statements that take a definition's place."""
    if one.before:
        return [*_in_turn(one, bound, speller, speller.source), *one.also]
    if not one.arms:
        lines = [state for form in one.forms for state in form.state_lines(one.self_name)]
        return [*lines, *(_initial(one, bound, speller) if filled else ()), *one.also]
    body, orelse = (_made(arm, bound, speller, filled=filled) or [line("pass")] for arm in one.arms)
    found = [line("if ", *one.test, ":"), *(Line(part.parts, part.depth + 1) for part in body)]
    if orelse != [line("pass")]:
        found += [line("else:"), *(Line(part.parts, part.depth + 1) for part in orelse)]
    return found


def _in_turn(one: Planned, bound: str, speller: Speller, source: Source) -> list[Line]:
    """Layers and modules that stay, each made and filled before the next."""
    lines: list[Line] = []
    for number in range(len(one.forms) + 1):
        for place, attribute, node in one.before:
            if place == number:
                built = part(source, node)
                parts: tuple[Part, ...] = (built,) if isinstance(node, (ast.Call, ast.Name)) else ("(", built, ")")
                lines.append(line(f"{one.self_name}.{attribute} = ", *parts))
        for form in one.forms[number : number + 1]:
            lines += form.state_lines(one.self_name)
            lines += form.initial_lines(one.self_name, bound, speller, one.statement)
    return lines


def _initial(one: Planned, bound: str, speller: Speller, self_name: str | None = None) -> list[Line]:
    name = self_name or one.self_name
    if one.arms:
        return [part for arm in one.arms for part in _initial(arm, bound, speller, self_name)]
    return [part for form in one.forms for part in form.initial_lines(name, bound, speller, one.statement)]


def has_guests(one: Planned) -> bool:
    """Whether a definition also makes modules that stay, which may draw random numbers."""
    return bool(one.before) or any(has_guests(arm) for arm in one.arms)


def _bound(model: Model, one: Planned) -> str:
    """A local name for the bound that the function does not use yet."""
    function = next(
        node
        for node in model.source.ancestors(one.statement)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    used = {node.id for node in model.source.walk(function) if isinstance(node, ast.Name)}
    used |= {argument.arg for argument in model.source.walk(function.args) if isinstance(argument, ast.arg)}
    return "bound" if used.isdisjoint({"bound", "fan_in"}) else f"{one.name}_bound"


def _is_quiet(model: Model, planned: Sequence[Planned], drawing: Sequence[Planned]) -> bool:
    """Whether from the first drawing definition to the last nothing else draws, and __init__ reads no layer."""
    if model.init is None:
        return False
    body = model.init.node.body
    ours = {id(one.statement) for one in planned if not has_guests(one)}
    if any(one.statement not in body or one.arms or one.before or one.fills for one in drawing):
        return False
    first, last = body.index(drawing[0].statement), body.index(drawing[-1].statement)
    if not all(id(statement) in ours or draws_nothing(model, statement) for statement in body[first : last + 1]):
        return False
    inside = {id(node) for node in ast.walk(model.init.node)}
    attributes = [model.attribute(one.name) for one in planned]
    return not any(id(use) in inside for each in attributes for use in (*each.uses, *each.aliases))
