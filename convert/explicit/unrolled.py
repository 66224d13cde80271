"""Loops over constants that make or read weights by computed keys, turn by turn: `params[f"fc{i}.weight"]`.

Each turn then names its layer. Loops that do anything else stay loops.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ..recognise.calls import FunctionCall
from ..rewrite import shares_line
from ..source import Source
from .constant import Constant, Unknown, constant, quoted
from .fresh import is_fresh
from .pieces import Patched, Row, whole_lines
from .step_helpers import keyed_arguments
from .written_out import helpers_of

Known = Mapping[str, Constant]
_MOST_TURNS = 24
_LEAVES = (ast.Break, ast.Continue, ast.Yield, ast.YieldFrom, ast.FunctionDef, ast.Lambda, ast.ClassDef)


class Unroller:
    """Writes such loops out. `places`: the lines that they took."""

    def __init__(self, source: Source, calls: Sequence[FunctionCall]) -> None:
        """`calls` are those of torch that are handed weights."""
        self.source = source
        self.patched = Patched(source)
        self.places: list[range] = []
        helpers = helpers_of(source, calls)
        slots = [call.args.get(slot.name) for call in calls for slot in call.pairs[0].handed]
        self._keys = {id(node.slice) for node in slots if isinstance(node, ast.Subscript)}
        for call in source.every(ast.Call) if helpers.functions else ():
            if helpers.called(call) is not None:
                self._keys |= {id(node) for node in (*call.args, *(one.value for one in call.keywords))}
        self._keys |= {id(node) for node in keyed_arguments(source, calls)}
        for node in source.every(ast.For):
            inside = any(node.lineno in place for place in self.places)
            if not inside and (rows := self._rows(node, {})) is not None:
                self._place(node)
                self.patched.put_rows(whole_lines(source, node.lineno, node.end_lineno or node.lineno), rows)
        for display in source.every(ast.DictComp):
            if (text := self._display(display)) is not None:
                self._place(display)
                self.patched.put(source.span(display), text)

    def _place(self, node: ast.For | ast.DictComp) -> None:
        self.places.append(range(node.lineno, (node.end_lineno or node.lineno) + 1))

    def rows(self) -> list[Row]:
        """The whole text."""
        return self.patched.all_rows()

    def _rows(self, loop: ast.For, known: Known) -> list[Row] | None:
        """The turns of a loop one after the other; None where it stays."""
        turns = self._turns(loop.target, loop.iter, known)
        first, last = loop.body[0], loop.body[-1]
        if turns is None or loop.orelse or first.lineno == loop.lineno or shares_line(self.source, loop):
            return None
        if any(isinstance(node, _LEAVES) for node in ast.walk(loop)) or not self._is_keyed(
            loop.body, {**known, **turns[0]}
        ):
            return None
        if self._is_used_elsewhere(loop, set(turns[0])) or self._is_in_open_string(loop, {**known, **turns[0]}):
            return None
        lines = self.source.lines
        old, new = lines.indentation(first.lineno), lines.indentation(loop.lineno)
        found: list[Row] = []
        start = min(first.lineno, (loop.iter.end_lineno or loop.lineno) + 1)  # with the comments above the first
        for number, turn in enumerate(turns):
            text = Patched(self.source)
            for statement in loop.body:
                self._change(text, statement, {**known, **turn})
            rows = text.rows(whole_lines(self.source, start, last.end_lineno or last.lineno))
            for row in rows if rows[-1].text else rows[:-1]:
                if not number or not row.text.lstrip().startswith("#"):
                    found.append(Row(new + row.text[len(old) :] if row.text.startswith(old) else row.text, row.origin))
        return found

    def _turns(self, target: ast.expr, over: ast.expr, known: Known) -> list[dict[str, Constant]] | None:
        """What the loop's names are in each turn."""
        values = self._listed(over, known)
        if not values or len(values) > _MOST_TURNS:
            return None
        match target:
            case ast.Name(id=name):
                turns = [{name: value} for value in values if not isinstance(value, tuple)]
            case ast.Tuple(elts=elements):
                names = [one.id for one in elements if isinstance(one, ast.Name)]
                turns = [
                    dict(zip(names, value, strict=True))
                    for value in values
                    if isinstance(value, tuple) and len(value) == len(names) == len(elements)
                ]
            case _:
                return None
        return turns if len(turns) == len(values) else None

    def _listed(self, node: ast.expr, known: Known) -> list[Constant | tuple[Constant, ...]] | None:
        """The values that an iterable gives."""
        try:
            match node:
                case ast.Call(func=ast.Name(id="range"), args=args, keywords=[]):
                    bounds = [self._number(argument, known) for argument in args]
                    return [*range(*bounds)][: _MOST_TURNS + 1]
                case ast.Call(func=ast.Name(id="enumerate"), args=[inner], keywords=[]):
                    values = self._listed(inner, known)
                    plain = values is not None and not any(isinstance(value, tuple) for value in values)
                    return [(n, v) for n, v in enumerate(values or ()) if not isinstance(v, tuple)] if plain else None
                case ast.List(elts=elements) | ast.Tuple(elts=elements):
                    return [self._element(element, known) for element in elements]
        except Unknown:
            return None
        return None

    def _element(self, node: ast.expr, known: Known) -> Constant | tuple[Constant, ...]:
        if isinstance(node, ast.Tuple):
            return tuple(constant(element, known) for element in node.elts)
        return constant(node, known)

    def _number(self, node: ast.expr, known: Known) -> int:
        """A bound of range: a constant, also one of the module's, or the length of a list that is written out."""
        names = dict(known)
        for inner in ast.walk(node):
            bound = self._bound(inner) if isinstance(inner, ast.Name) and inner.id not in names else None
            if isinstance(inner, ast.Name) and isinstance(bound, ast.Constant):
                names[inner.id] = constant(bound, {})
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name() as name]):
                listed = self._bound(name)
                if isinstance(listed, (ast.List, ast.Tuple)) and not any(
                    isinstance(e, ast.Starred) for e in listed.elts
                ):
                    return len(listed.elts)
            case ast.BinOp(left=ast.Call() as left, op=ast.Sub(), right=right):
                return self._number(left, known) - self._number(right, known)
        value = constant(node, names)
        if not isinstance(value, int):
            raise Unknown
        return value

    def _bound(self, name: ast.Name) -> ast.expr | None:
        """What a name is bound to, once, to a value that nobody changes."""
        scope = self.source.scopes.scope_binding(name)
        names = [one for one in self.source.every(ast.Name) if one.id == name.id]
        names = [one for one in names if self.source.scopes.scope_binding(one) is scope]
        stores = [one for one in names if not isinstance(one.ctx, ast.Load)]
        parent = self.source.parent(stores[0]) if len(stores) == 1 else None
        changed = any(isinstance(self.source.parent(one), ast.Attribute) for one in names)
        plain = isinstance(parent, ast.Assign) and parent.targets == stores and not changed
        return parent.value if plain and isinstance(parent, ast.Assign) else None

    def _is_keyed(self, body: Sequence[ast.stmt], known: Known) -> bool:
        """Whether the turns read a weight by a key that they compute, or only make weights under such keys."""
        inner = [node for part in body for node in ast.walk(part)]
        if any(id(node) in self._keys and isinstance(node, ast.expr) and self._key(node, known) for node in inner):
            return True
        return all(self._makes(statement, known) for statement in body)

    def _makes(self, statement: ast.stmt, known: Known) -> bool:
        match statement:
            case ast.Assign(targets=[ast.Subscript(slice=index)], value=value):
                return self._key(index, known) and is_fresh(self.source, value)
            case ast.For(target=target, iter=over, body=body):
                turns = self._turns(target, over, known)
                return bool(turns) and all(self._makes(inner, {**known, **(turns or [{}])[0]}) for inner in body)
            case _:
                return False

    def _key(self, node: ast.expr, known: Known) -> bool:
        if not any(isinstance(inner, ast.Name) and inner.id in known for inner in ast.walk(node)):
            return False
        try:
            return isinstance(constant(node, known), str)
        except Unknown:
            return False

    def _is_used_elsewhere(self, loop: ast.For, names: set[str]) -> bool:
        """Whether the loop's names are read after it, or bound anew inside it."""
        inside = {id(node) for node in ast.walk(loop)}
        own = {id(node) for node in ast.walk(loop.target)}
        for node in self.source.every(ast.Name):
            if node.id not in names or id(node) in own:
                continue
            if id(node) in inside and not isinstance(node.ctx, ast.Load):
                return True
            same = self.source.scopes.scope_binding(node) is self.source.scopes.scope_of(loop)
            if same and id(node) not in inside and not any(isinstance(a, ast.For) for a in self.source.ancestors(node)):
                return True
        return False

    def _is_in_open_string(self, loop: ast.For, known: Known) -> bool:
        """Whether a name of the loop stands in an f-string that is not constant as a whole."""
        for node in ast.walk(loop):
            names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            if isinstance(node, ast.JoinedStr) and names & set(known):
                try:
                    constant(node, known)
                except Unknown:
                    return True
        return False

    def _change(self, text: Patched, node: ast.AST, known: Known) -> None:
        """Put what is constant in this turn."""
        if isinstance(node, ast.For) and (rows := self._rows(node, known)) is not None:
            text.put_rows(whole_lines(self.source, node.lineno, node.end_lineno or node.lineno), rows)
            return
        if isinstance(node, ast.expr) and any(isinstance(n, ast.Name) and n.id in known for n in ast.walk(node)):
            try:
                text.put(self.source.span(node), self._spelled(constant(node, known), node))
            except Unknown:
                pass
            else:
                return
        for child in ast.iter_child_nodes(node):
            self._change(text, child, known)

    def _spelled(self, value: Constant, node: ast.expr) -> str:
        if isinstance(value, str):
            return quoted(self.source.text, value)
        text = repr(value)
        negative = text.startswith("-") and isinstance(self.source.parent(node), (ast.BinOp, ast.Attribute))
        return f"({text})" if negative else text

    def _display(self, node: ast.DictComp) -> str | None:
        """`{f"fc{i}.weight": … for i in range(3)}` as a display."""
        match node.generators:
            case [ast.comprehension(target=target, iter=over, ifs=[], is_async=0)]:
                turns = self._turns(target, over, {})
            case _:
                turns = None
        if turns is None or not self._key(node.key, turns[0]) or not is_fresh(self.source, node.value):
            return None
        entries = [f"{self._text(node.key, turn)}: {self._text(node.value, turn)}" for turn in turns]
        return "{" + ", ".join(entries) + "}"

    def _text(self, node: ast.expr, known: Known) -> str:
        text = Patched(self.source)
        self._change(text, node, known)
        return text.text(self.source.span(node))
