"""Helpers of one expression written out where they are called: `conv(x, p, "c1")` → `F.conv2d(x, p["c1.weight"])`.

Only helpers that hand a weight of theirs on to torch: with the call at hand, the weight and its layer are known.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..diagnostics import Diagnostic
from ..recognise.calls import FunctionCall
from ..recognise.returned import handed, is_plain
from ..source import Source
from .constant import Constant, Unknown, constant, quoted
from .pieces import Patched, Row
from .places import lines_with_blanks

_STRINGS = {"JoinedStr", "TemplateStr"}
_NO_HELPER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Await, ast.NamedExpr)


@dataclass(frozen=True)
class Given:
    """What an argument of a helper stands for at one call: its text, and its value where that is constant."""

    text: str
    is_atom: bool
    constant: tuple[Constant] | None = None


Names = Mapping[str, Given]


class _Stays(Exception):
    """A call cannot be written out."""


@dataclass
class Helpers:
    """The helpers of a file, and every call of theirs."""

    source: Source
    calls: Sequence[FunctionCall]
    functions: dict[ast.FunctionDef, ast.expr] = field(default_factory=dict)

    def called(self, call: ast.AST) -> ast.FunctionDef | None:
        """The helper that a call calls."""
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return None
        scope = self.source.scopes.scope_binding(call.func)
        for function in self.functions:
            if function.name == call.func.id and self.source.scopes.scope_of(function) is scope:
                return function
        return None

    def mentions(self, function: ast.FunctionDef) -> list[ast.Name]:
        """Every place that reads a helper's name."""
        scope = self.source.scopes.scope_of(function)
        return [
            node
            for node in self.source.every(ast.Name)
            if node.id == function.name and self.source.scopes.scope_binding(node) is scope
        ]


def helpers_of(source: Source, calls: Sequence[FunctionCall]) -> Helpers:
    """The helpers of one returned expression that hand an argument, or something out of one, to torch as a weight."""
    found = Helpers(source, calls)
    for call in calls:
        around = _function_around(source, call.node)
        if around is None or around in found.functions:
            continue
        value = _returned(source, around)
        slots = [call.args.get(slot.name) for slot in call.pairs[0].handed]
        if value is not None and any(_is_of_argument(slot, _arguments(around)) for slot in slots):
            found.functions[around] = value
    work = list(found.functions)
    while work:
        for name in found.mentions(work.pop()):
            around, user = _function_around(source, name), source.parent(name)
            if around is None or around in found.functions or not isinstance(user, ast.Call):
                continue
            given = [*user.args, *(one.value for one in user.keywords)]
            if any(not isinstance(one, ast.Name) and _reads(one, _arguments(around)) for one in given):
                value = _returned(source, around)
                if value is not None:
                    found.functions[around] = value
                    work.append(around)
    return found


def _function_around(source: Source, node: ast.AST) -> ast.FunctionDef | None:
    found = next((one for one in source.ancestors(node) if isinstance(one, (ast.FunctionDef, ast.Lambda))), None)
    return found if isinstance(found, ast.FunctionDef) else None


def _arguments(function: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in (*function.args.posonlyargs, *function.args.args)}


def _reads(node: ast.AST, names: Collection[str]) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id in names for inner in ast.walk(node))


def _returned(source: Source, function: ast.FunctionDef) -> ast.expr | None:
    """The expression that is all that a function is."""
    body = function.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    match body:
        case [ast.Return(value=ast.expr() as value)] if not function.decorator_list:
            spec = function.args
            odd = (
                spec.vararg or spec.kwarg or spec.kwonlyargs or any(isinstance(n, _NO_HELPER) for n in ast.walk(value))
            )
            names: list[ast.AST] = [one for one in source.every(ast.FunctionDef) if one.name == function.name]
            names += [
                one for one in source.every(ast.Name) if one.id == function.name and isinstance(one.ctx, ast.Store)
            ]
            method = isinstance(source.parent(function), ast.ClassDef)
            return None if odd or method or len(names) != 1 else value
        case _:
            return None


def _is_of_argument(node: ast.expr | None, arguments: Collection[str]) -> bool:
    """`w`, or `params[base + ".weight"]` with a key that the call decides."""
    match node:
        case ast.Name(id=name):
            return name in arguments
        case ast.Subscript(slice=index):
            return any(isinstance(inner, ast.Name) and inner.id in arguments for inner in ast.walk(index))
        case _:
            return False


