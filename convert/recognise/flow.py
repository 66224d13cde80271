"""Where the members of a container go: through loops, `zip`, `enumerate`, indices and locals to the calls of them.

`for i, (a, b) in enumerate(zip(self.xs, self.ys)): x = b(a(x))`: `a` is a member of xs wherever it stands in the loop.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from .binding import reads_of
from .containers import Holder, Member
from .model import Attribute, Model

_SAME = {"reversed", "list", "tuple", "iter"}


@dataclass(frozen=True)
class One:
    """A value that is one of these."""

    things: tuple[Member | Holder, ...]


@dataclass(frozen=True)
class Many:
    """An iterable of values."""

    of: One | Row | None


@dataclass(frozen=True)
class Row:
    """A tuple of values; None for one that is no member."""

    parts: tuple[One | Row | None, ...]


Value = One | Many | Row


@dataclass(frozen=True)
class MemberCall:
    """A call of what may be any of these members."""

    node: ast.Call
    members: tuple[Member, ...]


@dataclass(frozen=True)
class MemberRead:
    """An attribute of what may be any of these members."""

    node: ast.Attribute
    members: tuple[Member, ...]


@dataclass
class Flow:
    """Everything that is done with a container's members; `lost` is where they go out of sight."""

    calls: list[MemberCall] = field(default_factory=list)
    reads: list[MemberRead] = field(default_factory=list)
    lost: list[tuple[ast.AST, tuple[Member, ...]]] = field(default_factory=list)


def flow_of(model: Model, attribute: Attribute, holder: Holder) -> Flow:
    """Follow the members of an attribute's container through the class."""
    follower = _Follower(model)
    for use in attribute.uses:
        follower.follow(use, One((holder,)))
    return follower.flow


def _members(value: Value | None) -> tuple[Member, ...]:
    match value:
        case One(things=things):
            found = [m for one in things for m in ([one] if isinstance(one, Member) else one.members())]
            return tuple(dict.fromkeys(found))
        case Many(of=of):
            return _members(of)
        case Row(parts=parts):
            return tuple(dict.fromkeys(member for part in parts for member in _members(part)))
        case _:
            return ()


