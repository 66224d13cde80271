"""An nn.Sequential that several statements put together: from a local list, or by `add_module` after it was made.

`layers = []`, `layers.append(nn.Linear(4, 8))`, `self.net = nn.Sequential(*layers)` reads as one expression, where no
statement in between draws random numbers or gives a name that the layers read another value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..ops.container import LIST, SEQUENTIAL
from .block import block_of
from .model import Definition, Model
from .quiet import draws_nothing

Entry = tuple[str | None, ast.expr]
"""A layer with its name, or None for the number that it gets."""

_ORDERED = "collections.OrderedDict"
_MADE = {SEQUENTIAL, LIST}


@dataclass(frozen=True)
class Assembled:
    """The entries of a Sequential with their keys, and the statements beside its definition that make them."""

    entries: tuple[tuple[str, ast.expr], ...]
    parts: tuple[ast.stmt, ...]


def assembled(model: Model, definition: Definition) -> Assembled | None:
    """Read a Sequential that needs more than its own expression; None where it does not, or is not straight-line."""
    value = definition.value
    if not isinstance(value, ast.Call) or value.keywords or model.source.path_of(value.func) not in _MADE:
        return None
    if model.source.origin(value) is not value:
        return None
    reader = _Reader(model, definition)
    try:
        before, parts = reader.given(value)
        grown = list(reader.growth())
        parts += [statement for statement, _ in grown]
        entries = _numbered([*before, *(entry for _, entry in grown)])
        reader.check_between(parts, [node for _, node in entries])
    except _Unclear:
        return None
    plain = (
        not parts
        and not reader.is_list(value)
        and not any(isinstance(argument, ast.Starred) for argument in value.args)
    )
    return None if plain or not entries else Assembled(tuple(entries), tuple(parts))


class _Unclear(Exception):
    """What the Sequential holds cannot be told, or not without changing what the statements do."""


class _Reader:
    def __init__(self, model: Model, definition: Definition) -> None:
        self.model = model
        self.source = model.source
        self.definition = definition
        self.block = block_of(model.source, definition.statement)

    def given(self, call: ast.Call) -> tuple[list[Entry], list[ast.stmt]]:
        """The entries of the call itself, and the statements that make its lists."""
        match call.args:
            case [ast.Call(func=func, args=[ast.Name() as name], keywords=[])] if self.source.path_of(func) == _ORDERED:
                elements, parts = self._local(name)
                return [_pair(element) for element in elements], parts
            case [ast.Call(func=func, args=[only], keywords=[])] if self.source.path_of(func) == _ORDERED:
                return [_pair(element) for element in _elements(only)], []
            case [ast.Name() as name] if self._is_dictionary(name):
                return self._local_dictionary(name)
            case _:
                return self._listed(call)

    def _listed(self, call: ast.Call) -> tuple[list[Entry], list[ast.stmt]]:
        entries: list[Entry] = []
        parts: list[ast.stmt] = []
        given = [ast.Starred(one) for one in call.args] if self.is_list(call) else call.args
        for argument in given:
            match argument:
                case ast.Starred(value=ast.Name() as name):
                    elements, more = self._local(name)
                    entries += [(None, element) for element in elements]
                    parts += more
                case ast.Starred(value=value):
                    entries += [(None, element) for element in _elements(value)]
                case _:
                    entries.append((None, argument))
        return entries, parts

    def is_list(self, call: ast.Call) -> bool:
        """An nn.ModuleList takes its layers as one list."""
        return self.source.path_of(call.func) == LIST and len(call.args) <= 1

    def growth(self) -> Iterator[tuple[ast.stmt, Entry]]:
        """`self.net.add_module("conv", …)` and `self.net.append(…)` after the definition."""
        name = self._attribute()
        for use in sorted(self.model.attribute(name).uses, key=lambda node: (node.lineno, node.col_offset)):
            function = self.source.parent(use)
            if not (isinstance(function, ast.Attribute) and function.attr in {"add_module", "append", "extend"}):
                continue
            call = self.source.parent(function)
            statement = self.source.parent(call) if call is not None else None
            if not isinstance(statement, ast.Expr) or not isinstance(call, ast.Call) or call.keywords:
                raise _Unclear
            match function.attr, call.args:
                case "add_module", [ast.Constant(value=str(key)), node]:
                    yield statement, (key, node)
                case "append", [node]:
                    yield statement, (None, node)
                case _:
                    raise _Unclear

    def _attribute(self) -> str:
        for name, attribute in self.model.attributes.items():
            if self.definition in attribute.definitions:
                return name
        raise _Unclear

    def check_between(self, parts: Sequence[ast.stmt], nodes: Sequence[ast.expr]) -> None:
        """All stand in one block, and what stands between them has no part in what the layers are."""
        if not parts:
            return
        places = [(node.lineno, node.col_offset) for node in nodes]
        if places != sorted(places):
            raise _Unclear  # they are not made in the order in which they run
        own = self.definition.statement
        if any(statement not in self.block for statement in parts):
            raise _Unclear
        rows = sorted(self.block.index(statement) for statement in (*parts, own))
        used = {
            ast.unparse(part)
            for node in nodes
            for part in ast.walk(node)
            if isinstance(part, (ast.Name, ast.Attribute))
        }
        for statement in self.block[rows[0] : rows[-1]]:
            if statement in parts or statement is own:
                continue
            match statement:
                case ast.Assign(targets=[ast.Name() | ast.Attribute() as target]):
                    if isinstance(target, ast.Attribute) and self.model.self_attribute(target) is None:
                        raise _Unclear  # it may be an object that the layers' sizes are read from
                    if ast.unparse(target) in used or not draws_nothing(self.model, statement):
                        raise _Unclear
                case _:
                    raise _Unclear

    def _local(self, name: ast.Name) -> tuple[list[ast.expr], list[ast.stmt]]:
        """What a local list holds when the Sequential is made, and the statements that fill it."""
        elements: list[ast.expr] = []
        parts: list[ast.stmt] = []
        for statement in self._statements(name):
            match statement:
                case ast.Assign(targets=[ast.Name(id=owner)], value=value):
                    elements, parts = list(_elements(value)), []
                case ast.AugAssign(target=ast.Name(id=owner), op=ast.Add(), value=value):
                    elements += _elements(value)
                case ast.Expr(
                    value=ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=attr), args=[value], keywords=[])
                ):
                    elements += [value] if attr == "append" else _elements(value)
                case _:
                    raise _Unclear
            if owner != name.id:
                raise _Unclear
            parts.append(statement)
        if not parts or not isinstance(parts[0], ast.Assign):
            raise _Unclear
        return _apart(elements, name.id), parts

    def _local_dictionary(self, name: ast.Name) -> tuple[list[Entry], list[ast.stmt]]:
        entries: list[Entry] = []
        parts: list[ast.stmt] = []
        for statement in self._statements(name):
            match statement:
                case ast.Assign(targets=[ast.Name(id=owner)], value=ast.Call(args=given)):
                    entries, parts = [_pair(element) for one in given for element in _elements(one)], []
                case ast.Assign(
                    targets=[ast.Subscript(value=ast.Name(id=owner), slice=ast.Constant(value=str(key)))], value=value
                ):
                    entries.append((key, value))
                case _:
                    raise _Unclear
            if owner != name.id:
                raise _Unclear
            parts.append(statement)
        _apart([node for _, node in entries], name.id)
        return entries, parts

    def _is_dictionary(self, name: ast.Name) -> bool:
        first = next(iter(self._statements(name)), None)
        match first:
            case ast.Assign(targets=[ast.Name(id=owner)], value=ast.Call(func=func, args=[] | [_], keywords=[])) if (
                owner == name.id
            ):
                return self.source.path_of(func) == _ORDERED
            case _:
                return False

    def _statements(self, name: ast.Name) -> list[ast.stmt]:
        """The statements before the definition that speak of a local, from where it was last given a list.

        After the definition it must not be read again before it is given a new one.
        """
        method, scopes = self.definition.method, self.source.scopes
        home = scopes.inside(method.node)
        if scopes.scope_binding(name) is not home or any(
            argument.arg == name.id for argument in ast.walk(method.node.args) if isinstance(argument, ast.arg)
        ):
            raise _Unclear
        speaking = {}
        for node in ast.walk(method.node):
            if isinstance(node, ast.Name) and node.id == name.id and node is not name:
                statement = self.source.statement(node)
                if statement not in self.block or (statement is self.definition.statement):
                    raise _Unclear
                if not self._is_plain_mention(node):
                    raise _Unclear
                speaking[self.block.index(statement)] = statement
        place = self.block.index(self.definition.statement)
        later = [speaking[index] for index in sorted(speaking) if index > place]
        if later and not _begins(later[0], name.id):
            raise _Unclear
        earlier = [speaking[index] for index in sorted(speaking) if index < place]
        starts = [index for index, statement in enumerate(earlier) if _begins(statement, name.id)]
        return earlier[starts[-1] :] if starts else []

    def _is_plain_mention(self, node: ast.Name) -> bool:
        """A list is filled, and nothing else is done with it: `layers.append(f(layers))` is not that."""
        parent = self.source.parent(node)
        match parent:
            case ast.Assign(targets=[target]) | ast.AugAssign(target=target):
                return target is node
            case ast.Subscript(value=value, ctx=ast.Store()):
                return value is node
            case ast.Attribute(attr="append" | "extend"):
                return True
            case ast.Starred() | ast.Call():
                return True  # in another Sequential; that statement is no part of this one
            case _:
                return False


def _begins(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=target)]):
            return target == name
        case _:
            return False


def _apart(elements: list[ast.expr], name: str) -> list[ast.expr]:
    """Elements, none of which reads the list itself."""
    if any(isinstance(part, ast.Name) and part.id == name for node in elements for part in ast.walk(node)):
        raise _Unclear
    return elements


def _elements(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.List(elts=elements) | ast.Tuple(elts=elements) if not any(
            isinstance(e, ast.Starred) for e in elements
        ):
            return elements
        case ast.Call(func=ast.Name(id="list"), args=[], keywords=[]):
            return []
        case _:
            raise _Unclear


def _pair(node: ast.expr) -> Entry:
    match node:
        case (
            ast.Tuple(elts=[ast.Constant(value=str(key)), value]) | ast.List(elts=[ast.Constant(value=str(key)), value])
        ):
            return key, value
        case _:
            raise _Unclear


def _numbered(entries: Sequence[Entry]) -> list[tuple[str, ast.expr]]:
    found: dict[str, ast.expr] = {}
    for key, node in entries:
        name = key if key is not None else str(len(found))
        if name in found or not (name.isidentifier() or name.isdigit()):
            raise _Unclear
        found[name] = node
    return list(found.items())
