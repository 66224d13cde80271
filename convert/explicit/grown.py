"""Parameters that statements put into a list or dictionary one by one: `self.ws.append(w)`, `self.ps["fc"] = …`.

Straight-line statements of one block only, so that the place of each is known. A parameter may be made and filled as a
local before: `w = nn.Parameter(…)`, `nn.init.normal_(w)`, `self.ws.append(w)`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ..recognise.block import block_of
from ..recognise.model import Attribute, Definition
from ..rewrite import shares_line
from ..source import Source, Span
from .fresh import is_fresh
from .pieces import Patched
from .places import lines_of
from .weights import constant_key


@dataclass(frozen=True)
class Addition:
    """One parameter: its key, the statement that adds it, what makes it, and the local that it was until then.

    `made` binds the local, and `fills` are what reads it in between.
    """

    key: str
    statement: ast.stmt
    value: ast.expr
    made: ast.Assign | None = None
    fills: tuple[ast.Name, ...] = ()

    def write(self, source: Source, patched: Patched, attribute: str, nn: str) -> None:
        """Make it an attribute: `self.w = nn.Parameter(…)`."""
        span, whole = source.span(self.value), source.span(self.made or self.statement)
        wraps = not (isinstance(self.value, ast.Call) and source.path_of(self.value.func) == "torch.nn.Parameter")
        patched.put(Span(whole.start, span.start), f"{attribute} = " + (f"{nn}.Parameter(" if wraps else ""))
        patched.put(Span(span.end, whole.end), ")" if wraps else "")
        for name in self.fills:
            patched.put(source.span(name), attribute)
        if self.made is not None:
            patched.put_rows(lines_of(source, self.statement), ())


def additions(source: Source, attribute: Attribute, definition: Definition, count: int) -> list[Addition] | None:
    """All that is put into a container after its definition, which holds `count`; None where that is not certain."""
    block = block_of(source, definition.statement)
    found: list[Addition] = []
    for use in sorted(attribute.uses, key=lambda node: (node.lineno, node.col_offset)):
        added = _added(source, use)
        if added is None:
            continue
        key, statement, value = added
        after = statement in block and block.index(statement) > block.index(definition.statement)
        if not after or shares_line(source, statement):
            return None
        one = _addition(source, key or str(count + len(found)), statement, value, block)
        if one is None or one.key in {other.key for other in found}:
            return None
        found.append(one)
    return found


def grows(source: Source, use: ast.expr) -> bool:
    """Whether a use of a container puts something into it."""
    return _added(source, use) is not None


def _added(source: Source, use: ast.expr) -> tuple[str | None, ast.stmt, ast.expr] | None:
    parent = source.parent(use)
    match parent:
        case ast.Attribute(attr="append"):
            call = source.parent(parent)
            statement = source.parent(call) if call is not None else None
            match statement:
                case ast.Expr(value=ast.Call(args=[value], keywords=[]) as added) if added is call:
                    return None, statement, value
        case ast.Subscript(slice=index, ctx=ast.Store()):
            statement, key = source.parent(parent), constant_key(index)
            match statement:
                case ast.Assign(targets=[_], value=value) if (
                    isinstance(index, ast.Constant) and not (key or "0").isdigit()
                ):
                    return key, statement, value
    return None


def _addition(source: Source, key: str, statement: ast.stmt, value: ast.expr, block: list[ast.stmt]) -> Addition | None:
    if not isinstance(value, ast.Name):
        return Addition(key, statement, value) if is_fresh(source, value) else None
    made = _made(source, value, statement, block)
    if made is None or not is_fresh(source, made.value) or shares_line(source, made):
        return None
    if source.comments_in(lines_of(source, statement)):
        return None  # which would stand with nothing
    between = block[block.index(made) + 1 :]
    fills: list[ast.Name] = []
    for name in _mentions(source, value, between):
        call = source.parent(name)
        if name is value:
            continue
        path = (source.path_of(call.func) or "") if isinstance(call, ast.Call) else ""
        if not (isinstance(call, ast.Call) and call.args[:1] == [name] and path.startswith("torch.nn.init.")):
            return None
        fills.append(name)
    return Addition(key, statement, made.value, made, tuple(fills))


def _made(source: Source, name: ast.Name, statement: ast.stmt, block: list[ast.stmt]) -> ast.Assign | None:
    """The statement that binds a local last before it is added."""
    for one in reversed(block[: block.index(statement)]):
        stores = [
            n for n in source.walk(one) if isinstance(n, ast.Name) and n.id == name.id and isinstance(n.ctx, ast.Store)
        ]
        if stores:
            plain = isinstance(one, ast.Assign) and one.targets == stores
            return one if plain and isinstance(one, ast.Assign) else None
    return None


def _mentions(source: Source, name: ast.Name, statements: list[ast.stmt]) -> Iterator[ast.Name]:
    """What reads a local until it is bound anew, and what else stands in the way."""
    for one in statements:
        inner = [node for node in source.walk(one) if isinstance(node, ast.Name) and node.id == name.id]
        if any(not isinstance(node.ctx, ast.Load) for node in inner):
            if not (isinstance(one, ast.Assign) and one.targets[0] in inner and len(inner) == 1):
                yield from inner  # a store that is no plain one: no call of torch.nn.init
            return
        yield from inner
