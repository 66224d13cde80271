"""Names that are bound again and again in a straight line, each use with what it is there: `w, b = vars[0], vars[1]`.

A running index (`idx += 2`) becomes the number that it is, and a name for one weight after the other that weight.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..recognise.calls import FunctionCall
from ..rewrite import shares_line
from ..source import Source
from .constant import Unknown, constant
from .pieces import Patched, Row
from .places import in_string, lines_of
from .weights import constant_key


class Straightened:
    """Writes such names out, one kind at a time. `places`: the lines that changed."""

    def __init__(self, source: Source, calls: Sequence[FunctionCall]) -> None:
        """`calls` are those of torch that are handed weights."""
        self.source = source
        self.patched = Patched(source)
        self.places: list[range] = []
        around = [one for call in calls for one in source.ancestors(call.node) if isinstance(one, ast.FunctionDef)]
        functions = list(dict.fromkeys(around))
        for function in functions:
            self._numbers(function)
        for function in functions if not self.places else ():
            self._weights(function, calls)

    def rows(self) -> list[Row]:
        """The rows of the whole text."""
        return self.patched.all_rows()

    def _uses(self, function: ast.FunctionDef, name: str) -> list[ast.Name] | None:
        """Every mention of a local; None where one stands in a function inside, which may run at any time."""
        home = self.source.scopes.inside(function)
        found = [node for node in self.source.walk(function) if isinstance(node, ast.Name) and node.id == name]
        if any(in_string(self.source, node) for node in found) or name in home.outward:
            return None
        if any(argument.arg == name for argument in ast.walk(function.args) if isinstance(argument, ast.arg)):
            return None
        return found if all(self.source.scopes.scope_of(node) is home for node in found) else None

    def _numbers(self, function: ast.FunctionDef) -> None:
        """`idx = 0` … `idx += 2`, where idx picks weights out of a list."""
        picked = {
            node.id
            for item in self.source.walk(function)
            if isinstance(item, ast.Subscript)
            for node in self.source.walk(item.slice)
            if isinstance(node, ast.Name)
        }
        for name in sorted(picked):
            uses = self._uses(function, name)
            stores = [use for use in uses or () if not isinstance(use.ctx, ast.Load)]
            statements = [self.source.statement(use) for use in stores]
            if uses is None or len(statements) < 2 or any(one not in function.body for one in statements):
                continue
            values = self._running(name, statements)
            loads = [use for use in uses if isinstance(use.ctx, ast.Load)]
            if values is None or any(shares_line(self.source, one) for one in statements):
                continue
            if any(not self._at(function, use, values) for use in loads):
                continue
            for use in loads:
                index, text = self._slice(use), self._at(function, use, values)
                if index is None:
                    self.patched.put(self.source.span(use), text)
            for index in {id(one): one for use in loads if (one := self._slice(use)) is not None}.values():
                use = next(n for n in self.source.walk(index) if isinstance(n, ast.Name) and n.id == name)
                value = constant(index, {name: int(self._at(function, use, values))})
                self.patched.put(self.source.span(index), repr(value))
            self._drop(statements)

    def _slice(self, use: ast.Name) -> ast.expr | None:
        """The whole index that a number stands in, where it is made of nothing else."""
        here: ast.expr = use
        while isinstance(around := self.source.parent(here), ast.BinOp):
            here = around
        parent = self.source.parent(here)
        names = {node.id for node in self.source.walk(here) if isinstance(node, ast.Name)}
        if not isinstance(parent, ast.Subscript) or parent.slice is not here or names != {use.id}:
            return None
        try:
            return here if isinstance(constant(here, {use.id: 1}), int) else None
        except Unknown:
            return None

    def _running(self, name: str, statements: Sequence[ast.stmt]) -> list[tuple[ast.stmt, int]] | None:
        """The number after each statement that changes it."""
        found: list[tuple[ast.stmt, int]] = []
        for statement in statements:
            try:
                match statement:
                    case ast.Assign(targets=[ast.Name()], value=value):
                        number = constant(value, {name: found[-1][1]} if found else {})
                    case ast.AugAssign(op=ast.Add(), value=value) if found:
                        step = constant(value, {})
                        number = found[-1][1] + step if isinstance(step, int) else None
                    case _:
                        return None
            except Unknown:
                return None
            if not isinstance(number, int) or isinstance(number, bool):
                return None
            found.append((statement, number))
        return found

    def _at(self, function: ast.FunctionDef, use: ast.Name, values: list[tuple[ast.stmt, int]]) -> str:
        """The number at a use; nothing before the first."""
        statement = self._top(function, use)
        before = [number for one, number in values if function.body.index(one) < function.body.index(statement)]
        return str(before[-1]) if before else ("0" if statement is values[0][0] else "")

    def _top(self, function: ast.FunctionDef, node: ast.AST) -> ast.stmt:
        """The statement of a function's own body that holds a node."""
        found = next(one for one in (node, *self.source.ancestors(node)) if one in function.body)
        assert isinstance(found, ast.stmt)
        return found

    def _weights(self, function: ast.FunctionDef, calls: Sequence[FunctionCall]) -> None:
        """`w, b = vars[0], vars[1]` … `w, b = vars[2], vars[3]`."""
        slots = [call.args.get(slot.name) for call in calls for slot in call.pairs[0].handed]
        names = {node.id for node in slots if isinstance(node, ast.Name) and self._is_inside(function, node)}
        found: dict[ast.Name, str] = {}
        gone: dict[ast.stmt, set[str]] = {}
        for name in sorted(names):
            uses = self._uses(function, name)
            stores = [use for use in uses or () if not isinstance(use.ctx, ast.Load)]
            statements = [self.source.statement(use) for use in stores]
            if uses is None or len(stores) < 2 or any(one not in function.body for one in statements):
                continue
            given = [self._item(one, name) for one in statements]
            loads = [use for use in uses if isinstance(use.ctx, ast.Load)]
            texts = {use: self._given(function, use, statements, given) for use in loads}
            if all(given) and all(texts.values()):
                found |= texts  # type: ignore[arg-type]
                for one in statements:
                    gone.setdefault(one, set()).add(name)
        whole = {one: names for one, names in gone.items() if names == self._targets(one)}
        wanted = {name for one, names in gone.items() if one not in whole for name in names}
        if wanted or any(shares_line(self.source, one) for one in whole):
            return  # a statement that binds something else as well stays, and so do its names
        for use, text in found.items():
            self.patched.put(self.source.span(use), text)
        self._drop(list(whole))

    def _is_inside(self, function: ast.FunctionDef, node: ast.AST) -> bool:
        return any(around is function for around in self.source.ancestors(node))

    def _item(self, statement: ast.stmt, name: str) -> str | None:
        """What a statement binds a name to, where that is one item of something that stays."""
        match statement:
            case ast.Assign(targets=[ast.Name()], value=value):
                pass
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
                at = [number for number, one in enumerate(names) if isinstance(one, ast.Name) and one.id == name]
                if len(at) != 1:
                    return None
                value = values[at[0]]
            case _:
                return None
        match value:
            case ast.Subscript(value=ast.Name(id=owner) as name_of, slice=index) if constant_key(index) is not None:
                scopes = self.source.scopes
                scope = scopes.scope_binding(name_of)
                stores = [one for one in self.source.stores.get(owner, ()) if scopes.scope_binding(one) is scope]
                return self.source.says(value) if len(stores) <= (scope is scopes.root) else None
            case _:
                return None

    def _targets(self, statement: ast.stmt) -> set[str]:
        return {
            node.id
            for node in self.source.walk(statement)
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
        }

    def _given(
        self, function: ast.FunctionDef, use: ast.Name, statements: Sequence[ast.stmt], given: Sequence[str | None]
    ) -> str | None:
        at = function.body.index(self._top(function, use))
        before = [text for one, text in zip(statements, given, strict=True) if function.body.index(one) < at]
        return before[-1] if before else None

    def _drop(self, statements: Sequence[ast.stmt]) -> None:
        for one in statements:
            self.patched.put_rows(lines_of(self.source, one), ())
            self.places.append(range(one.lineno, (one.end_lineno or one.lineno) + 1))
