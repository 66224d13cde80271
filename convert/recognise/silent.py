"""What a class holds that a walk draws no random numbers for: numbers, layers that it passes by, classes of such."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..ops import by_module
from ..ops.container import LIST, SEQUENTIAL
from ..ops.recurrent import RECURRENT
from ..source import Source
from .calls import construction
from .class_valued import default_class
from .effects import CannotTell, Held, effect_of
from .model import Definition, Model
from .number import is_no_module
from .walkers import Walk

_CONTAINERS = {SEQUENTIAL, LIST}
_BY_CONVENTION = {"DropPath", "StochasticDepth"}
"""Names that in every library mean dropping whole paths, which takes a rate and no weights."""
_OF_TENSORS = {
    "clone",
    "detach",
    "contiguous",
    "flatten",
    "mean",
    "permute",
    "reshape",
    "transpose",
    "unsqueeze",
    "view",
}
"""Methods that tensors have, and modules have not."""
_DEEP = 3


class Silent:
    """Tells what may draw when a walk meets it, in one file."""

    def __init__(self, source: Source, models: Sequence[Model]) -> None:
        self.source = source
        self.models = models

    def may_draw(self, model: Model, walk: Walk, definition: Definition, depth: int = 0) -> bool:
        """Whether what a definition puts on self may hold a layer that the walk fills with random numbers."""
        if is_no_module(model, definition):
            return False
        return definition.value is None or self._value(model, walk, definition, definition.value, depth)

    def may_be_drawn_for(self, model: Model, walk: Walk, store: ast.AST) -> bool:
        """The same of a store that is no plain definition: one of several targets, `self.x += 1`."""
        statement = self.source.statement(store)
        method = model.method_of(store)
        match statement:
            case ast.AugAssign():
                return False
            case ast.Assign(targets=targets, value=value) if method is not None and store in targets:
                return self.may_draw(model, walk, Definition(statement, value, method))
            case _:
                return True

    def _value(self, model: Model, walk: Walk, definition: Definition, value: ast.expr, depth: int) -> bool:
        built = construction(model, value)
        if built is not None:
            inside = by_module[built.pair.module_path].inner.values()
            return any(self._fills(walk, kind) for kind in (built.pair.module_path, *inside))
        match value:
            case ast.Constant(value=None):
                return False
            case ast.IfExp(body=body, orelse=orelse):
                return any(self._value(model, walk, definition, one, depth) for one in (body, orelse))
            case ast.BoolOp(op=ast.Or(), values=[*_, ast.BinOp() | ast.Constant(value=int() | float() | str())]):
                return False  # `scale or dim ** -0.5`: what stands for a number is one
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in _OF_TENSORS:
                return False
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return any(self._value(model, walk, definition, one, depth) for one in elements)
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element) | ast.Starred(value=element):
                return self._value(model, walk, definition, element, depth)
            case ast.Call(func=func, args=args, keywords=keywords):
                path = self.source.path_of(func)
                if path in _CONTAINERS:
                    return (
                        bool(keywords)
                        or _may_grow(model, definition)
                        or any(self._value(model, walk, definition, one, depth) for one in args)
                    )
                if path in RECURRENT:
                    return walk.looks_for(path)
                return self._called(model, walk, definition, value, depth)
            case _:
                return not is_no_module(model, Definition(definition.statement, value, definition.method))

    def _called(self, model: Model, walk: Walk, definition: Definition, call: ast.Call, depth: int) -> bool:
        if not isinstance(call.func, ast.Name):
            return not is_no_module(model, Definition(definition.statement, call, definition.method))
        found = self.source.definitions.get(call.func.id, [])
        ours = next((one for one in self.models if len(found) == 1 and one.node is found[0]), None)
        if ours is not None and call.func.id not in self.source.stores and depth < _DEEP:
            return any(self._holds(model, walk, definition, call, ours, depth))
        if not found and call.func.id in _BY_CONVENTION:
            return False
        default = default_class(self.source, call)
        bare = not call.args and all(keyword.arg == "inplace" for keyword in call.keywords)
        if default in by_module and not by_module[default].slots and bare:
            return False  # an activation, whichever it is: no layer with weights is made without a size
        return not is_no_module(model, Definition(definition.statement, call, definition.method))

    def _holds(
        self, model: Model, walk: Walk, definition: Definition, call: ast.Call, ours: Model, depth: int
    ) -> list[bool]:
        """For each part of an object of a class of the file: whether it may draw."""
        handed_on = any(not _is_super(self.source, place) for place in ours.bare_self)
        if ours.bases or ours.derived or ours.computed or handed_on or ours.node.keywords or ours.init is None:
            return [True]
        given = _given(ours, call)
        odd = (node for attribute in ours.attributes.values() for node in attribute.odd)
        answers = [self.may_be_drawn_for(ours, walk, node) for node in odd]
        for attribute in ours.attributes.values():
            for one in attribute.definitions:
                name = one.value.id if isinstance(one.value, ast.Name) else ""
                handed = given.get(name) if one.method is ours.init else None
                if handed is not None and name not in _stored(ours):
                    there = Definition(definition.statement, handed, definition.method)
                    answers.append(not is_no_module(model, there))
                else:
                    answers.append(self.may_draw(ours, walk, one, depth + 1))
        return answers

    def _fills(self, walk: Walk, kind: str) -> bool:
        """Whether the walk draws random numbers for a layer of this kind."""
        if not walk.looks_for(kind):
            return False
        tensors = {slot.key: slot.key for slot in by_module[kind].slots} if kind in by_module else {}
        try:
            return not walk.chain or effect_of(self.source, walk, Held(kind, tensors)).draws
        except CannotTell:
            return True


def _is_super(source: Source, name: ast.Name) -> bool:
    match source.parent(name):
        case ast.Call(func=ast.Name(id="super")):
            return True
        case _:
            return False


def _may_grow(model: Model, definition: Definition) -> bool:
    """Whether __init__ does more with a container than make it: `self.blocks.append(Block())`."""
    attributes = (one for one in model.attributes.values() if definition in one.definitions)
    return any(model.method_of(use) is model.init or _is_changed(model, use) for one in attributes for use in one.uses)


def _is_changed(model: Model, use: ast.Attribute) -> bool:
    match model.source.parent(use):
        case ast.Attribute(attr=attr):
            return attr in {"append", "extend", "insert", "add_module", "register_module"}
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            return True
        case _:
            return False


def _given(model: Model, call: ast.Call) -> dict[str, ast.expr]:
    """What a call gives the arguments of a class's __init__, defaults included."""
    assert model.init is not None
    takes = model.init.node.args
    names = [one.arg for one in (*takes.posonlyargs, *takes.args)]
    found = dict(zip(reversed(names), reversed(takes.defaults), strict=False))
    if any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords):
        return {}
    found |= dict(zip(names[1:], call.args, strict=False))
    return found | {one.arg: one.value for one in call.keywords if one.arg is not None}


def _stored(model: Model) -> set[str]:
    assert model.init is not None
    return {
        node.id for node in ast.walk(model.init.node) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
