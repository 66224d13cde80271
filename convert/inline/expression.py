"""Writes an expression out: calls of the file's factories are replaced by what they return, names by what they hold.

The result builds the same layers in the same order. Where that is not certain of a call, the call stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from ..source import Source
from .bind import bound_values, settled
from .definitions import PARTIAL, alias_of, factory_of, mapping_of, partial_of
from .statements import Environment, Follower
from .value import LAYER, NotLiteral, Unclear, Value, counted, literal, literal_text, operand, parsed, row

_PURE = frozenset("int float str bool len max min abs round tuple list".split())  # noqa: SIM905
_OPENING = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ODD = (*_OPENING, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)
_DEPTH = 6
Uses = dict[ast.FunctionDef, frozenset[ast.AST]]
"""Factory → the places that called it, each the function's name or attribute there."""


class Writer:
    """Writes expressions out that are read at one place of the file."""

    def __init__(self, source: Source, at: ast.expr) -> None:
        self.source = source
        self.at = at
        self.calls = 0
        self.depth = 0
        self.changed = False
        self.through: Uses = {}
        self.notes = 0
        self.follower = Follower(self.value, self._truth, self._counted, self._note)

    def whole(self, node: ast.expr) -> Value | None:
        """What builds the same; None where nothing needs to be written out. Raises Unclear."""
        found = self.value(node, {})
        self._check_order(found, 0)
        if len(found.then) != self.notes:
            raise Unclear  # a layer inside something else is filled
        return found if self.changed else None

    def _note(self) -> None:
        self.notes += 1

    def value(self, node: ast.expr, names: Environment) -> Value:
        """One expression, with names of a factory's own replaced by what they hold."""
        match node:
            case ast.Name(id=name) if name in names:
                return names[name]
            case ast.Name(id=name) if name == LAYER:
                raise Unclear
            case ast.Name():
                self._check_same(node)
                return Value(node.id)
            case ast.Constant():
                return Value(self.source.says(node))
            case ast.Call():
                return self._call(node, names)
            case ast.List(elts=elements):
                return row(tuple(self._items(elements, names)))
            case ast.IfExp(test=test, body=body, orelse=orelse) if (holds := self._truth(test, names)) is not None:
                return self.value(body if holds else orelse, names)
            case ast.BinOp(left=left, op=ast.Add(), right=right) if self._is_list(left, names):
                one, other = self.value(left, names), self.value(right, names)
                if one.items is None or other.items is None:
                    raise Unclear
                return row((*one.items, *other.items))
            case ast.Tuple(elts=elements, ctx=ast.Load()):
                parts = tuple(self._items(elements, names))
                text = ", ".join(part.text for part in parts)
                comma = "," if len(parts) == 1 else ""
                return Value(f"({text}{comma})", tuple(number for part in parts for number in part.made))
            case ast.Dict() if (entries := self._entries(node, names)) is not None:
                pairs = ", ".join(f"{name!r}: {one.text}" for name, one in entries.items())
                return Value(f"{{{pairs}}}", tuple(n for one in entries.values() for n in one.made), entries=entries)
            case ast.JoinedStr(values=parts):
                return self._joined(node, parts, names)
            case _ if isinstance(node, _ODD):
                raise Unclear
            case _:
                return self._spliced(node, names)

    def _is_list(self, node: ast.expr, names: Environment) -> bool:
        held = names.get(node.id) if isinstance(node, ast.Name) else None
        return isinstance(node, ast.List) or (held is not None and held.items is not None)

    def _items(self, elements: list[ast.expr], names: Environment) -> Iterator[Value]:
        for element in elements:
            if not isinstance(element, ast.Starred):
                yield self.value(element, names)
                continue
            found = self.value(element.value, names)
            if found.items is None:
                yield Value(f"*{operand(found.text)}", found.made)
            else:
                self.changed = True
                yield from found.items

    def _call(self, node: ast.Call, names: Environment) -> Value:
        before = self.calls, self.changed, self.depth, self.through, self.notes
        try:
            found = self._inlined(node, names)
        except Unclear:
            (self.calls, self.changed, self.depth, self.through, self.notes), found = before, None
        return found or self._written(node, names)

    def _written(self, node: ast.Call, names: Environment) -> Value:
        """The call itself, its arguments written out."""
        function = self._function(node.func, names)
        positional = list(self._items(node.args, names))
        keywords = dict(self._keywords(node.keywords, names))
        if isinstance(node.func, ast.Name) and (partial := self._partial(node.func, names)) is not None:
            function, given, preset = partial
            positional, keywords = [*given, *positional], {**preset, **keywords}
        parts = [item.text for item in positional]
        parts += [
            f"**{operand(one.text)}" if name.startswith("**") else f"{name}={one.text}"
            for name, one in keywords.items()
        ]
        made = tuple(number for one in (*positional, *keywords.values()) for number in one.made)
        if any(one.items is not None and one.made for one in positional) and not self._takes_list(function):
            raise Unclear  # who is given a list of layers may change it
        text = f"{operand(function)}({', '.join(parts)})"
        if self._is_pure(node.func, function):
            return Value(self._counted(text), made)
        self.calls += 1
        return Value(text, (*made, self.calls - 1))

    def _takes_list(self, function: str) -> bool:
        path = self.source.path_of(parsed(function), self.at) or ""
        return path.startswith("torch.nn.") or path == "collections.OrderedDict"

    def _keywords(self, keywords: list[ast.keyword], names: Environment) -> Iterator[tuple[str, Value]]:
        for number, keyword in enumerate(keywords):
            if keyword.arg is not None:
                yield keyword.arg, self.value(keyword.value, names)
                continue
            entries = self._entries(keyword.value, names)
            if entries is None:
                yield f"**{number}", self.value(keyword.value, names)
            else:
                self.changed = True
                yield from entries.items()

    def _entries(self, node: ast.expr, names: Environment) -> Mapping[str, Value] | None:
        """What `**options` hands on, where that is a mapping with known names."""
        if isinstance(node, ast.Name):
            mapping = None if node.id in names else mapping_of(self.source, node, self.at)
            return names[node.id].entries if node.id in names else self._entries(mapping, {}) if mapping else None
        match node:
            case ast.Dict(keys=keys, values=values):
                named = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
                if len(named) == len(keys) == len(set(named)):
                    return {name: self.value(value, names) for name, value in zip(named, values, strict=True)}
            case ast.Call(func=ast.Name(id="dict") as func, args=[], keywords=pairs) if not self.source.scopes.is_bound(
                "dict", func
            ) and all(pair.arg for pair in pairs):
                return {pair.arg or "": self.value(pair.value, names) for pair in pairs}
        return None

    def _function(self, node: ast.expr, names: Environment) -> str:
        if not isinstance(node, ast.Name) or node.id in names:
            return self.value(node, names).text
        self._check_same(node)
        alias = alias_of(self.source, node, self.at)
        if alias is None:
            return node.id
        self.changed = True
        return self.value(alias, {}).text

    def _partial(self, node: ast.Name, names: Environment) -> tuple[str, list[Value], dict[str, Value]] | None:
        """`partial(nn.LayerNorm, eps=1e-6)` behind a name: what is called, and the arguments it comes with."""
        if node.id in names:
            made = parsed(names[node.id].text) if names[node.id].made else None
            if isinstance(made, ast.Call) and self.source.path_of(made.func, self.at) == PARTIAL:
                raise Unclear
            return None
        call = partial_of(self.source, node, self.at)
        if call is None:
            return None
        given = [self.value(settled(self.source, one), {}) for one in call.args[1:]]
        preset = {one.arg or "**": self.value(settled(self.source, one.value), {}) for one in call.keywords}
        if "**" in preset:
            raise Unclear
        self.changed = True
        return self.value(call.args[0], {}).text, given, preset

    def _inlined(self, node: ast.Call, names: Environment) -> Value | None:
        """What a call of one of the file's functions returns; None where it calls something else. Raises Unclear."""
        func = node.func
        if isinstance(func, ast.Name) and func.id in names:
            return None
        found, takes_self = factory_of(self.source, func, self.at)
        if found is None:
            return None
        if self.depth >= _DEPTH:
            raise Unclear
        first = self.calls
        positional = list(self._items(node.args, names))
        keywords = dict(self._keywords(node.keywords, names))
        if takes_self and isinstance(func, ast.Attribute):
            positional.insert(0, self.value(func.value, names))
        self.depth += 1
        own = bound_values(self.source, found, positional, keywords, lambda default: self.value(default, {}))
        result = self.follower.run(found.body, own)
        self.depth -= 1
        if result is None:
            raise Unclear
        self._check_order(result, first)
        self.changed = True
        self.through = {**self.through, found: self.through.get(found, frozenset()) | {func}}
        return result

    def _check_order(self, value: Value, first: int) -> None:
        """Every call is made once, in the order in which it stands in the text."""
        if value.made != tuple(range(first, self.calls)):
            raise Unclear

    def _check_same(self, name: ast.Name) -> None:
        """A name means the same where the expression is read."""
        scopes = self.source.scopes
        self._check_public(name.id)
        if scopes.scope_binding(name) is not scopes.scope_binding(name, self.at):
            raise Unclear

    def _joined(self, node: ast.JoinedStr, parts: list[ast.expr], names: Environment) -> Value:
        """An f-string: what it comes to, where its parts are literals; itself where it says nothing of a factory's."""
        texts: list[str] = []
        for part in parts:
            match part:
                case ast.Constant(value=str(text)):
                    texts.append(text)
                case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                    found = self.value(value, names)
                    if found.text == self.source.says(value) and not names:
                        return Value(self.source.says(node))
                    texts.append(literal_text(found.text, self._is_object))
                case _:
                    raise Unclear
        return Value(repr("".join(texts)))

    def _check_public(self, name: str) -> None:
        """A private name is spelled otherwise inside a class."""
        if name.startswith("__") and not name.endswith("__"):
            raise Unclear

    def _spliced(self, node: ast.expr, names: Environment) -> Value:
        """Any other expression: its own text with its parts written out."""
        if isinstance(node, ast.Attribute):
            self._check_public(node.attr)
        outer, pieces = self.source.span(node), []
        made: list[int] = []
        position, touched = outer.start, False
        for child in sorted(_parts(node), key=lambda part: (part.lineno, part.col_offset)):
            span, found = self.source.span(child), self.value(child, names)
            says = self.source.text[span.start : span.end]
            text = says if found.text == says else operand(found.text)
            pieces += [self.source.text[position : span.start], text]
            touched = touched or text != says
            made += found.made
            position = span.end
        if not touched:
            return Value(self.source.says(node), tuple(made))
        if self.source.comments_in(outer):
            raise Unclear
        text = self._counted("".join([*pieces, self.source.text[position : outer.end]]))
        return Value(text, tuple(made))

    def _truth(self, test: ast.expr, names: Environment) -> bool | None:
        calls, changed = self.calls, self.changed
        found = self.value(test, names)
        self.calls, self.changed = calls, changed
        tree = parsed(found.text)
        try:
            return self._is_object(tree) or bool(literal(tree, self._is_object))
        except NotLiteral:
            return None

    def _counted(self, text: str) -> str:
        return counted(text, self._is_object)

    def _is_object(self, node: ast.expr) -> bool:
        """Whether an expression is a class or function of torch's layers, which is not None and counts as true."""
        return (self.source.path_of(node, self.at) or "").startswith("torch.nn.")

    def _is_pure(self, node: ast.expr, function: str) -> bool:
        if isinstance(node, ast.Name):
            return node.id in _PURE and not self.source.scopes.is_bound(node.id, node)
        return (self.source.path_of(parsed(function), self.at) or "").startswith("math.")


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions right inside another one, those of a slice among them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Slice) or (isinstance(node, ast.Subscript) and isinstance(child, ast.Tuple)):
            yield from _parts(child)
        elif isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.comprehension):
            raise Unclear
