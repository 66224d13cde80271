"""The variables that hold a dictionary of weights, and the one making from which all of them come."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..plan.plan import Kept
from ..recognise.block import block_of
from ..source import Source
from ..source.scopes import Scope
from .takers import Taker, Takers, given
from .weights import Making, block_making, bound_display, returned_making


@dataclass(frozen=True)
class Holder:
    """A variable of a scope, the statement that binds it, its uses elsewhere, and the making it comes from."""

    scope: Scope
    name: str
    statement: ast.stmt
    uses: tuple[ast.Name, ...]
    making: Making


def found_making(takers: Takers, group: Sequence[Taker], keys: set[str]) -> tuple[Making, list[Holder]]:
    """The making of a group's weights, and the variables that hold them. Raises Kept where it is not to be seen.

    Where nobody calls the takers: what alone in the file makes weights of the same keys.
    """
    found: dict[tuple[int, str], Holder] = {}
    owners = {id(taker.function) for taker in group}
    for taker in group:
        for call in takers.calls_of(taker):
            node = given(taker.function, call, taker.position)
            scope = takers.source.scopes.scope_binding(node) if isinstance(node, ast.Name) else None
            if not isinstance(node, ast.Name) or scope is None:
                text = takers.source.says(node or call)
                raise Kept("NF286", call, function=taker.name, name=taker.argument, text=text, other=call.lineno)
            if id(scope.node) in owners:
                continue
            if (id(scope), node.id) not in found:
                found[id(scope), node.id] = _holder(takers.source, scope, node, taker)
    reasons: list[Kept] = []
    alone = [] if found else list(_alone(takers.source, keys, reasons))
    if not found and not alone and len(reasons) == 1:
        raise reasons[0]
    holders = [*found.values(), *(one for one in alone if isinstance(one, Holder))]
    makings = [*(holder.making for holder in holders), *(one for one in alone if isinstance(one, Making))]
    if len({id(making.function or making.statements[0]) for making in makings}) != 1:
        taker = group[0]
        reads = min((node.lineno for one in group for node in one.reads), default=taker.function.lineno)
        text = "several makings" if makings else f"argument {taker.argument}"
        raise Kept("NF286", taker.function, function=taker.name, name=taker.argument, text=text, other=reads)
    return makings[0], holders


def _holder(source: Source, scope: Scope, name: ast.Name, taker: Taker) -> Holder:
    names = list(names_in(source, scope, name.id))
    stores = [node for node in names if not isinstance(node.ctx, ast.Load)]
    parent = source.parent(stores[0]) if len(stores) == 1 else None
    statement = parent if isinstance(parent, (ast.Assign, ast.AnnAssign)) else None
    declared = {word for one in source.every(ast.Global) for word in one.names}
    declared |= {word for other in source.every(ast.Nonlocal) for word in other.names}
    making = None if statement is None or name.id in declared | _arguments(scope) else made_by(source, statement)
    if making is None or statement is None:
        place = stores[-1] if stores else name
        text = " ".join(source.says(source.statement(place)).split())[:60]
        raise Kept("NF286", name, function=taker.name, name=name.id, text=text, other=place.lineno)
    own = {id(node) for node in making.inside} if making.function is None else set()
    uses = tuple(node for node in names if node is not stores[0] and id(node) not in own)
    return Holder(scope, name.id, statement, uses, making)


def _arguments(scope: Scope) -> set[str]:
    node = scope.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return set()
    return {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}


def names_in(source: Source, scope: Scope, name: str) -> Iterator[ast.Name]:
    """Every mention of a scope's variable."""
    for node in source.every(ast.Name):
        if node.id == name and source.scopes.scope_binding(node) is scope:
            yield node


def made_by(source: Source, statement: ast.stmt) -> Making | None:
    """The making that a statement begins or calls for."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=ast.Name(id=creator) as called)):
            functions = [n for n in source.tree.body if isinstance(n, ast.FunctionDef) and n.name == creator]
            if len(functions) == 1 and source.scopes.scope_binding(called) is source.scopes.root:
                return returned_making(source, functions[0])
    if bound_display(statement) is None:
        return None
    return block_making(source, statement, block_of(source, statement))


def _alone(source: Source, keys: set[str], reasons: list[Kept]) -> Iterator[Holder | Making]:
    """Makings of exactly these keys: a function that returns them, or a variable of the module.

    `reasons` gathers why functions that make such a thing cannot be followed.
    """
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef):
            making = _quietly(source, node, reasons)
            if making is not None and set(making.keys) == keys:
                yield making
        elif (bound := bound_display(node)) is not None:
            making = block_making(source, node, source.tree.body)
            if making is not None and set(making.keys) == keys:
                names = list(names_in(source, source.scopes.root, bound[0]))
                own = {id(each) for each in making.inside}
                uses = tuple(each for each in names if id(each) not in own)
                yield Holder(source.scopes.root, bound[0], node, uses, making)


def _quietly(source: Source, function: ast.FunctionDef, reasons: list[Kept]) -> Making | None:
    try:
        return returned_making(source, function)
    except Kept as reason:
        reasons.append(reason)
        return None
