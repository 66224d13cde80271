"""The Sequentials of a class whose layers are gathered in lists, the layers that go into them, and the attributes.

A ModuleList or ModuleDict is one more such container where Sequentials go into it.

What stands as one expression, or in a row of plain statements, is no such Sequential: it can be read as it stands.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from ..ops import Pair
from ..ops.container import DICT, LIST, SEQUENTIAL
from .assembled import assembled
from .calls import Construction, calls_in, construction
from .containers import holder_path
from .gathering import GROWS, Journey, journey_of
from .local_lists import ORDERED, stored_values
from .model import Attribute, Definition, Model
from .surroundings import Surroundings


@dataclass(eq=False)
class Item:
    """A layer that goes into Sequentials."""

    built: Construction
    journey: Journey


@dataclass(eq=False)
class Box:
    """Such a Sequential, or a ModuleList or ModuleDict that holds some; `path` is its class.

    `named` is a Sequential whose layers have names instead of numbers.
    """

    node: ast.Call
    journey: Journey
    path: str
    named: bool = False

    @property
    def runs(self) -> bool:
        """Whether a call of it runs its layers."""
        return self.path == SEQUENTIAL


@dataclass
class Gathers:
    """All of a class, by the identity of their constructors, and the containers of each attribute."""

    boxes: dict[int, Box] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    attributes: dict[str, list[Box]] = field(default_factory=dict)


def gathers_of(
    model: Model,
    surroundings: Surroundings,
    wanted: Callable[[Pair], bool],
    *,
    late: Collection[str],
    theirs: Callable[[Attribute], bool],
    taken: Collection[int],
) -> Gathers:
    """Find them, but for what stands in attributes that are `theirs`, the `late` apart, and what has been `taken`."""
    if not any(word in model.source.text for word in ("Sequential", "ModuleList", "ModuleDict")):
        return Gathers()
    calls = calls_in(model)
    places = [node for node in calls if model.source.path_of(node.func) in {SEQUENTIAL, LIST, DICT}]
    found = Gathers()
    if not places or len(model.family) > 1:  # a derived class may fill its lists in its own way
        return found
    plain_in = {name: set(_plain(model, one, theirs)) for name, one in model.attributes.items() if name not in late}
    plain = set(taken).union(*plain_in.values())
    for node in places:
        if id(node) not in plain:
            path = model.source.path_of(node.func) or ""
            found.boxes[id(node)] = Box(node, journey_of(model, surroundings, node), path)
    _prune(model, found, late)
    for box in found.boxes.values():
        for name in (name for name in box.journey.attributes if not plain_in.get(name)):
            found.attributes.setdefault(name, []).append(box)
    if not found.attributes:
        return Gathers()
    for box in found.boxes.values():
        box.named = box.runs and _is_named(model, box)
    for node in calls:
        built = construction(model, node)
        if built is not None and id(node) not in plain and wanted(built.pair):
            found.items[id(node)] = Item(built, journey_of(model, surroundings, node))
    return found


def _prune(model: Model, found: Gathers, late: Collection[str]) -> None:
    """Leave out the lists and dictionaries that no Sequential goes into."""
    holding: set[int] = set()
    grown: set[str] = set(late)
    for box in found.boxes.values():
        if box.runs:
            holding |= {id(node) for node in box.journey.into}
            grown |= set(box.journey.grown)
    more = True
    while more:
        lists = [box for box in found.boxes.values() if not box.runs]
        ours = [box for box in lists if id(box.node) in holding or not grown.isdisjoint(box.journey.attributes)]
        into = {id(node) for box in ours for node in box.journey.into}
        more = not into <= holding
        holding |= into | {id(box.node) for box in ours}
    for key, box in list(found.boxes.items()):
        if not box.runs and key not in holding:
            del found.boxes[key]


def _plain(model: Model, attribute: Attribute, theirs: Callable[[Attribute], bool]) -> Iterator[int]:
    """Constructors that other planners read: what an attribute is given in one piece."""
    for definition in attribute.definitions:
        if definition.value is None:
            continue
        origin = model.source.origin(definition.value)
        holds = holder_path(model, definition.value) is not None
        together = assembled(model, definition)
        if holds and not theirs(attribute):
            continue
        if together is not None:
            yield from (id(node) for part in together.parts for node in model.source.walk(part))
        written_out = origin is not definition.value
        if together is not None or written_out or _is_straight(model, definition, definition.value):
            yield from (id(node) for node in ast.walk(origin))


def _is_straight(model: Model, definition: Definition, value: ast.expr) -> bool:
    """One layer, a choice of such, a container of its own kind, or a Sequential of nothing but what stands in it."""
    if isinstance(value, ast.IfExp):
        return _is_straight(model, definition, value.body) and _is_straight(model, definition, value.orelse)
    if not isinstance(value, ast.Call):
        return not isinstance(value, ast.Name)
    if construction(model, value) is not None or holder_path(model, value) is not None:
        return True
    if model.source.path_of(value.func) != SEQUENTIAL:
        return False
    for node in ast.walk(value):
        if (
            isinstance(node, ast.Call)
            and model.source.path_of(node.func) == SEQUENTIAL
            and not _is_displayed(model, node)
        ):
            return False
    return not any(_grows(model, use) for use in _uses(model, definition))


def _is_displayed(model: Model, node: ast.Call) -> bool:
    """Whether a Sequential's layers all stand in its call."""
    if any(isinstance(one, ast.Starred) for one in node.args):
        return False
    match node.args:
        case [ast.Call(func=func, args=[ast.List() | ast.Tuple()])] if model.source.path_of(func) == ORDERED:
            return True
        case [ast.Call(func=func)] if model.source.path_of(func) == ORDERED:
            return False
        case _:
            return True


