"""Whether a walk that meets a class, instead of its layers one by one, draws random numbers in the same order.

It does for layers that come before every other module it draws for (where it meets the class first), or after (last).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..recognise.model import Model
from ..recognise.silent import Silent
from ..recognise.walkers import Walk
from .form import Form
from .initialise import Planned, has_guests


def out_of_order(
    model: Model, walk: Walk, silent: Silent, planned: Sequence[Planned], drawing: Sequence[str]
) -> set[str]:
    """The attributes, of those that the walk draws for, whose random numbers would be drawn at another time."""
    places = {name: _definition_lines(model, name) for name in drawing}
    late = {name for name, lines in places.items() if not lines}
    guests = {one.name for one in planned if has_guests(one)}
    late |= {name for name in drawing if name in guests}  # a module beside layers of a Sequential may draw between them
    ours = {id(one.statement) for one in planned if not has_guests(one)}
    others = list(_others(model, walk, silent, ours))
    if None in others:
        return set(drawing)
    known = [line for line in others if line is not None]
    for name, lines in places.items():
        if known and lines and (lines[-1] > min(known) if walk.owner == "first" else lines[0] < max(known)):
            late.add(name)
        if any(lines[0] < place < lines[-1] for other in drawing if other != name for place in places[other] if lines):
            late.add(name)  # an attribute that is defined twice keeps its first place
    return late


def _others(model: Model, walk: Walk, silent: Silent, ours: set[int]) -> Iterator[int | None]:
    """Lines of __init__ that register something else the walk may draw for; None where nobody knows when."""
    for attribute in model.attributes.values():
        for definition in attribute.definitions:
            if id(definition.statement) not in ours and silent.may_draw(model, walk, definition):
                yield definition.statement.lineno if definition.method is model.init else None
        for node in attribute.odd:
            if not silent.may_be_drawn_for(model, walk, node):
                continue
            yield node.lineno if model.method_of(node) is model.init else None  # type: ignore[attr-defined]


def _definition_lines(model: Model, name: str) -> list[int]:
    """Where __init__ defines the attribute; nowhere for certain, where another method does too."""
    definitions = model.attribute(name).definitions
    if any(definition.method is not model.init for definition in definitions):
        return []
    return sorted(definition.statement.lineno for definition in definitions)


def arms_of(one: Planned) -> list[Planned]:
    """The definitions that a planned one chooses between; itself alone where it does not choose."""
    return [leaf for arm in one.arms for leaf in arms_of(arm)] if one.arms else [one]


def forms_of(planned: Sequence[Planned]) -> list[Form]:
    """The forms of all layers that are planned."""
    return [form for one in planned for arm in arms_of(one) for form in arm.forms]
