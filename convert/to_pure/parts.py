"""Modules of the file's own that a class holds: one, or a list, `nn.ModuleList([Block(i) for i in range(n)])`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from ..recognise.model import Model
from .shape import refusal, says


@dataclass(frozen=True)
class One:
    """`Block(16, 32)`: a module of the class `name`."""

    name: str
    call: ast.Call


@dataclass(frozen=True)
class Several:
    """`nn.ModuleList([Block(16), Block(32)])`."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Many:
    """`nn.ModuleList([Block(i) for i in range(n)])`; `index` counts them: the loop's own name, where it can be."""

    loop: ast.comprehension
    index: str
    part: Part

    @property
    def is_counted(self) -> bool:
        """Whether the loop's own name is the index."""
        return isinstance(self.loop.target, ast.Name) and self.loop.target.id == self.index


Part = One | Several | Many


def read_part(
    model: Model, value: ast.expr | None, classes: Collection[str], fresh: Callable[[str], str]
) -> Part | None:
    """What modules of `classes` an expression of a constructor makes; None where it makes anything else."""
    match value:
        case ast.Call(func=ast.Name(id=name)) if name in classes:
            return One(name, value)
        case ast.Call(args=[] | [_], keywords=[]) if model.source.path_of(value.func) == "torch.nn.ModuleList":
            return _listed(model, value.args[0] if value.args else None, classes, fresh)
        case _:
            return None


def _listed(model: Model, given: ast.expr | None, classes: Collection[str], fresh: Callable[[str], str]) -> Part | None:
    match given:
        case ast.List(elts=elements) | ast.Tuple(elts=elements) if elements:
            parts = [read_part(model, one, classes, fresh) for one in elements]
            return None if None in parts else Several(tuple(one for one in parts if one is not None))
        case ast.ListComp(elt=element, generators=[loop]) | ast.GeneratorExp(elt=element, generators=[loop]):
            part = read_part(model, element, classes, fresh)
            inner = [
                name for name in ast.walk(loop.target) if not isinstance(name, (ast.Name, ast.Tuple, ast.expr_context))
            ]
            if part is None or loop.ifs or loop.is_async or inner:
                return None
            return Many(loop, _index(model, loop, fresh), part)
        case _:
            return None


def _index(model: Model, loop: ast.comprehension, fresh: Callable[[str], str]) -> str:
    """The name that counts: that of `for i in range(n)` itself, else a new one."""
    match loop:
        case ast.comprehension(
            target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range") as func, args=[_], keywords=[])
        ) if name != "_" and not model.source.scopes.is_bound("range", func):
            return name
        case _:
            return fresh("index")


def ones(part: Part) -> Iterator[One]:
    """The modules one by one."""
    match part:
        case One():
            yield part
        case Several(parts):
            for one in parts:
                yield from ones(one)
        case Many(part=inner):
            yield from ones(inner)


def loops(part: Part) -> Iterator[Many]:
    """The loops that make them, outer before inner."""
    match part:
        case Several(parts):
            for one in parts:
                yield from loops(one)
        case Many(part=inner):
            yield part
            yield from loops(inner)
        case _:
            return


def targets(loop: Many) -> set[str]:
    """Names that a loop gives, its index among them."""
    return {node.id for node in ast.walk(loop.loop.target) if isinstance(node, ast.Name)} | {loop.index}


def check_loops(model: Model, part: Part) -> None:
    """Where parameters are made the loops are statements: their names must be those of no other. Raises Kept."""
    source = model.source
    for loop in loops(part):
        for name in targets(loop):
            if name in {"key", "value"}:
                raise refusal(loop.loop.iter, f"`{says(model, loop.loop.iter)}` gives the name {name}")
            for node in ast.walk(model.init.node) if model.init is not None else ():
                own = (isinstance(node, ast.Name) and node.id == name) or (
                    isinstance(node, ast.arg) and node.arg == name
                )
                if own and not any(_binds(around, name) for around in source.ancestors(node)):
                    raise refusal(node, f"its __init__ gives {name} several values")


def _binds(node: ast.AST, name: str) -> bool:
    loops = getattr(node, "generators", ())
    return any(isinstance(one, ast.Name) and one.id == name for loop in loops for one in ast.walk(loop.target))