def _uses(model: Model, definition: Definition) -> list[ast.Attribute]:
    found = [one for one in model.attributes.values() if definition in one.definitions]
    return [use for one in found for use in one.uses]


def _grows(model: Model, use: ast.Attribute) -> bool:
    parent = model.source.parent(use)
    return isinstance(parent, ast.Attribute) and parent.attr in GROWS


def growths(model: Model, name: str) -> Iterator[ast.Call]:
    """The calls that add to an attribute: `self.net.append(…)`, as statements."""
    for use in model.attribute(name).uses:
        function = model.source.parent(use)
        call = model.source.parent(function) if function is not None and _grows(model, use) else None
        if isinstance(call, ast.Call) and call.func is function and isinstance(model.source.parent(call), ast.Expr):
            yield call


def _is_named(model: Model, box: Box) -> bool:
    """Whether a Sequential is given a dictionary, or filled by name; it is lost where that does not show."""
    match box.node.args:
        case [ast.Call(func=func)] if model.source.path_of(func) == ORDERED:
            return True
        case [ast.Call(func=ast.Name(id=name))] if any(
            isinstance(one, ast.FunctionDef) for one in model.source.definitions.get(name, ())
        ):
            box.journey.lost = box.node
            return False
        case [ast.Name() as name]:
            values = stored_values(model.source, name) or []
            kinds = {isinstance(one, ast.Call) and model.source.path_of(one.func) == ORDERED for one in values}
            if len(kinds) != 1:
                box.journey.lost = box.node
            return True in kinds
        case []:
            grown = {call.func.attr for name in box.journey.attributes for call in growths(model, name)}  # type: ignore[attr-defined]
            return "add_module" in grown | box.journey.grows
        case _:
            return False


def displayed(box: Box) -> dict[int, tuple[str, ast.expr]]:
    """The places of a list's elements, by their identity, where one display holds them all; empty where none does."""
    match box.node.args:
        case [ast.List(elts=elements) | ast.Tuple(elts=elements)] if not box.runs:
            if not any(isinstance(one, ast.Starred) for one in elements):
                return {id(one): (str(place), one) for place, one in enumerate(elements)}
    return {}