class WriteOut:
    """Writes the calls of helpers out into a text. `used`: the helper of each call that was written out."""

    def __init__(
        self,
        helpers: Helpers,
        without: Collection[ast.Call] = (),
        needed: Callable[[Collection[str]], object] = lambda names: None,
    ) -> None:
        """`without`: calls that stay; `needed` says whether other files need one of some names."""
        self.helpers = helpers
        self.needed = needed
        self.without = without
        self.source = helpers.source
        self.patched = Patched(helpers.source)
        self.used: dict[ast.Call, ast.FunctionDef] = {}
        self.placed: list[ast.Call] = []
        self.inside: list[ast.FunctionDef] = []

    def rows(self) -> list[Row]:
        """The rows of the whole text."""
        bodies = {id(node) for value in self.helpers.functions.values() for node in ast.walk(value)}
        for call in self.source.every(ast.Call):
            if call in self.without or self.helpers.called(call) is None or id(call) in bodies:
                continue
            if self._is_inside_another(call):
                continue
            try:
                used = dict(self.used)
                text = self._written(call, {})
            except _Stays:
                self.used = used
                continue
            self.patched.put(self.source.span(call), text)
            self.placed.append(call)
        self._drop_unused(bodies)
        return self.patched.all_rows()

    def in_vain(self, kept: Sequence[Diagnostic]) -> dict[ast.Call, Diagnostic]:
        """Calls that were written out at a place where the call of torch stays what it is, with the reason."""
        names = {self.source.says(call.call.func) for call in self.helpers.calls}
        reasons = {one.line: one for one in kept if one.what.partition("(")[0] in names}
        lines = {call: range(call.lineno, (call.end_lineno or call.lineno) + 1) for call in self.placed}
        return {call: reasons[line] for call, place in lines.items() for line in place if line in reasons}

    def _is_inside_another(self, call: ast.Call) -> bool:
        around = [one for one in self.source.ancestors(call) if isinstance(one, ast.Call) and one not in self.without]
        return any(self.helpers.called(one) is not None for one in around)

    def _drop_unused(self, bodies: Collection[int]) -> None:
        """Helpers that nobody calls any more go away."""
        for function in self.helpers.functions:
            left = [
                name
                for name in self.helpers.mentions(function)
                if self.source.parent(name) not in self.used and id(name) not in bodies
            ]
            if not left and function in self.used.values() and not self.needed({function.name}):
                self.patched.put_rows(lines_with_blanks(self.source, function), ())

    def _written(self, call: ast.Call, names: Names) -> str:
        """A call of a helper as the expression that it computes."""
        function = self.helpers.called(call)
        given = None if function is None else handed(function, call)
        if function is None or given is None or function in self.inside or self._in_string(call):
            raise _Stays
        value = self.helpers.functions[function]
        self._check_names(function, value, call)
        used = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
        own: dict[str, Given] = {}
        effects = 0
        for name, node in given.items():
            effects += not is_plain(node)
            if not is_plain(node) and used.count(name) != 1:
                raise _Stays
            here = names if node in ast.walk(call) else {}
            own[name] = Given(self._text(node, here), isinstance(node, (ast.Name, ast.Constant)), _value(node, here))
        if effects > 1:
            raise _Stays
        self.used[call] = function
        self.inside.append(function)
        try:
            text = self._text(value, own)
        finally:
            self.inside.pop()
        parent = self.source.parent(call)
        alone = isinstance(value, (ast.Call, ast.Name, ast.Subscript)) or not isinstance(
            parent, (ast.BinOp, ast.UnaryOp, ast.Attribute, ast.Subscript, ast.Compare, ast.BoolOp)
        )
        return text if alone else f"({text})"

    def _in_string(self, node: ast.AST) -> bool:
        return any(type(around).__name__ in _STRINGS for around in self.source.ancestors(node))

    def _check_names(self, function: ast.FunctionDef, value: ast.expr, call: ast.Call) -> None:
        """Names that are none of its arguments mean the same where the helper is called."""
        scopes = self.source.scopes
        home = scopes.inside(function)
        for node in ast.walk(value):
            if not isinstance(node, ast.Name) or (meant := scopes.scope_binding(node)) is home:
                continue
            scope = scopes.scope_of(call)
            while scope is not meant and node.id not in scope.bindings and scope.parent is not None:
                scope = scope.parent
            if scope is not meant and not (meant is None and scope.parent is None and node.id not in scope.bindings):
                raise _Stays

    def _text(self, node: ast.expr, names: Names) -> str:
        """An expression with names replaced, keys computed, and calls of helpers written out."""
        span = self.source.span(node)
        pieces, position = "", span.start
        for inner, text in sorted(self._changes(node, names), key=lambda change: self.source.span(change[0]).start):
            place = self.source.span(inner)
            pieces += self.source.text[position : place.start] + text
            position = place.end
        return pieces + self.source.text[position : span.end]

    def _changes(self, node: ast.expr, names: Names) -> Iterator[tuple[ast.expr, str]]:
        parent = self.source.parent(node)
        if isinstance(node, ast.Name) and node.id in names:
            given = names[node.id]
            open_place = isinstance(parent, (ast.BinOp, ast.UnaryOp, ast.Attribute, ast.Compare, ast.BoolOp))
            yield node, f"({given.text})" if open_place and not given.is_atom else given.text
            return
        is_key = isinstance(parent, ast.Subscript) and parent.slice is node and not isinstance(node, ast.Constant)
        value = _value(node, names) if is_key else None
        if value is not None and isinstance(value[0], str):
            yield node, quoted(self.source.text, value[0])
            return
        if type(node).__name__ in _STRINGS and any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(node)):
            raise _Stays
        if isinstance(node, ast.Call) and self.helpers.called(node) is not None:
            yield node, self._written(node, names)
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from self._changes(child, names)
            elif isinstance(child, ast.keyword):
                yield from self._changes(child.value, names)


def _value(node: ast.expr, names: Names) -> tuple[Constant] | None:
    known = {name: given.constant[0] for name, given in names.items() if given.constant is not None}
    try:
        return (constant(node, known),)
    except Unknown:
        return None
