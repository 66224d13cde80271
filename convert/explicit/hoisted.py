"""Builders that give back a function and its weights, taken apart: `f, params = build(4)` → `params = build(4)`.

The function moves to the top of the file, where it is handed its weights as any other; the builder only makes them.
A function that closes over the weights is handed them from then on.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ..recognise.calls import FunctionCall
from ..rewrite import shares_line
from ..source import Source, Span
from .pieces import Patched, Row
from .places import first_line, in_string, lines_of, lines_with_blanks
from .step_helpers import arguments_of_all_kinds, mentions_of


@dataclass(frozen=True)
class _Builder:
    """A builder: what it returns, the functions inside it, and the statements `f, params = build(…)` that call it."""

    node: ast.FunctionDef
    returns: ast.Return
    model: ast.FunctionDef
    weights: ast.Name
    inside: tuple[ast.FunctionDef, ...]
    calls: tuple[ast.Assign, ...]


@dataclass(frozen=True)
class Given:
    """How a builder gives a function and its weights: the function's place in the tuple, and who has the weights."""

    place: int
    closes: bool


class Hoister:
    """Takes such builders apart. `places`: the lines that changed; `given`: function → how its builder gives it."""

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
        self.given: dict[str, Given] = {}
        around = [one for call in calls for one in source.ancestors(call.node) if one in source.tree.body]
        for node in dict.fromkeys(around):
            builder = self._builder(node) if isinstance(node, ast.FunctionDef) else None
            if builder is not None and not needed({builder.node.name}) and self._fits(builder):
                self._write(builder)

    def rows(self) -> list[Row]:
        """The rows of the whole text."""
        return self.patched.all_rows()

    def _builder(self, node: ast.FunctionDef) -> _Builder | None:
        source = self.source
        inside = tuple(one for one in node.body if isinstance(one, ast.FunctionDef))
        returns = [one for one in source.walk(node) if isinstance(one, ast.Return) and self._function(one) is node]
        match returns:
            case [ast.Return(value=ast.Tuple(elts=[ast.Name() as one, ast.Name() as other]))] if (
                returns[0] is node.body[-1]
            ):
                named = {function.name: function for function in inside}
            case _:
                return None
        model, weights = (one, other) if one.id in named else (other, one)
        if model.id not in named or weights.id in named or len(named) != len(inside) or node.decorator_list:
            return None
        statements = [source.parent(source.parent(name) or name) for name in mentions_of(source, node)]
        sites = [self._site(statement, node) for statement in statements]
        if not sites or any(site is None for site in sites) or len(source.definitions[node.name]) != 1:
            return None
        found = tuple(site for site in sites if site is not None)
        return _Builder(node, returns[0], named[model.id], weights, inside, found)

    def _function(self, node: ast.AST) -> ast.AST | None:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        return next((one for one in self.source.ancestors(node) if isinstance(one, kinds)), None)

    def _site(self, statement: ast.AST | None, node: ast.FunctionDef) -> ast.Assign | None:
        """`f, params = build(…)`."""
        match statement:
            case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(), ast.Name()])], value=ast.Call(func=ast.Name(id=name))):
                fits = name == node.name and not shares_line(self.source, statement)
                return statement if fits else None
            case _:
                return None

    def _targets(self, builder: _Builder, site: ast.Assign) -> tuple[ast.Name, ast.Name]:
        """The names of the function and of the weights at one call."""
        match builder.returns.value, site.targets[0]:
            case ast.Tuple(elts=[first, _]), ast.Tuple(elts=[ast.Name() as one, ast.Name() as other]):
                ours = isinstance(first, ast.Name) and first.id == builder.model.name
                return (one, other) if ours else (other, one)
        raise AssertionError

    def _fits(self, builder: _Builder) -> bool:
        """Whether the functions mean the same at the top of the file."""
        source = self.source
        names = {function.name for function in builder.inside}
        new = {self._targets(builder, site)[0].id for site in builder.calls}
        if len(new) != 1 or any(shares_line(source, one) for one in builder.node.body):
            return False
        if any(isinstance(n, (ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom)) for n in source.walk(builder.node)):
            return False
        if any(self._reads_setting(builder, function, names) for function in builder.inside):
            return False
        mentions = [node for node in source.walk(builder.node) if isinstance(node, ast.Name) and node.id in names]
        if any(
            self._function(node) is builder.node and source.parent(node) is not builder.returns.value
            for node in mentions
        ):
            return False
        if any(
            in_string(source, node)
            for node in (*mentions, *(one for site in builder.calls for one in self._read(site)))
        ):
            return False
        renamed = (names - {builder.model.name}) | new
        if any(name in renamed for name in self._bound_elsewhere(builder)) or len(renamed) != len(names):
            return False
        return not self._closes(builder) or all(self._is_handed(builder, site) for site in builder.calls)

    def _reads_setting(self, builder: _Builder, function: ast.FunctionDef, names: Collection[str]) -> bool:
        """Whether a function reads something of the builder's that is neither a function nor the weights."""
        home = self.source.scopes.inside(builder.node)
        read = {
            node.id
            for node in self.source.walk(function)
            if isinstance(node, ast.Name) and self.source.scopes.scope_binding(node) is home
        }
        return bool(read - {*names} - ({builder.weights.id} if function is builder.model else set()))

    def _bound_elsewhere(self, builder: _Builder) -> set[str]:
        """Names that something else binds anywhere: of the new names none may be among them."""
        own = {id(self._targets(builder, site)[0]) for site in builder.calls}
        found = {n.id for n in self.source.every(ast.Name) if not isinstance(n.ctx, ast.Load) and id(n) not in own}
        found |= {one.arg for one in self.source.every(ast.arg)}
        found |= {one.asname or one.name.partition(".")[0] for one in self.source.every(ast.alias)}
        definitions: list[ast.FunctionDef | ast.ClassDef] = [*self.source.every(ast.FunctionDef)]
        definitions += self.source.every(ast.ClassDef)
        return found | {one.name for one in definitions if one not in builder.inside}

    def _closes(self, builder: _Builder) -> bool:
        """Whether the function reads the weights from around it."""
        home = self.source.scopes.inside(builder.node)
        names = (n for n in self.source.walk(builder.model) if isinstance(n, ast.Name) and n.id == builder.weights.id)
        return any(self.source.scopes.scope_binding(node) is home for node in names)

    def _is_handed(self, builder: _Builder, site: ast.Assign) -> bool:
        """Whether every use of the function is a call, where the weights that came with it can be handed over."""
        source, scopes = self.source, self.source.scopes
        function, weights = self._targets(builder, site)
        scope = scopes.scope_binding(function)
        if (
            any(isinstance(one, ast.Starred) for one in source.walk(builder.model.args))
            or builder.model.args.posonlyargs
        ):
            return False
        stores = [one for one in source.stores.get(weights.id, ()) if scopes.scope_binding(one) is scope]
        if len(stores) != 1 or len(builder.calls) != 1:
            return False
        for use in self._uses(function):
            call = source.parent(use)
            if not (isinstance(call, ast.Call) and call.func is use):
                return False
            if scopes.scope_binding(ast.Name(weights.id), use) is not scope:
                return False
        return True

    def _uses(self, function: ast.Name) -> list[ast.Name]:
        """What reads the variable that a call of the builder gives the function to."""
        scopes = self.source.scopes
        reads = self.source.reads.get(function.id, ())
        return [use for use in reads if scopes.scope_binding(use) is scopes.scope_binding(function)]

    def _read(self, site: ast.Assign) -> list[ast.Name]:
        """What reads the variables that a call of the builder binds."""
        names = [node for node in self.source.walk(site.targets[0]) if isinstance(node, ast.Name)]
        return [use for name in names for use in self._uses(name)]

    def _write(self, builder: _Builder) -> None:
        source = self.source
        new = self._targets(builder, builder.calls[0])[0].id
        moved: list[Row] = []
        self.given[new] = _given(builder, closes=self._closes(builder))
        for function in builder.inside:
            moved += [*self._rows(builder, function, new), Row("", function.lineno), Row("", function.lineno)]
            span = Span(
                source.lines.line_span(first_line(source, function)).start, lines_with_blanks(source, function).end
            )
            self.patched.put_rows(span, ())
        start = source.lines.line_span(first_line(source, builder.node)).start
        self.patched.put_rows(Span(start, start), moved)
        self.patched.put(source.span(builder.returns), f"return {builder.weights.id}")
        self.places.append(range(builder.node.lineno, (builder.node.end_lineno or builder.node.lineno) + 1))
        for site in builder.calls:
            target, weights = self._targets(builder, site)
            self.patched.put(source.span(site.targets[0]), weights.id)
            if self._closes(builder):
                self._hand(target, weights.id)

    def _hand(self, function: ast.Name, weights: str) -> None:
        """`f(x)` → `f(params, x)`."""
        for use in self._uses(function):
            call = self.source.parent(use)
            assert isinstance(call, ast.Call)
            place = self.source.text.index("(", self.source.span(use).end) + 1
            self.patched.put(Span(place, place), f"{weights}, " if call.args or call.keywords else weights)

    def _rows(self, builder: _Builder, function: ast.FunctionDef, new: str) -> list[Row]:
        """The rows of a function as it stands at the top of the file."""
        source = self.source
        text, home = Patched(source), source.scopes.inside(builder.node)
        for node in source.walk(function):
            if (
                isinstance(node, ast.Name)
                and node.id == builder.model.name
                and source.scopes.scope_binding(node) is home
            ):
                text.put(source.span(node), new)
        if function is builder.model:
            start = source.text.index(function.name, source.span(function).start + len("def"))
            text.put(Span(start, start + len(function.name)), new)
            if self._closes(builder):
                place = source.text.index("(", start) + 1
                more = ", " if arguments_of_all_kinds(function) else ""
                text.put(Span(place, place), builder.weights.id + more)
        span = Span(source.lines.line_span(first_line(source, function)).start, lines_of(source, function).end)
        rows = text.rows(span)
        rows = rows[:-1] if rows and not rows[-1].text else rows
        indent = source.lines.indentation(function.lineno)
        return [Row(row.text.removeprefix(indent), row.origin) for row in rows]


def _given(builder: _Builder, *, closes: bool) -> Given:
    value = builder.returns.value
    first = isinstance(value, ast.Tuple) and isinstance(value.elts[0], ast.Name) and value.elts[0].id
    return Given(0 if first == builder.model.name else 1, closes)
