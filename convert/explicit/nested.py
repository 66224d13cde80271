"""Dictionaries of dictionaries of weights as one with dots in its keys: `p["fc"]["weight"]` → `p["fc.weight"]`.

An entry that is None is no weight: what reads it says None from then on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..recognise.calls import FunctionCall
from ..recognise.returned import handed
from ..source import Source
from ..source.scopes import Scope
from .constant import quoted
from .pieces import Patched, Row
from .places import in_string
from .step_helpers import mentions_of

_Holder = tuple[int, str]
Path = tuple[str, ...]


class _Lost(Exception):
    """The dictionary is used in a way that cannot be followed."""


class Flattened:
    """Writes such dictionaries anew. `places`: the lines that changed; `names`: what makes or holds them."""

    def __init__(self, source: Source, calls: Sequence[FunctionCall]) -> None:
        """`calls` are those of torch that are handed weights."""
        self.source = source
        self.patched = Patched(source)
        self.places: list[range] = []
        self.names: set[str] = set()
        for display in source.every(ast.Dict) if calls else ():
            if not isinstance(source.parent(display), ast.Dict) and _is_nested(display):
                self._flatten(display)

    def rows(self) -> list[Row]:
        """The rows of the whole text."""
        return self.patched.all_rows()

    def _flatten(self, display: ast.Dict) -> None:
        try:
            entries = dict(_entries(display, ()))
            holders = _Holders(self.source, display)
            reads = [self._read(use, entries) for use in holders.uses]
        except _Lost:
            return
        if self.source.comments_in(self.source.span(display)):
            return
        for node, path in (read for read in reads if read is not None):
            text = "None" if entries[path] is None else f"[{quoted(self.source.text, '.'.join(path))}]"
            owner = _root(node)
            said = text if entries[path] is None else self.source.says(owner) + text
            self.patched.put(self.source.span(node), said)
            self.places.append(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        lines = display.end_lineno != display.lineno
        first = display.keys[0]
        assert first is not None
        gap = ",\n" + " " * first.col_offset if lines and first.lineno != display.lineno else ", "
        kept = [(path, value) for path, value in entries.items() if value is not None]
        rows = [f"{quoted(self.source.text, '.'.join(path))}: {self.source.says(value)}" for path, value in kept]
        start, end = (
            ("{\n" + " " * first.col_offset, ",\n" + self._indent(display) + "}") if "\n" in gap else ("{", "}")
        )
        self.patched.put(self.source.span(display), start + gap.join(rows) + end)
        self.places.append(range(display.lineno, (display.end_lineno or display.lineno) + 1))
        self.names |= holders.names

    def _indent(self, display: ast.Dict) -> str:
        return self.source.lines.indentation(self.source.statement(display).lineno)

    def _read(self, use: ast.Name, entries: dict[Path, ast.expr | None]) -> tuple[ast.expr, Path] | None:
        """The whole of `p["fc"]["weight"]`, and its path; None for a use that only hands it on."""
        if in_string(self.source, use):
            raise _Lost
        node: ast.expr = use
        path: Path = ()
        while isinstance(around := self.source.parent(node), ast.Subscript) and around.value is node:
            if not (isinstance(around.slice, ast.Constant) and isinstance(around.slice.value, str)):
                raise _Lost
            if not isinstance(around.ctx, ast.Load):
                raise _Lost
            node, path = around, (*path, around.slice.value)
            if path in entries:
                return node, path
        if path:
            raise _Lost  # a part of it, or a key that is not there
        return None


def _is_nested(display: ast.Dict) -> bool:
    inner = any(isinstance(value, ast.Dict) or _is_none(value) for value in display.values)
    return bool(display.keys) and inner and all(_is_tensor_like(value) for value in display.values)


def _is_tensor_like(value: ast.expr) -> bool:
    if isinstance(value, ast.Dict):
        return bool(value.keys) and all(_is_tensor_like(one) for one in value.values)
    return isinstance(value, ast.Call) or _is_none(value)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _entries(display: ast.Dict, path: Path) -> Iterator[tuple[Path, ast.expr | None]]:
    for key, value in zip(display.keys, display.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)) or "." in key.value:
            raise _Lost
        if isinstance(value, ast.Dict):
            yield from _entries(value, (*path, key.value))
        else:
            yield (*path, key.value), None if _is_none(value) else value


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


class _Holders:
    """Every variable and argument that holds one dictionary, and every use of them. Raises _Lost."""

    def __init__(self, source: Source, display: ast.Dict) -> None:
        self.source = source
        self.uses: list[ast.Name] = []
        self.names: set[str] = set()
        self._found: set[_Holder] = set()
        self._handed: list[tuple[ast.FunctionDef, str]] = []
        match source.parent(display):
            case ast.Assign(targets=[ast.Name() as target], value=value) if value is display:
                self._variable(target)
            case ast.Return() as returns:
                self._returned(returns)
            case _:
                raise _Lost
        for function, name in self._handed:
            self._check_callers(function, name)

    def _variable(self, target: ast.Name) -> None:
        """A variable that is bound once, to the dictionary."""
        scope = self.source.scopes.scope_binding(target)
        stores = [one for one in self.source.stores[target.id] if self.source.scopes.scope_binding(one) is scope]
        declared = any(target.id in one.names for one in self.source.every(ast.Global))
        declared = declared or any(target.id in one.names for one in self.source.every(ast.Nonlocal))
        if scope is None or len(stores) != 1 or declared:
            raise _Lost
        self.names.add(target.id)
        self._follow(scope, target.id)

    def _follow(self, scope: Scope, name: str) -> None:
        if (id(scope), name) in self._found:
            return
        self._found.add((id(scope), name))
        for use in self.source.reads.get(name, ()):
            if self.source.scopes.scope_binding(use) is not scope:
                continue
            parent = self.source.parent(use)
            around = self.source.parent(parent) if isinstance(parent, ast.keyword) else parent
            if isinstance(parent, ast.Subscript) and parent.value is use:
                self.uses.append(use)
            elif isinstance(parent, ast.Return):
                self._returned(parent)
            elif isinstance(around, ast.Call) and use is not around.func:
                self._argument(around, use)
            else:
                raise _Lost

    def _returned(self, returns: ast.Return) -> None:
        """The callers of the function that gives it back hold it."""
        function = next((one for one in self.source.ancestors(returns) if isinstance(one, ast.FunctionDef)), None)
        found = [n for n in self.source.walk(function) if isinstance(n, ast.Return)] if function is not None else []
        if function is None or function not in self.source.tree.body or found != [returns]:
            raise _Lost
        self.names.add(function.name)
        for name in mentions_of(self.source, function):
            call = self.source.parent(name)
            match self.source.parent(call) if call is not None else None:
                case ast.Assign(targets=[ast.Name() as target], value=ast.Call(func=func)) if func is name:
                    self._variable(target)
                case _:
                    raise _Lost

    def _argument(self, call: ast.Call, use: ast.Name) -> None:
        """A function of the file that is handed it holds it under the argument's name."""
        functions = self.source.definitions.get(call.func.id, []) if isinstance(call.func, ast.Name) else []
        function = functions[0] if len(functions) == 1 else None
        if not isinstance(function, ast.FunctionDef) or function not in self.source.tree.body:
            raise _Lost
        given = handed(function, call) or {}
        names = [name for name, node in given.items() if node is use]
        scope = self.source.scopes.inside(function)
        if len(names) != 1 or any(
            self.source.scopes.scope_binding(s) is scope for s in self.source.stores.get(names[0], ())
        ):
            raise _Lost
        self._handed.append((function, names[0]))
        self._follow(scope, names[0])

    def _check_callers(self, function: ast.FunctionDef, name: str) -> None:
        """Nobody hands the function anything else."""
        for mention in mentions_of(self.source, function):
            call = self.source.parent(mention)
            given = handed(function, call) if isinstance(call, ast.Call) and call.func is mention else None
            node = (given or {}).get(name)
            scope = self.source.scopes.scope_binding(node) if isinstance(node, ast.Name) else None
            if scope is None or not isinstance(node, ast.Name) or (id(scope), node.id) not in self._found:
                raise _Lost