class _Follower:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.source = model.source
        self.flow = Flow()
        self._seen: set[tuple[ast.AST, Value]] = set()

    def follow(self, node: ast.expr, value: Value) -> None:
        """Say what happens to an expression's value."""
        if (node, value) in self._seen:
            return
        self._seen.add((node, value))
        parent = self.source.parent(node)
        match value:
            case One(things=things) if things and all(isinstance(thing, Member) for thing in things):
                self._member(node, value, parent)
            case One(things=things) if things and all(isinstance(thing, Holder) for thing in things):
                self._holder(node, value, parent)
            case Many():
                self._iterable(node, value, parent)
            case _:
                self._lose(node, value)

    def _lose(self, node: ast.AST, value: Value | None) -> None:
        self.flow.lost.append((node, _members(value)))

    def _member(self, node: ast.expr, value: One, parent: ast.AST | None) -> None:
        members = _members(value)
        match parent:
            case ast.Call(func=func) if func is node:
                self.flow.calls.append(MemberCall(parent, members))
            case ast.Attribute() if not isinstance(parent.ctx, ast.Del):
                self.flow.reads.append(MemberRead(parent, members))
            case ast.Assign(targets=[target], value=given) if given is node:
                self._bind(target, value)
            case ast.Compare(ops=[ast.Is() | ast.IsNot()], left=left, comparators=[ast.Constant(value=None)]) if (
                left is node
            ):
                return
            case _:
                self._lose(node, value)

    def _holder(self, node: ast.expr, value: One, parent: ast.AST | None) -> None:
        holders = [thing for thing in value.things if isinstance(thing, Holder)]
        is_dict = holders[0].is_dict
        if any(holder.is_dict != is_dict for holder in holders):
            self._lose(node, value)
            return
        inside = One(tuple(thing for holder in holders for thing in holder.at(None)))
        match parent:
            case ast.Subscript(value=owner, slice=index) if owner is node:
                self._subscript(parent, holders, index, value)
            case ast.Attribute(attr=attr) if is_dict and any(key == attr for h in holders for key, _ in h.entries):
                self._go(parent, One(tuple(thing for holder in holders for thing in holder.at(attr))))
            case ast.Attribute(attr=attr):
                self._method(parent, attr, is_dict=is_dict, value=value, inside=inside)
            case ast.Assign(targets=[target], value=given) if given is node:
                self._bind(target, value)
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[only]) if only is node and is_dict:
                return
            case ast.If(test=test) | ast.IfExp(test=test) if test is node:
                return
            case ast.UnaryOp(op=ast.Not()):
                return
            case ast.Call(func=ast.Name(id="len")) if self._is_builtin(parent.func):
                return
            case _:
                self._iterable(node, Many(None if is_dict else inside), parent, whole=value)

    def _subscript(self, node: ast.Subscript, holders: Sequence[Holder], index: ast.expr, value: One) -> None:
        if isinstance(node.ctx, ast.Del):
            self._lose(node, value)
        elif isinstance(node.ctx, ast.Store):
            return  # it has been read as a member
        elif isinstance(index, ast.Slice):
            loose = tuple(Holder(one.path, [(None, entry) for _, entry in one.entries]) for one in holders)
            self._go(node, One(loose))
        else:
            key = _constant(index)
            self._go(node, One(tuple(thing for holder in holders for thing in holder.at(key))))

    def _method(self, node: ast.Attribute, attr: str, *, is_dict: bool, value: One, inside: One) -> None:
        call = self.source.parent(node)
        called = isinstance(call, ast.Call) and call.func is node
        if called and attr in {"append", "extend", "insert", "update"}:
            assert isinstance(call, ast.Call)
            if not isinstance(self.source.parent(call), ast.Expr):
                self._lose(node, value)
        elif called and is_dict and attr in {"items", "values", "keys"}:
            assert isinstance(call, ast.Call)
            shown = {"items": Many(Row((None, inside))), "values": Many(inside), "keys": Many(None)}
            self._go(call, shown[attr])
        else:
            self._lose(node, value)

    def _iterable(self, node: ast.expr, value: Many, parent: ast.AST | None, whole: Value | None = None) -> None:
        match parent:
            case ast.For(iter=given, target=target) if given is node:
                self._bind(target, value.of)
            case ast.comprehension(iter=given, target=target) if given is node:
                self._bind(target, value.of)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if self._is_builtin(parent.func):
                if name == "zip" and node in args and all(word.arg == "strict" for word in keywords):
                    parts = tuple(value.of if one is node else None for one in args)
                    self._go(parent, Many(Row(parts)))
                elif name == "enumerate" and args[:1] == [node]:
                    self._go(parent, Many(Row((None, value.of))))
                elif name in _SAME and args == [node] and not keywords:
                    self._go(parent, value)
                elif name == "len" and args == [node]:
                    return
                else:
                    self._lose(node, whole or value)
            case ast.Subscript(value=owner, slice=index, ctx=ast.Load()) if owner is node and whole is None:
                if isinstance(index, ast.Slice):
                    self._go(parent, value)
                elif value.of is not None:
                    self._go(parent, value.of)
            case _:
                self._lose(node, whole or value)

    def _go(self, node: ast.expr, value: Value | None) -> None:
        if value is not None and _members(value):
            self.follow(node, value)

    def _bind(self, target: ast.expr, value: Value | None) -> None:
        if value is None or not _members(value):
            return
        match target, value:
            case ast.Name(), _:
                reads = reads_of(self.source, target)
                if reads is None:
                    self._lose(target, value)
                for read in reads or ():
                    self.follow(read, value)
            case ast.Tuple(elts=elements) | ast.List(elts=elements), Row(parts=parts) if len(elements) == len(parts):
                for element, part in zip(elements, parts, strict=True):
                    self._bind(element, part)
            case ast.Tuple() | ast.List(), One(things=(Holder(is_dict=False) as holder,)):
                self._unpack(target, holder, value)
            case _:
                self._lose(target, value)

    def _unpack(self, target: ast.Tuple | ast.List, holder: Holder, value: Value) -> None:
        elements = target.elts
        plain = holder.is_settled and not any(isinstance(one, ast.Starred) for one in elements)
        if not plain or len({key for key, _ in holder.entries}) != len(elements):
            self._lose(target, value)
            return
        for index, element in enumerate(elements):
            self._bind(element, One(tuple(holder.at(index))))

    def _is_builtin(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and not self.source.scopes.is_bound(node.id, node)


def _constant(node: ast.expr) -> str | int | None:
    match node:
        case ast.Constant(value=str() | int() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
        case _:
            return None
