"""Reads expressions: what is known of each where it stands, and what running it tells of the names in it.

`F.relu(x)` gives a tensor; where it has run, `x` is one too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable as Function
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from ..model import Model
from ..value import REAL, TENSOR, WHOLE, Array, Callable, Number, Row, Value, joined, kept
from .attributes import attribute_value, built
from .functions import called
from .indexing import item, subscripted
from .layers import run, taken
from .operations import Operation, broadcast, multiplied, operated, shape_of

Names = dict[str, Value]

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_SAME_AXES = frozenset({"data", "T", "mT", "H", "real", "imag"})


class Reader:
    """Reads the expressions of one function; `names` is what is known of its locals where it has come to.

    `wild` names may be bound elsewhere. `returned` tells what a method of the class gives back.
    """

    def __init__(
        self,
        model: Model,
        returned: Function[[str], Value | None],
        wild: frozenset[str],
        within: frozenset[str] = frozenset(),
    ) -> None:
        self.model = model
        self._within = within
        self.source = model.source
        self.names: Names = {}
        self.found: dict[ast.AST, Value | None] = {}
        self.took: dict[ast.AST, Array | None] = {}
        self._returned = returned
        self._wild = wild

    # -- names -------------------------------------------------------------------------------------------------------

    def bind(self, target: ast.expr, value: Value | None) -> None:
        """Give a value to what stands left of an assignment."""
        match target:
            case ast.Name(id=name):
                self._name(name, kept(value))
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                starred = any(isinstance(one, ast.Starred) for one in targets)
                for place, one in enumerate(targets):
                    self.bind(one, None if starred else item(value, place, of=len(targets)))
            case ast.Starred(value=inner):
                self.bind(inner, None)
            case _:
                for child in self.source.children(target):
                    if isinstance(child, ast.expr):
                        self.value(child)

    def _name(self, name: str, value: Value | None) -> None:
        if value is None or name in self._wild:
            self.names.pop(name, None)
        else:
            self.names[name] = value

    def learn(self, node: ast.expr, value: Array | None) -> None:
        """Know more of the value of a local from here on."""
        if value is None or not isinstance(node, ast.Name):
            return
        scope = self.source.scopes.scope_binding(node)
        if scope is not None and scope.parent is not None:
            self._name(node.id, value)

    @contextmanager
    def perhaps(self) -> Iterator[None]:
        """Read what may not run: nothing that it tells of names stays."""
        before = dict(self.names)
        yield
        changed = {name for name in {*before, *self.names} if before.get(name) != self.names.get(name)}
        self.names = before
        for name in changed & self._walrus:
            self.names.pop(name, None)

    @property
    def _walrus(self) -> set[str]:
        return {node.target.id for node in self.source.every(ast.NamedExpr)}

    # -- expressions -------------------------------------------------------------------------------------------------

    def value(self, node: ast.expr) -> Value | None:
        """What is known of an expression that runs now."""
        result = self.found[node] = self._value(node)
        return result

    def _value(self, node: ast.expr) -> Value | None:
        match node:
            case ast.Constant(value=value):
                whole = isinstance(value, int) and not isinstance(value, bool)
                return Number(whole) if isinstance(value, (int, float)) else None
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.BinOp(left=left, op=op, right=right):
                return arithmetic(op, self.value(left), self.value(right))
            case ast.UnaryOp(op=op, operand=operand):
                held = self.value(operand)
                return held if not isinstance(op, ast.Not) and isinstance(held, (Array, Number)) else None
            case ast.Subscript(value=owner, slice=index):
                return subscripted(self.value(owner), index, self.value)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return self._row(elements, grows=isinstance(node, ast.List))
            case ast.NamedExpr(target=target, value=inner):
                held = self.value(inner)
                self.bind(target, held)
                return kept(held)
            case _:
                return self._conditional(node)

    def _conditional(self, node: ast.expr) -> Value | None:
        """Expressions of which a part may not run."""
        match node:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.value(test)
                return joined([self._branch(test, True, body), self._branch(test, False, orelse)])
            case ast.BoolOp(values=[first, *rest]):
                held = [self.value(first)]
                with self.perhaps():
                    for one in rest:
                        held.append(self.value(one))
                return joined(held)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                sides = [self.value(left), self.value(comparators[0])]
                with self.perhaps():
                    for one in comparators[1:]:
                        self.value(one)
                alone = len(ops) == 1 and isinstance(ops[0], _ORDERINGS)
                return arithmetic(ast.Add(), *sides) if alone and Array in map(type, sides) else None
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node)
            case ast.Lambda(body=body):
                self._apart(body)
                return None
            case _:
                for child in self.source.children(node):
                    if isinstance(child, ast.expr):
                        self.value(child)
                return None

    def _branch(self, test: ast.expr, outcome: bool, node: ast.expr) -> Value | None:
        with self.perhaps():
            self.assume(test, outcome)
            return self.value(node)

    def assume(self, test: ast.expr, outcome: bool) -> None:
        """What a condition tells where it is true, or false: `isinstance(x, torch.Tensor)`."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.assume(operand, not outcome)
            case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) == outcome:
                for one in values:
                    self.assume(one, outcome)
            case ast.Call(func=func, args=[name, *rest]) if outcome and self._asks_for_tensor(func, rest):
                self.learn(name, _as_tensor(self.names.get(name.id) if isinstance(name, ast.Name) else None))

    def _asks_for_tensor(self, func: ast.expr, rest: Sequence[ast.expr]) -> bool:
        if self.source.path_of(func) == "torch.is_tensor":
            return True
        plain = isinstance(func, ast.Name) and func.id == "isinstance" and len(rest) == 1
        return plain and self.source.path_of(rest[0]) == "torch.Tensor"

    def _apart(self, node: ast.expr) -> None:
        """Read what runs at another time: nothing is known there, and nothing is learnt."""
        before, self.names = self.names, {}
        self.value(node)
        self.names = before

    def _row(self, elements: Sequence[ast.expr], *, grows: bool) -> Row:
        parts: list[Value | None] = []
        open_ended = False
        for element in elements:
            held = self.value(element.value if isinstance(element, ast.Starred) else element)
            if not isinstance(element, ast.Starred):
                parts.append(held)
            elif isinstance(held, Row) and held.parts is not None:
                parts += held.parts
            else:
                parts.append(item(held, None))
                open_ended = True
        return Row(None, joined(parts), grows) if open_ended else Row(tuple(parts), grows=grows)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value | None:
        first, *rest = node.generators
        held = self.value(first.iter)
        later = isinstance(node, ast.GeneratorExp) and not isinstance(self.source.parent(node), ast.Call)
        with self.perhaps():
            if later:
                self.names = {}
            for name in self._walrus:
                self.names.pop(name, None)
            self.bind(first.target, item(held, None))
            for test in first.ifs:
                self.value(test)
            for generator in rest:
                self.bind(generator.target, item(self.value(generator.iter), None))
                for test in generator.ifs:
                    self.value(test)
            if isinstance(node, ast.DictComp):
                self.value(node.key)
            each = self.value(node.value if isinstance(node, ast.DictComp) else node.elt)
        return None if isinstance(node, (ast.DictComp, ast.SetComp)) else Row(None, each, grows=True)

    def _attribute(self, node: ast.Attribute) -> Value | None:
        name = self.model.self_attribute(node)
        if name is not None:  # what is made of itself, `self.w = f(self.w)`, tells nothing
            within = self._within | {name}
            return None if name in self._within else attribute_value(self.model, name, partial(self._alone, within))
        held = self.value(node.value)
        if not isinstance(held, Array):
            return None
        if node.attr == "shape":
            return shape_of(held)
        return held if node.attr in _SAME_AXES else None

    def _alone(self, within: frozenset[str], node: ast.expr) -> Value | None:
        """An expression of another method, where nothing is known of its names; `within`: attributes it is read for."""
        return Reader(self.model, lambda _: None, frozenset(), within).value(node)

    # -- calls -------------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Value | None:
        path = self.source.path_of(node.func)
        own = self.model.self_attribute(node.func)
        owner = None
        if path is None and own is None and isinstance(node.func, ast.Attribute):
            owner = self.value(node.func.value)
        maker = self.value(node.func) if path is None and owner is None and own is not None else None
        if path is None and not isinstance(node.func, ast.Attribute):
            maker = self.value(node.func)
        given = [self.value(one.value if isinstance(one, ast.Starred) else one) for one in node.args]
        for keyword in node.keywords:
            self.value(keyword.value)
        if path is not None:
            return built(self.source, node) or called(self.model, node, path, self._seen, self._told)
        if isinstance(maker, Callable) and not maker.listed:
            return self._run(node, maker, given)
        if own is not None:
            return self._returned(own)
        if isinstance(node.func, ast.Name):
            return self._builtin(node, node.func, given)
        return self._method(node, owner)

    def _told(self, node: ast.expr, value: Array | None) -> None:
        """An argument of a function is known to be this once the function has run."""
        call = self.source.parent(node)
        if isinstance(call, ast.Call) and call.args and call.args[0] is node:
            self.took[call] = value
        self.learn(node, value)

    def _seen(self, node: ast.expr) -> Value | None:
        """What was found of an expression that has just been read."""
        return self.found.get(node)

    def _run(self, node: ast.Call, layer: Callable, given: Sequence[Value | None]) -> Value | None:
        first = given[0] if given and not isinstance(node.args[0], ast.Starred) else None
        if node.args:
            self.took[node] = known = taken(self.source, layer.built, first)
            self.learn(node.args[0], known)
        return run(self.source, layer.built, first)

    def _method(self, node: ast.Call, owner: Value | None) -> Value | None:
        """A method of something: of a tensor, or of what has axes only if it is one."""
        if not isinstance(node.func, ast.Attribute) or (owner is not None and not isinstance(owner, Array)):
            return None
        keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}
        call = Operation(node.func.attr, owner or Array(), node.args, keywords, self._seen)
        result = operated(call)
        return result if (owner is not None and owner.tensor) or isinstance(result, Array) else None

    def _builtin(self, node: ast.Call, func: ast.Name, given: Sequence[Value | None]) -> Value | None:
        if self.source.scopes.is_bound(func.id, func):
            return None
        match func.id, given:
            case "range", _:
                return Row(None, WHOLE)
            case "len" | "int", [_]:
                return WHOLE
            case "float", [_]:
                return REAL
            case "enumerate", [held, *_]:
                return Row(None, Row((WHOLE, item(held, None))))
            case "zip", _:
                return Row(None, Row(tuple(item(held, None) for held in given)))
            case "reversed" | "tuple" | "list" | "sorted", [held]:
                return Row(None, item(held, None), grows=func.id == "list")
            case _:
                return None


