"""What a ModuleList or ModuleDict attribute holds, as far as the text tells: every expression that is put into it.

`self.convs = nn.ModuleList()`, then `self.convs.append(nn.Conv2d(…))` in a loop: one member without a certain place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..ops.container import DICT, LIST, SEQUENTIAL
from ..source import Source
from .block import block_of
from .model import Attribute, Definition, Model

_GROWS = {"append", "extend", "insert", "update"}


def is_sequential(source: Source, node: ast.AST | None) -> bool:
    """Whether an expression builds a plain nn.Sequential."""
    return isinstance(node, ast.Call) and source.path_of(node.func) == SEQUENTIAL


@dataclass(eq=False)
class Member:
    """An expression whose value, or whose every value in a loop, becomes a member."""

    node: ast.expr


@dataclass(eq=False)
class Holder:
    """A container: its members and containers with their keys, None where the text does not tell the place."""

    path: str
    entries: list[tuple[str | None, Member | Holder]] = field(default_factory=list)

    @property
    def is_dict(self) -> bool:
        return self.path == DICT

    def members(self) -> Iterator[Member]:
        """Every member in it and in the containers inside it."""
        for _, entry in self.entries:
            yield from [entry] if isinstance(entry, Member) else entry.members()

    def at(self, key: str | int | None) -> list[Member | Holder]:
        """What may stand at a key; all that there is where the key or the places are not certain."""
        if isinstance(key, int) and key < 0 and self.is_settled:
            key += len({name for name, _ in self.entries})
        if key is None or not self.is_settled:
            return [entry for _, entry in self.entries]
        return [entry for name, entry in self.entries if name == str(key)]

    @property
    def is_settled(self) -> bool:
        """Whether every place is known."""
        return all(name is not None for name, _ in self.entries)


def holder_path(model: Model, node: ast.AST | None) -> str | None:
    """The container class that an expression makes."""
    path = model.source.path_of(node.func) if isinstance(node, ast.Call) else None
    return path if path in {LIST, DICT} else None


def read_holder(model: Model, attribute: Attribute) -> Holder | None:
    """What the attribute holds; None where its one definition makes no container."""
    if len(attribute.definitions) != 1:
        return None
    definition = attribute.definitions[0]
    if holder_path(model, definition.value) is None:
        return None
    reader = _Reader(model, definition)
    assert isinstance(definition.value, ast.Call)
    holder = reader.made(definition.value)
    for use in sorted(attribute.uses, key=lambda node: (node.lineno, node.col_offset)):
        reader.grow(holder, use)
    return holder


class _Reader:
    def __init__(self, model: Model, definition: Definition) -> None:
        self.model = model
        self.source = model.source
        self.definition = definition

    def made(self, call: ast.Call) -> Holder:
        """`nn.ModuleList([…])`, `nn.ModuleDict({…})`."""
        path = holder_path(self.model, call)
        assert path is not None
        holder = Holder(path)
        if path == DICT:
            self._fill_dict(holder, call)
        elif len(call.args) == 1 and not call.keywords:
            self._fill_list(holder, call.args[0])
        elif call.args or call.keywords:
            holder.entries.append((None, Member(call)))
        return holder

    def grow(self, holder: Holder, use: ast.expr) -> None:
        """What a use of the container puts in: `.append(x)`, `[k] = x`."""
        parent = self.source.parent(use)
        match parent:
            case ast.Attribute(attr=attr) if attr in _GROWS:
                call = self.source.parent(parent)
                if not (isinstance(call, ast.Call) and call.func is parent):
                    return
                self._grown(holder, attr, call)
            case ast.Subscript(value=value, ctx=ast.Store()) if value is use:
                match self.source.parent(parent):
                    case ast.Assign(targets=[_], value=given):
                        holder.entries += [(None, entry) for entry in self._entries(given)]
                    case _:
                        holder.entries.append((None, Member(parent)))
            case _:
                return

    def _grown(self, holder: Holder, attr: str, call: ast.Call) -> None:
        only = call.args[-1] if call.args and not call.keywords else None
        if only is None or len(call.args) != (2 if attr == "insert" else 1):
            holder.entries.append((None, Member(call)))
        elif attr == "append":
            known = self._follows(call) and holder.is_settled and not holder.is_dict
            key = str(len({name for name, _ in holder.entries})) if known else None
            holder.entries += [(key, entry) for entry in self._entries(only)]
        elif attr == "insert":
            holder.entries += [(None, entry) for entry in self._entries(only)]
            holder.entries[:] = [(None, entry) for _, entry in holder.entries]
        elif holder.is_dict:
            self._fill_dict(holder, call)
        else:
            self._fill_list(holder, only, after=self._follows(call))

    def _follows(self, call: ast.Call) -> bool:
        """Whether a statement stands beside the definition, after it: it runs once, whenever that has run."""
        statement = self.source.parent(call)
        block = block_of(self.source, self.definition.statement)
        return statement in block and block.index(statement) > block.index(self.definition.statement)

    def _fill_list(self, holder: Holder, given: ast.expr, *, after: bool = True) -> None:
        match given:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                for element in elements:
                    known = after and holder.is_settled and not isinstance(element, ast.Starred)
                    key = str(len({name for name, _ in holder.entries})) if known else None
                    holder.entries += [(key, entry) for entry in self._entries(element)]
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
                holder.entries += [(None, entry) for entry in self._entries(element)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                self._fill_list(holder, left, after=after)
                self._fill_list(holder, right, after=after)
            case ast.Name() if (parts := self._local_list(given)) is not None:
                for part in parts:
                    self._fill_list(holder, part, after=False)
            case _:
                holder.entries.append((None, Member(given)))

    def _fill_dict(self, holder: Holder, call: ast.Call) -> None:
        for keyword in call.keywords:
            holder.entries.append((None, Member(keyword.value)))
        for given in call.args:
            for key, value in self._pairs(given):
                entries = [Member(given)] if value is None else self._entries(value)
                holder.entries += [(key, entry) for entry in entries]

    def _pairs(self, given: ast.expr) -> Iterator[tuple[str | None, ast.expr | None]]:
        """Keys and values of a dict display, a dict(k=v), or a list of pairs; (None, None) where they do not show."""
        match given:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    yield (_text(key), value) if key is not None else (None, None)
            case ast.DictComp(value=value):
                yield None, value
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if self._is_builtin(given.func):
                for keyword in keywords:
                    yield keyword.arg, keyword.value if keyword.arg is not None else None
            case ast.Call(args=[ast.List() | ast.Tuple() as pairs], keywords=[]) if (
                self.source.path_of(given.func) == "collections.OrderedDict"
            ):
                yield from self._pairs(pairs)
            case ast.List(elts=pairs) | ast.Tuple(elts=pairs):
                for pair in pairs:
                    match pair:
                        case ast.List(elts=[key, value]) | ast.Tuple(elts=[key, value]):
                            yield _text(key), value
                        case _:
                            yield None, None
            case _:
                yield None, None

    def _entries(self, node: ast.expr) -> list[Member | Holder]:
        """What an expression may put at one place: both arms of a conditional expression."""
        if isinstance(node, ast.IfExp):
            return [*self._entries(node.body), *self._entries(node.orelse)]
        if holder_path(self.model, node) is not None:
            assert isinstance(node, ast.Call)
            return [self.made(node)]
        return [Member(node)]

    def _is_builtin(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and not self.source.scopes.is_bound(node.id, node)

    def _local_list(self, name: ast.Name) -> list[ast.expr] | None:
        """What a local list is made of, if it only grows and is handed to the container: `convs.append(…)`."""
        scope = self.source.scopes.scope_binding(name)
        method = self.model.method_of(name)
        if method is None or scope is not self.source.scopes.inside(method.node):
            return None
        parts: list[ast.expr] = []
        for node in ast.walk(method.node):
            if not (isinstance(node, ast.Name) and node.id == name.id) or node is name:
                continue
            given = self._put(node)
            if given is None:
                return None
            parts += given
        arguments = {argument.arg for argument in ast.walk(method.node.args) if isinstance(argument, ast.arg)}
        return None if name.id in arguments else parts

    def _put(self, node: ast.Name) -> list[ast.expr] | None:
        """The lists that a mention of a local list adds; None where it is any other use."""
        parent = self.source.parent(node)
        around = self.source.parent(parent) if parent is not None else None
        match parent:
            case ast.Assign(targets=[target], value=ast.List() | ast.ListComp() as value) if target is node:
                return [value]
            case ast.AugAssign(target=target, op=ast.Add(), value=ast.List() | ast.ListComp() as value) if (
                target is node
            ):
                return [value]
            case ast.Attribute(attr="append") if isinstance(around, ast.Call) and around.func is parent:
                plain = (
                    len(around.args) == 1 and not around.keywords and isinstance(self.source.parent(around), ast.Expr)
                )
                return [_listed(around.args[0])] if plain else None
            case ast.Attribute(attr="extend") if isinstance(around, ast.Call) and around.func is parent:
                match around.args:
                    case [ast.List() | ast.ListComp() | ast.GeneratorExp() as given]:
                        return [given]
                return None
            case ast.Call(func=ast.Name(id="len")):
                return []
            case _:
                return None


def _listed(element: ast.expr) -> ast.List:
    return ast.copy_location(ast.List([element], ast.Load()), element)


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