class Uses:
    """What a class does with lists of modules: it runs through them, and calls what it finds.

    `forwards` are the places where `.forward` of one is called.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.source = model.source
        self.name = ""
        self.forwards: list[ast.Attribute] = []
        self._bound: set[ast.Name] = set()
        self._given: list[ast.Name] = []

    def check(self, parts: Mapping[str, Part]) -> None:
        """Raises Kept for anything else. `parts`: attribute → what it holds."""
        for self.name, part in parts.items():
            for use in self.model.attribute(self.name).uses:
                if self.model.init is not None and self.model.method_of(use) is self.model.init:
                    raise refusal(use, f"`{says(self.model, use)}` runs in __init__")
                self._value(use, [part])
        for node in self._given:
            if node not in self._bound:
                raise refusal(node, f"`{says(self.model, node)}` gives {node.id} another value")

    def _value(self, node: ast.expr, parts: list[Part]) -> None:
        """One place where such a part is read."""
        parent = self.source.parent(node)
        if all(isinstance(one, One) for one in parts):
            match parent:
                case ast.Call(func=func) if func is node:
                    return
                case ast.Attribute(attr="forward") as attribute:
                    call = self.source.parent(attribute)
                    if isinstance(call, ast.Call) and call.func is attribute:
                        self.forwards.append(attribute)
                        return
                case ast.Assign(targets=[ast.Name() as target]):
                    self._bind(target, parts)
                    return
                case _:
                    pass
            raise refusal(node, f"`{says(self.model, node)}` uses one of self.{self.name} as a value")
        inner = [one for part in parts for one in _inside(part)]
        match parent:
            case ast.Subscript(value=value, slice=index) if value is node and not isinstance(index, ast.Slice):
                self._value(parent, _at(parts, index) or inner)
            case ast.Call(func=ast.Name(id="len") as called, args=[_]) if self._is_built_in(called):
                return
            case ast.Call(func=ast.Name(id="reversed" | "enumerate" | "zip" as how) as called) if node in parent.args:
                if not self._is_built_in(called):
                    raise refusal(node, f"`{says(self.model, node)}` uses self.{self.name} as a value")
                self._passed(parent, how, parent.args.index(node), inner)
            case ast.For(iter=of, target=over) | ast.comprehension(iter=of, target=over) if of is node:
                self._bind(over, inner)
            case _:
                raise refusal(node, f"`{says(self.model, node)}` uses self.{self.name} as a value")

    def _is_built_in(self, name: ast.Name) -> bool:
        return not self.source.scopes.is_bound(name.id, name)

    def _passed(self, call: ast.Call, how: str, place: int, inner: list[Part]) -> None:
        """`for i, block in enumerate(self.blocks)`."""
        around = self.source.parent(call)
        match around:
            case ast.For(iter=of, target=target) | ast.comprehension(iter=of, target=target) if of is call:
                if how == "reversed":
                    return self._bind(target, inner)
                place = 1 if how == "enumerate" else place
                if isinstance(target, ast.Tuple) and place < len(target.elts):
                    return self._bind(target.elts[place], inner)
            case ast.Call(func=ast.Name(id="enumerate") as func) if how != "enumerate" and self._is_built_in(func):
                home = self.source.parent(around)
                pair = getattr(home, "target", None)
                if isinstance(pair, ast.Tuple) and len(pair.elts) == 2 and getattr(home, "iter", None) is around:
                    last = pair.elts[1]
                    if how == "reversed":
                        return self._bind(last, inner)
                    if isinstance(last, ast.Tuple) and place < len(last.elts):
                        return self._bind(last.elts[place], inner)
            case _:
                pass
        raise refusal(call, f"`{says(self.model, call)}` uses self.{self.name} as a value")

    def _bind(self, target: ast.expr, parts: list[Part]) -> None:
        """A name that stands for such a part: it stands for nothing else."""
        if isinstance(target, (ast.Tuple, ast.List)):
            for place, one in enumerate(target.elts):
                inner = _at(parts, ast.Constant(place)) or [each for part in parts for each in _inside(part)]
                if not inner or isinstance(one, ast.Starred):
                    raise refusal(target, f"`{says(self.model, target)}` takes self.{self.name} apart")
                self._bind(one, inner)
            return
        method = self.model.method_of(target)
        if not isinstance(target, ast.Name) or method is None:
            raise refusal(target, f"`{says(self.model, target)}` keeps one of self.{self.name}")
        home = self.source.scopes.scope_binding(target)
        self._bound.add(target)
        for node in ast.walk(method.node):
            if not isinstance(node, ast.Name) or node.id != target.id or node is target:
                continue
            if self.source.scopes.scope_binding(node) is not home:
                continue
            if isinstance(node.ctx, ast.Load):
                self._value(node, parts)
            else:
                self._given.append(node)


def _inside(part: Part) -> list[Part]:
    match part:
        case Several(parts):
            return list(parts)
        case Many(part=inner):
            return [inner]
        case _:
            return []


def _at(parts: list[Part], index: ast.expr) -> list[Part]:
    """What a constant index of each gives; nothing where it is not that certain."""
    match index, parts:
        case ast.Constant(value=int(place)), [Several(inner)] if 0 <= place < len(inner):
            return [inner[place]]
        case _:
            return []
