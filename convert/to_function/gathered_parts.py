"""Decides which gathered layers of a class can become objects, and which containers lists of such.

What stays a module stays in its list. A container that goes out of sight keeps all that goes into it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..ops.container import DICT, LIST, SEQUENTIAL
from ..plan.guards import Guards
from ..plan.plan import Kept
from ..recognise.containers import Holder, Member
from ..recognise.contents import Contents
from ..recognise.gathering import Journey
from ..recognise.gathers import Box, Gathers, Item, displayed, growths
from .agree import Layer
from .gathered_uses import Uses, around, asks_the_same, read_uses

_ITS_OWN = {"keys", "items", "values", "pop", "update", "clear"}
"""What an nn.ModuleDict, unlike an nn.Sequential, takes for no name of a module."""
_TENSORS = frozenset({"weight", "bias", "running_mean", "running_var"})


@dataclass
class Part:
    """Containers that share layers, and what is decided of them together."""

    boxes: list[Box] = field(default_factory=list)
    attributes: dict[str, Uses] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)


class Judge:
    """Finds out which of a class's gathered layers can become objects, and which of its containers lists of such.

    `reasons` are why attributes stay, `layers` the items by their constructors, with forms and reasons of their own.
    """

    def __init__(self, guards: Guards, found: Gathers, read: Callable[[Layer, frozenset[str]], None]) -> None:
        self.guards = guards
        self.model = guards.model
        self.surroundings = guards.surroundings
        self.read = read
        self.found = found
        self.boxes = dict(found.boxes)
        self.attributes = {name: Uses() for name in self.found.attributes}
        self.layers: dict[int, Layer] = {}
        self.reasons: dict[str, Kept] = {}
        self.members: dict[int, Member] = {}

    def parts(self) -> list[Part]:
        """What can become something, as far as it hangs together."""
        if not self.boxes:
            return []
        for key, item in self.found.items.items():
            if item.journey.into or item.journey.grown:
                self.layers[key] = Layer(item.built, "layer")
                self.members[key] = Member(item.built.node)
        for key, box in self.boxes.items():
            self.members[key] = Member(box.node)
        while self._drop():
            pass
        self._read_uses()
        while self._drop():
            pass
        for key, layer in self.layers.items():
            if self.is_open(key):
                self.read(layer, frozenset())
                self._check_reads(key, layer)
        return list(self._together())

    def is_open(self, key: int) -> bool:
        """Whether a layer goes into nothing but lists of objects."""
        item = self.found.items[key]
        plain = item.journey.lost is None and not item.journey.attributes
        return plain and self._goes(item.journey.into, item.journey.grown)

    def ours(self) -> set[int]:
        """The constructors of what becomes an object or a list of such."""
        return set(self.boxes) | {key for key, one in self.layers.items() if self.is_open(key) and one.reason is None}

    def has_guests(self, part: Part, *, lists: bool = True) -> bool:
        """Whether other modules may be among the layers; without `lists`, among those of Sequentials."""
        contents = Contents(self.model, self.surroundings, self.ours())
        boxes = [box for box in part.boxes if lists or box.runs]
        plain = all(contents.holds_ours(box.node) for box in boxes)
        runs = {name for box in boxes for name in box.journey.attributes}
        calls = [call for name, uses in part.attributes.items() if name in runs for call in uses.growths if call.args]
        stores = [one for name, uses in part.attributes.items() if name in runs for one in uses.stores]
        added = all(self._adds_ours(contents, call) for call in calls) and all(map(contents.is_known, stores))
        return not plain or not added

    def _adds_ours(self, contents: Contents, call: ast.Call) -> bool:
        extends = isinstance(call.func, ast.Attribute) and call.func.attr == "extend"
        return contents.is_known(call.args[-1], 1 if extends else 0)

    def _goes(self, into: list[ast.Call], grown: list[str]) -> bool:
        return all(id(one) in self.boxes for one in into) and all(name in self.attributes for name in grown)

    def _drop(self) -> bool:
        """Take out what something that stays holds; whether there was any."""
        before = len(self.boxes), len(self.attributes)
        for key, box in list(self.boxes.items()):
            try:
                self._check_box(box)
            except Kept as reason:
                del self.boxes[key]
                for name in self.found.attributes.keys() & {*box.journey.attributes}:
                    facts = reason.facts | ({"name": name} if "name" in reason.facts else {})
                    self.reasons.setdefault(name, Kept(reason.code, reason.node, **facts))
        for name in list(self.attributes):
            if not all(id(box.node) in self.boxes for box in self.found.attributes[name]):
                del self.attributes[name]
        return before != (len(self.boxes), len(self.attributes))

    def _check_box(self, box: Box) -> None:
        journey = box.journey
        if journey.lost is not None:
            raise Kept("NF214", journey.lost, name="", text=around(self.model, journey.lost))
        if not self._goes(journey.into, [*journey.grown, *journey.attributes]) or not (
            journey.into or journey.grown or journey.attributes
        ):
            raise Kept("NF214", box.node, name="", text=around(self.model, box.node))
        if not all(asks_the_same(self.model, read) for read in journey.reads):
            raise Kept("NF229", journey.reads[0], text=self.model.source.says(journey.reads[0]))
        if box.named and (journey.grows - {"add_module"} or self._names_hide(box)):
            raise Kept("NF225", reason="nn.ModuleDict does not take every name")
        if box.runs and not box.named and "add_module" in journey.grows:
            raise Kept("NF225", reason="nn.ModuleList takes no names")

    def _names_hide(self, box: Box) -> bool:
        method = self.model.method_of(box.node)
        assert method is not None
        inside = self.model.source.walk(method.node)
        return any(isinstance(node, ast.Constant) and node.value in _ITS_OWN for node in inside)

    def _read_uses(self) -> None:
        for name in list(self.attributes):
            try:
                self.attributes[name] = self._uses(name)
            except Kept as reason:
                self.reasons[name] = reason
                del self.attributes[name]

    def _uses(self, name: str) -> Uses:
        attribute, boxes = self.model.attribute(name), self.found.attributes[name]
        self.guards.check_class()
        self.guards.check_protocol()
        self.guards.check_reach(name)
        self.guards.check_bare(name)
        self.guards.check_kind(SEQUENTIAL)
        for kind in ("ModuleList", "ModuleDict"):
            self.guards.check_kind(f"torch.nn.{kind}")
        contents = Contents(self.model, self.surroundings, set(self.boxes), filled=True)
        values = [one.value and self.model.source.origin(one.value) for one in attribute.definitions]
        if attribute.odd:
            raise Kept("NF208", name=name, count=len(attribute.definitions) + len(attribute.odd))
        for value in values:
            if not isinstance(value, ast.expr) or not contents.is_known(value):
                text = "" if value is None else around(self.model, value)
                raise Kept("NF222", value, name=name, text=text, reason="its layers are known at run time only")
        if any(one.form not in {"assign", "add_module"} for one in attribute.definitions):
            raise Kept("NF208", name=name, count=len(attribute.definitions))
        if len({(box.named, box.path) for box in boxes}) > 1:
            raise Kept("NF208", name=name, count=len(boxes))
        uses = read_uses(self.guards, attribute, self._holder(boxes, name), boxes[0])
        grows = {call.func.attr for call in uses.growths if isinstance(call.func, ast.Attribute)}
        if grows and boxes[0].runs and boxes[0].named != (grows == {"add_module"}):
            raise Kept("NF214", uses.growths[0], name=name, text=around(self.model, uses.growths[0].func))
        return uses

    def _holder(self, boxes: list[Box], name: str = "") -> Holder:
        """The layers and containers that go into these containers, with their places where one display shows them."""
        calls = {id(box.node) for box in boxes}
        inside: dict[int, Member | Holder] = {}
        for key, journey in self._journeys():
            if key in self.members and (name in journey.grown or any(id(into) in calls for into in journey.into)):
                inner = self.boxes.get(key)
                inside[key] = self._holder([inner]) if inner and not inner.runs else self.members[key]
        placed = displayed(boxes[0]) if len(boxes) == 1 else {}
        if not placed or not inside.keys() <= placed.keys() or self._grows(boxes[0]):
            path = DICT if boxes[0].path == DICT else LIST
            return Holder(path, [(None, entry) for entry in inside.values()])
        return Holder(LIST, [(place, inside.get(key) or Member(node)) for key, (place, node) in placed.items()])

    def _grows(self, box: Box) -> bool:
        return bool(box.journey.grows) or any(
            True for name in box.journey.attributes for _ in growths(self.model, name)
        )

    def _journeys(self) -> Iterator[tuple[int, Journey]]:
        """Where every layer and every container goes."""
        yield from ((key, item.journey) for key, item in self.found.items.items())
        yield from ((key, box.journey) for key, box in self.boxes.items())

    def _check_reads(self, key: int, layer: Layer) -> None:
        """What a layer is asked for must be there afterwards."""
        item, member = self.found.items[key], self.members[key]
        reads = list(item.journey.reads)
        for uses in self.attributes.values():
            reads += [read.node for read in uses.flow.reads if member in read.members]
        if layer.form is None:
            return
        slots = {tensor.slot.key for tensor in layer.form.tensors}
        absent = _TENSORS - {slot.key for slot in layer.built.pair.slots}  # neither the layer nor its object has them
        for read in reads:
            if read.attr not in slots | absent and not asks_the_same(self.model, read):
                layer.reason = layer.reason or Kept("NF229", read, text=self.model.source.says(read))

    def _together(self) -> Iterator[Part]:
        """Containers and layers that share a container, a layer or an attribute."""
        groups: list[set[object]] = []
        linked: list[set[object]] = [{id(box.node), *box.journey.attributes} for box in self.boxes.values()]
        for key, journey in self._journeys():
            if key in self.boxes or (key in self.layers and self.is_open(key)):
                linked.append({key, *map(id, journey.into), *journey.grown})
        for link in linked:
            meant = [group for group in groups if not group.isdisjoint(link)]
            groups = [group for group in groups if group not in meant] + [link.union(*meant)]
        for group in groups:
            boxes = [box for key, box in self.boxes.items() if key in group]
            items = [item for key, item in self.found.items.items() if key in group]
            if boxes:
                uses = {name: one for name, one in self.attributes.items() if name in group}
                yield Part(boxes, uses, items)
