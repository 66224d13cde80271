"""Recognises torch's default initialisation where functional code writes it out: a module brings it along."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from .block import block_of
from .model import Method, Model
from .quiet import draws_nothing

_LOCALS = {"bound", "fan_in"}
"""Local names that the written-out initialisation needs, whatever the source calls them."""


class DefaultInits:
    """The default initialisations found in one model, and what becomes unnecessary once layers bring their own."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.found: dict[ast.stmt, int] = {}  # statement → line of the definition it belongs to

    def match(
        self, expected: Sequence[ast.stmt], after: ast.stmt, attributes: Mapping[str, str], *, inline: bool
    ) -> bool:
        """Whether the statements stand somewhere after a definition, and nothing reads the attributes in between.

        `inline`: only where nothing else draws in between, so that the random stream is the constructor's own.
        """
        for block, entry in self._blocks(after):
            for start in range(len(block) - len(expected) + 1):
                window = block[start : start + len(expected)]
                if not same_statements(self.model, window, expected):
                    continue
                if any(one in self.found for one in window) or (
                    inline and not self._is_quiet(after, entry, block[:start])
                ):
                    continue
                if self._is_undisturbed(attributes, after, entry, window):
                    self.found.update(dict.fromkeys(window, after.lineno))
                    return True
        return False

    def unneeded(self) -> Iterator[ast.stmt]:
        """The statements to delete; `reset_parameters` and its call go too when nothing else is in it."""
        method = self.model.methods.get("reset_parameters")
        call = None if method is None else self._reset_call(method)
        if method is not None and call is not None and all(statement in self.found for statement in method.node.body):
            yield method.node
            yield call
            yield from (statement for statement in self.found if statement not in method.node.body)
        else:
            yield from self.found

    def _is_quiet(self, after: ast.stmt, entry: ast.stmt | None, before: Sequence[ast.stmt]) -> bool:
        """Whether nothing but initialisations of earlier layers draws between a definition and its own."""
        between = list(before)
        if entry is not None:
            block = block_of(self.model.source, after)
            if entry not in block:
                return False
            between += block[block.index(after) + 1 : block.index(entry)]
        return all(
            self.found.get(one, after.lineno) < after.lineno or draws_nothing(self.model, one) for one in between
        )

    def _blocks(self, after: ast.stmt) -> Iterator[tuple[list[ast.stmt], ast.stmt | None]]:
        """Blocks to search with their entry: the statements after a definition, and the body of reset_parameters."""
        parent = self.model.source.parent(after)
        body = getattr(parent, "body", [])
        if after in body:
            yield body[body.index(after) + 1 :], None
        method = self.model.methods.get("reset_parameters")
        if method is not None and (call := self._reset_call(method)) is not None and call.lineno > after.lineno:
            yield method.node.body, call

    def _reset_call(self, method: Method) -> ast.stmt | None:
        """`self.reset_parameters()` in __init__, if that is the only use of the method in the class."""
        uses = self.model.attribute(method.name).uses
        init = self.model.init
        if init is None or len(uses) != 1:
            return None
        call = self.model.source.parent(uses[0])
        statement = self.model.source.statement(uses[0])
        plain = (
            isinstance(call, ast.Call) and not call.args and isinstance(statement, ast.Expr) and statement.value is call
        )
        return statement if plain and statement in init.node.body else None

    def _is_undisturbed(
        self, attributes: Mapping[str, str], after: ast.stmt, entry: ast.stmt | None, window: Sequence[ast.stmt]
    ) -> bool:
        until = entry.lineno if entry is not None else window[0].lineno
        own = {id(node) for statement in window for node in ast.walk(statement)}
        for name in attributes.values():
            for use in self.model.attribute(name).uses:
                method = self.model.method_of(use)
                if id(use) in own or method is None:
                    continue
                if method is self.model.init and (after.end_lineno or 0) < use.lineno <= until:
                    return False
                if entry is not None and method.name == "reset_parameters" and use.lineno < window[0].lineno:
                    return False
        return True


def same_statements(model: Model, written: Sequence[ast.AST], expected: Sequence[ast.AST]) -> bool:
    """Whether source statements are the expected ones: torch names by what they mean, one local name left free."""
    free: dict[str, str] = {}
    return len(written) == len(expected) and all(
        _same(model, one, other, free) for one, other in zip(written, expected, strict=False)
    )


def _same(model: Model, written: object, expected: object, free: dict[str, str]) -> bool:
    if isinstance(expected, (ast.Attribute, ast.Name)) and isinstance(written, (ast.Attribute, ast.Name)):
        dotted = ast.unparse(expected)
        if dotted.startswith(("torch.", "math.")):
            return model.source.path_of(written) == dotted
    if isinstance(expected, ast.Name) and isinstance(written, ast.Name) and expected.id in _LOCALS:
        return free.setdefault(expected.id, written.id) == written.id
    if type(written) is not type(expected):
        return False
    if isinstance(expected, ast.AST):
        return all(
            _same(model, getattr(written, name, None), getattr(expected, name, None), free)
            for name in expected._fields
            if name not in {"ctx", "type_comment", "kind"}
        )
    if isinstance(expected, list):
        assert isinstance(written, list)
        return len(written) == len(expected) and all(
            _same(model, one, other, free) for one, other in zip(written, expected, strict=True)
        )
    return written == expected
