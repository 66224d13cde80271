"""Helpers of several statements written out where they are called: `x = block(x, params, "b1")` → its lines with keys.

Only helpers that hand a weight on to torch which the call decides: with the call at hand, the weight and its layer are
known. `x = conv_block(x, w, b)` reads as the lines of the helper, with its locals under names that are free.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from ..recognise.calls import FunctionCall
from ..recognise.returned import handed
from ..rewrite import shares_line
from ..source import Source
from .call_place import (
    Stays,
    check_names,
    is_first,
    is_named,
    is_steady,
    is_stored,
    known_value,
    taken_branch,
)
from .constant import Constant, quoted
from .pieces import Patched, Row, whole_lines
from .places import docstring_rows, header_end, lines_of, lines_with_blanks
from .step_helpers import arguments_of_all_kinds, function_around, mentions_of, step_helpers

_STRINGS = {"JoinedStr", "TemplateStr"}


@dataclass(frozen=True)
class _Given:
    """What stands for a name of the helper at one call."""

    text: str
    is_atom: bool = True
    constant: tuple[Constant] | None = None


@dataclass
class _Body:
    """The lines of a helper at one call, and the expression that it gives back."""

    rows: list[Row]
    value: str
    is_atom: bool


class Inliner:
    """Writes the calls of such helpers out into a text. `places`: the lines of what was written out."""

    def __init__(
        self,
        source: Source,
        calls: Sequence[FunctionCall],
        needed: Callable[[Collection[str]], object] = lambda names: None,
    ) -> None:
        """`calls` are those of torch that are handed weights; `needed`: whether other files need one of some names."""
        self.source = source
        self.patched = Patched(source)
        self.places: list[range] = []
        self.functions = step_helpers(source, calls)
        inside = {id(node) for function in self.functions for node in source.walk(function)}
        done: dict[ast.FunctionDef, int] = {}
        taken: set[ast.stmt] = set()
        for call in source.every(ast.Call) if self.functions else ():
            function = self.called(call)
            if function is None or id(call) in inside or source.statement(call) in taken:
                continue
            try:
                self._write(call, function)
            except Stays:
                continue
            taken.add(source.statement(call))
            done[function] = done.get(function, 0) + 1
        for function, count in done.items():
            self.places.append(range(function.lineno, (function.end_lineno or function.lineno) + 1))
            if count == len(mentions_of(source, function)) and not needed({function.name}):
                self.patched.put_rows(lines_with_blanks(source, function), ())

    def rows(self) -> list[Row]:
        """The rows of the whole text."""
        return self.patched.all_rows()

    def called(self, call: ast.AST) -> ast.FunctionDef | None:
        """The helper that a call calls."""
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return None
        named = (one for one in self.functions if one.name == call.func.id)
        function = next(named, None)
        same = function is not None and self.source.scopes.scope_binding(call.func) is self.source.scopes.root
        return function if same else None

    def _write(self, call: ast.Call, function: ast.FunctionDef) -> None:
        source = self.source
        statement, around = source.statement(call), function_around(source, call)
        if around is None or not isinstance(
            statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)
        ):
            raise Stays
        if shares_line(source, statement) or not is_first(source, call, statement):
            raise Stays
        given = handed(function, call)
        if given is None:
            raise Stays
        check_names(source, function, call)
        body = self._body(function, given, statement, around)
        text, span = Patched(source), source.span(call)
        whole = getattr(statement, "value", None) is call
        text.put(span, body.value if whole or body.is_atom else f"({body.value})")
        indent = source.lines.indentation(statement.lineno)
        after = text.rows(lines_of(source, statement))
        after = after[:-1] if after and not after[-1].text else after
        if isinstance(statement, ast.Assign) and whole and source.says(statement.targets[0]) == body.value:
            after = []  # x = x
        rows = [Row(indent + row.text if row.text.strip() else "", row.origin) for row in body.rows]
        self.patched.put_rows(lines_of(source, statement), [*rows, *after])
        self.places.append(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))

    def _body(
        self, function: ast.FunctionDef, given: Mapping[str, ast.expr], statement: ast.stmt, around: ast.FunctionDef
    ) -> _Body:
        """The helper's lines without their indentation."""
        source, home = self.source, self.source.scopes.inside(function)
        stored = {n.id for n in source.walk(function) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        stored = {name for name in stored if name in home.bindings}
        names, first = dict[str, _Given](), list[Row]()
        taken = {node.id for node in source.walk(around) if isinstance(node, ast.Name)} | arguments_of_all_kinds(around)
        taken |= {node.id for node in source.walk(function) if isinstance(node, ast.Name)} - stored
        for name in sorted(stored - given.keys()):
            bound = self._bound_to(name, function, given, statement)
            names[name] = _Given(bound or _free(name, taken, stored))
        defaults = {id(node) for node in function.args.defaults}
        for name, node in sorted(given.items(), key=lambda item: (item[1].lineno, item[1].col_offset)):
            said = source.says(node)
            if source.comments_in(source.span(node)) or (id(node) in defaults and known_value(node) is None):
                raise Stays
            if name not in stored and "\n" not in said and is_steady(source, node, around):
                names[name] = _Given(said, isinstance(node, (ast.Name, ast.Constant, ast.Subscript)), known_value(node))
            elif name in stored and self._goes_on(node, name, given, statement):
                names[name] = _Given(said)
            else:
                names[name] = _Given(_free(name, taken, stored))
                first.append(Row(f"{names[name].text} = {' '.join(said.split())}", statement.lineno))
        text, last = Patched(source), function.body[-1]
        assert isinstance(last, ast.Return)
        for each in function.body:
            if (weights := self._weights(each, names, function)) is not None:
                names |= weights
                text.put_rows(lines_of(source, each), ())
            else:
                self._change(text, each, names, function)
        told = function.body[0].end_lineno if docstring_rows(function) else header_end(source, function)
        start = (told or function.lineno) + 1
        rows = text.rows(whole_lines(source, start, last.lineno - 1)) if start < last.lineno else []
        indent = source.lines.indentation(last.lineno)
        rows = [Row(row.text.removeprefix(indent), row.origin) for row in rows if row.text.strip()]
        value = last.value
        assert value is not None
        given_back = text.text(source.span(value))
        if "\n" in given_back and not isinstance(value, (ast.Call, ast.Tuple)):
            given_back = f"({given_back})"
        is_atom = isinstance(value, (ast.Name, ast.Call, ast.Subscript)) and "\n" not in given_back
        return _Body([*first, *rows], given_back, is_atom)

    def _bound_to(
        self, name: str, function: ast.FunctionDef, given: Mapping[str, ast.expr], statement: ast.stmt
    ) -> str | None:
        """What the caller binds a local to that the helper gives back, where nothing reads that variable any more."""
        match statement, function.body[-1]:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call()), ast.Return(value=ast.Name(id=back)):
                fits = back == name
            case _:
                return None
        reads = {key for key, node in given.items() if any(is_named(one, target) for one in self.source.walk(node))}
        first = next((one for one in function.body if any(is_stored(n, name) for n in self.source.walk(one))), None)
        later = function.body[function.body.index(first) + 1 :] if first is not None else []
        still = any(isinstance(n, ast.Name) and n.id in reads for one in later for n in self.source.walk(one))
        plain = isinstance(first, ast.Assign) and len(first.targets) == 1 and isinstance(first.targets[0], ast.Name)
        return target if fits and plain and not still else None

    def _weights(
        self, statement: ast.stmt, names: Mapping[str, _Given], function: ast.FunctionDef
    ) -> dict[str, _Given] | None:
        """What `w = params[base + ".weight"]` gives a name to, where the name means nothing else."""
        match statement:
            case ast.Assign(targets=[ast.Name() as target], value=value):
                pairs = [(target, value)]
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(
                values
            ):
                pairs = [(one, value) for one, value in zip(targets, values, strict=True) if isinstance(one, ast.Name)]
                if len(pairs) != len(targets):
                    return None
            case _:
                return None
        known = {name: one.constant[0] for name, one in names.items() if one.constant is not None}
        found: dict[str, _Given] = {}
        for target, value in pairs:
            stores = [n for n in self.source.stores[target.id] if n in self.source.walk(function)]
            plain = isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and len(stores) == 1
            owner = names.get(value.value.id) if plain else None  # type: ignore[attr-defined]
            if owner is None or not owner.is_atom or known_value(value.slice, known) is None:  # type: ignore[attr-defined]
                return None
            text = Patched(self.source)
            for child in self.source.children(value):
                self._change(text, child, names, function)
            found[target.id] = _Given(text.text(self.source.span(value)))
        return found

    def _goes_on(self, node: ast.expr, name: str, given: Mapping[str, ast.expr], statement: ast.stmt) -> bool:
        """Whether the caller's variable may take the helper's changes: it is bound to the outcome, or done with."""
        if not isinstance(node, ast.Name):
            return False
        others = [other for key, other in given.items() if key != name]
        if any(isinstance(n, ast.Name) and n.id == node.id for other in others for n in self.source.walk(other)):
            return False
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call()):
                return target == node.id
            case ast.Return(value=ast.Call()):
                return self.source.scopes.scope_binding(node) is self.source.scopes.scope_of(statement)
            case _:
                return False

    def _change(self, text: Patched, node: ast.AST, names: Mapping[str, _Given], function: ast.FunctionDef) -> None:
        """Put what the names of the helper stand for, and keys that are constant now."""
        source, home = self.source, self.source.scopes.inside(function)
        known = {name: one.constant[0] for name, one in names.items() if one.constant is not None}
        parent = source.parent(node)
        if isinstance(node, ast.If) and (branch := taken_branch(source, node, known)) is not None:
            self._put_branch(text, node, branch, names, function)
            return
        if isinstance(node, ast.Name):
            if node.id in names and source.scopes.scope_binding(node) is home:
                given = names[node.id]
                tight = isinstance(
                    parent, (ast.BinOp, ast.UnaryOp, ast.Attribute, ast.Compare, ast.BoolOp, ast.Starred)
                )
                text.put(source.span(node), given.text if given.is_atom or not tight else f"({given.text})")
            return
        inner = [n for n in source.walk(node) if isinstance(n, ast.Name) and n.id in names]
        is_key = isinstance(parent, ast.Subscript) and parent.slice is node
        if isinstance(node, ast.expr) and inner and (is_key or type(node).__name__ in _STRINGS):
            value = known_value(node, known)
            if value is not None and isinstance(value[0], (str, int)):
                said = value[0]
                text.put(source.span(node), quoted(source.text, said) if isinstance(said, str) else repr(said))
                return
            if type(node).__name__ in _STRINGS:
                raise Stays
        if isinstance(node, ast.expr) and inner and isinstance(parent, ast.Call) and node in parent.args:
            value = known_value(node, known)
            if value is not None and isinstance(value[0], str):  # a key that is handed on
                text.put(source.span(node), quoted(source.text, value[0]))
                return
        for child in source.children(node):
            self._change(text, child, names, function)

    def _put_branch(
        self,
        text: Patched,
        node: ast.If,
        branch: list[ast.stmt],
        names: Mapping[str, _Given],
        function: ast.FunctionDef,
    ) -> None:
        """The lines of the branch that is taken, in place of the whole."""
        if not branch:
            text.put_rows(lines_of(self.source, node), ())
            return
        inner = Patched(self.source)
        for each in branch:
            self._change(inner, each, names, function)
        last = branch[-1].end_lineno or branch[-1].lineno
        old, new = (self.source.lines.indentation(one.lineno) for one in (branch[0], node))
        rows = inner.rows(whole_lines(self.source, branch[0].lineno, last))
        rows = rows[:-1] if rows and not rows[-1].text else rows
        text.put_rows(
            lines_of(self.source, node),
            [Row(new + row.text.removeprefix(old) if row.text.strip() else "", row.origin) for row in rows],
        )


def _free(name: str, taken: set[str], own: Collection[str]) -> str:
    """A name for a local of the helper: no name of the caller's, nor of another local."""
    found, count = name, 0
    while found in taken or (count and found in own):
        count += 1
        found = f"{name}_{count}"
    taken.add(found)
    return found