def _as_tensor(held: Value | None) -> Array:
    return Array(True, held.least, held.most) if isinstance(held, Array) else TENSOR


def arithmetic(op: ast.operator, left: Value | None, right: Value | None) -> Value | None:
    """Numbers give numbers; a tensor gives a tensor, whatever stands right of it."""
    if isinstance(left, Number) and isinstance(right, Number):
        whole = left.whole and right.whole and not isinstance(op, (ast.Div, ast.Pow))
        return WHOLE if whole else REAL
    if isinstance(left, Row) and isinstance(right, Row) and isinstance(op, ast.Add):
        if left.parts is not None and right.parts is not None:
            return Row((*left.parts, *right.parts), grows=left.grows)
        return Row(None, joined([left.any_part(), right.any_part()]), left.grows)
    certain = (isinstance(left, Array) and left.tensor) or (
        isinstance(right, Array) and right.tensor and isinstance(left, Number)
    )
    if isinstance(op, ast.MatMult):
        sides = isinstance(left, Array) and isinstance(right, Array)
        return multiplied(left, right, certain=certain) if sides else Array(certain)  # type: ignore[arg-type]
    if isinstance(left, Array):
        both = broadcast(left, right)
        return Array(certain, both.least, both.most)
    if isinstance(right, Array):
        both = broadcast(right, left)
        return Array(certain, both.least, both.most)
    return None
