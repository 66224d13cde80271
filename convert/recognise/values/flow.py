"""Follows the statements of a function: what is known of its names after each, on whatever path it is reached."""

from __future__ import annotations

import ast
from collections.abc import Callable as Function
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..model import Def, Model
from ..value import TENSOR, Array, Value, joined
from .indexing import item
from .reader import Names, Reader, arithmetic

_ROUNDS = 4
"""So often is a loop followed until nothing changes; what still does is unknown."""


class Flow:
    """One function followed; `returned` is what it may give back, a value for each return."""

    def __init__(self, model: Model, function: Def, asked: Function[[str], Value | None]) -> None:
        self.model = model
        self.source = model.source
        self.reader = Reader(model, asked, _wild(model, function))
        self.returned: list[Value | None] = []
        self._leaves: list[list[Names]] = []  # for every loop around, what is known where it is left or begun anew
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
            if argument.annotation is not None and self.source.path_of(argument.annotation) == "torch.Tensor":
                self._bind(argument.arg, TENSOR)
        self.falls_through = self.follow(function.body)

    def _bind(self, name: str, value: Value) -> None:
        self.reader.bind(ast.Name(name, ast.Store()), value)

    def follow(self, body: Sequence[ast.stmt]) -> bool:
        """Run through a block; whether its end may be reached."""
        for place, statement in enumerate(body):
            if not self._step(statement):
                for dead in body[place + 1 :]:
                    self.reader.names = {}
                    self._step(dead)
                return False
        return True

    def _step(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.If():
                return self._if(statement)
            case ast.For() | ast.AsyncFor() | ast.While():
                return self._loop(statement)
            case ast.With() | ast.AsyncWith():
                return self._with(statement)
            case ast.Try():
                return self._try(statement)
            case ast.Return(value=value):
                self.returned.append(None if value is None else self._twice(value))
                return False
            case ast.Raise():
                self._parts(statement, dict(self.reader.names))
                return False
            case ast.Break() | ast.Continue():
                self._leaves[-1].append(dict(self.reader.names))
                return False
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._inner(statement)
                return True
            case _:
                return self._simple(statement)

    def _simple(self, statement: ast.stmt) -> bool:
        reader = self.reader
        match statement:
            case ast.Assign(targets=targets, value=value):
                held = self._twice(value)
                for target in targets:
                    self._unpack(target, value)
                    reader.bind(target, held)
            case ast.AnnAssign(target=target, annotation=annotation, value=value) if value is not None:
                held = self._twice(value)
                says = self.source.path_of(annotation) == "torch.Tensor"
                reader.bind(target, held or (TENSOR if says else None))
            case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
                held, other = reader.names.get(name), self._twice(value)
                alone = isinstance(held, Array) and held.tensor
                reader.found[target] = held
                kind = arithmetic(op, held, other)
                reader.bind(target, held if alone and not isinstance(op, ast.MatMult) else kind)
            case ast.Assert(test=test):
                reader.value(test)
                reader.assume(test, True)
            case ast.Delete(targets=targets):
                for target in targets:
                    reader.bind(target, None)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for alias in names:
                    reader.names.pop(alias.asname or alias.name.partition(".")[0], None)
            case ast.Expr(value=value):
                self._twice(value)
            case _:
                return self._unknown(statement)
        return True

    def _unknown(self, statement: ast.stmt) -> bool:
        """A statement of another kind: what it binds is unknown from here on."""
        before = self._without(self.reader.names, statement)
        self._parts(statement, before)
        self.reader.names = before
        return True

    def _parts(self, statement: ast.AST, before: Names) -> None:
        for child in self.source.children(statement):
            self.reader.names = dict(before)
            if isinstance(child, ast.expr):
                self.reader.value(child)
            elif isinstance(child, ast.stmt):
                self._step(child)
            elif not isinstance(child, (ast.pattern, ast.alias)):
                self._parts(child, before)

    def _twice(self, value: ast.expr) -> Value | None:
        """What an expression gives, with what its own parts tell of the names in it."""
        if not any(isinstance(node, ast.NamedExpr) for node in self.source.walk(value)):
            self.reader.value(value)
        return self.reader.value(value)

    def _unpack(self, target: ast.expr, value: ast.expr) -> None:
        """`n, c, h, w = x.shape`, or `x.size()`: x has four axes."""
        match value:
            case ast.Attribute(value=ast.Name() as owner, attr="shape"):
                pass
            case ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr="size"), args=[], keywords=[]):
                pass
            case _:
                return
        if isinstance(target, (ast.Tuple, ast.List)) and not any(isinstance(one, ast.Starred) for one in target.elts):
            held = self.reader.names.get(owner.id)
            count = len(target.elts)
            self.reader.learn(owner, (held if isinstance(held, Array) else Array()).within(count, count))

    # -- paths -------------------------------------------------------------------------------------------------------

    def _if(self, statement: ast.If) -> bool:
        self.reader.value(statement.test)
        before = dict(self.reader.names)
        ends: list[Names] = []
        for outcome, body in ((True, statement.body), (False, statement.orelse)):
            self.reader.names = dict(before)
            self.reader.assume(statement.test, outcome)
            if self.follow(body):
                ends.append(self.reader.names)
        return self._meet(ends)

    def _meet(self, ends: Sequence[Names]) -> bool:
        """Go on with what all paths agree about."""
        self.reader.names = {}
        if not ends:
            return False
        for name in set.intersection(*(set(end) for end in ends)):
            if (value := joined(end[name] for end in ends)) is not None:
                self.reader.names[name] = value
        return True

    def _loop(self, loop: ast.For | ast.AsyncFor | ast.While) -> bool:
        each = item(self._twice(loop.iter), None) if isinstance(loop, ast.For) else None
        if isinstance(loop, ast.AsyncFor):
            self.reader.value(loop.iter)
        begin = dict(self.reader.names)
        for turn in range(_ROUNDS + 1):
            if turn == _ROUNDS:
                begin = {name: value for name, value in begin.items() if name not in _bound(loop)}
            self.reader.names = dict(begin)
            if isinstance(loop, ast.While):
                self.reader.value(loop.test)
            else:
                self.reader.bind(loop.target, each)
            self._leaves.append([])
            ends = [self.reader.names] if self.follow(loop.body) else []
            left = self._leaves.pop()
            self._meet([begin, *ends, *left])
            if self.reader.names == begin:
                break
            begin = dict(self.reader.names)
        self._meet([begin])
        self.follow(loop.orelse)
        self._meet([self.reader.names, *left])
        return True

    def _with(self, statement: ast.With | ast.AsyncWith) -> bool:
        plain = True
        for entered in statement.items:
            self.reader.value(entered.context_expr)
            call = entered.context_expr
            path = self.source.path_of(call.func if isinstance(call, ast.Call) else call)
            plain = plain and path is not None and path.startswith("torch.")
            if entered.optional_vars is not None:
                self.reader.bind(entered.optional_vars, None)
        before = dict(self.reader.names)
        reached = self.follow(statement.body)
        if plain:
            return reached
        return self._meet([self._without(before, statement), *([self.reader.names] if reached else [])])

    def _try(self, statement: ast.Try) -> bool:
        before = dict(self.reader.names)
        ends: list[Names] = []
        if self.follow(statement.body) and self.follow(statement.orelse):
            ends.append(self.reader.names)
        for handler in statement.handlers:
            self.reader.names = self._without(before, statement)
            if handler.type is not None:
                self.reader.value(handler.type)
            if self.follow(handler.body):
                ends.append(self.reader.names)
        reached = self._meet(ends)
        if statement.finalbody:
            after = self.reader.names
            self.reader.names = self._without(before, statement)
            reached = self.follow(statement.finalbody) and reached
            self.reader.names = self._without(after, *statement.finalbody)
        return reached

    def _without(self, names: Names, *statements: ast.stmt) -> Names:
        gone = {name for statement in statements for name in _bound(statement)}
        return {name: value for name, value in names.items() if name not in gone}

    def _inner(self, statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        """A function inside runs at another time: nothing is known there of the names around."""
        with self._apart():
            for node in (*statement.decorator_list, *_defaults(statement)):
                self.reader.value(node)
            self.follow(statement.body)
        self.reader.names.pop(statement.name, None)

    @contextmanager
    def _apart(self) -> Iterator[None]:
        names, returned, leaves = self.reader.names, self.returned, self._leaves
        self.reader.names, self.returned, self._leaves = {}, [], []
        yield
        self.reader.names, self.returned, self._leaves = names, returned, leaves


def _defaults(statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[ast.expr]:
    if isinstance(statement, ast.ClassDef):
        return statement.bases
    return [*statement.args.defaults, *(node for node in statement.args.kw_defaults if node is not None)]


def _bound(statement: ast.AST) -> set[str]:
    """The names that a statement may bind, in whatever way."""
    found: set[str] = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
    return found


def _wild(model: Model, function: Def) -> frozenset[str]:
    """Names that another function may bind at any time."""
    return frozenset(
        name
        for node in model.source.walk(function)
        if isinstance(node, (ast.Global, ast.Nonlocal))
        for name in node.names
    )
