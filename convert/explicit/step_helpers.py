"""Helpers of several statements that hand on a weight which their call decides: `def block(x, params, base): …`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..recognise.calls import FunctionCall
from ..recognise.returned import handed
from ..rewrite import shares_line
from ..source import Source
from .places import docstring_rows
from .written_out import helpers_of

_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.If, ast.For, ast.With, ast.Assert, ast.Pass)
_ODD = (
    ast.Yield,
    ast.YieldFrom,
    ast.Lambda,
    ast.ClassDef,
    ast.Global,
    ast.Nonlocal,
    ast.Delete,
    ast.Await,
    ast.NamedExpr,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
)


def step_helpers(source: Source, calls: Sequence[FunctionCall]) -> dict[ast.FunctionDef, set[str]]:
    """The helpers of several statements that hand on what their call decides, each with the arguments that decide.

    To torch, or to another helper: `w`, or the base of a key.
    """
    short = helpers_of(source, calls).functions
    deciding: dict[ast.FunctionDef, set[str]] = {}
    for call in calls:
        around = function_around(source, call.node)
        for slot in call.pairs[0].handed if around is not None else ():
            if not slot.given and around is not None:
                deciding.setdefault(around, set()).update(_deciding(source, call.args.get(slot.name), around))
    work = [function for function, names in deciding.items() if names]
    while work:
        inner = work.pop()
        for name in mentions_of(source, inner):
            around, user = function_around(source, name), source.parent(name)
            given = handed(inner, user) if isinstance(user, ast.Call) and user.func is name else None
            if around is None or given is None or around is inner:
                continue
            found = {one for key in deciding[inner] if key in given for one in _handed_on(source, given[key], around)}
            if not found <= deciding.get(around, set()):
                deciding.setdefault(around, set()).update(found)
                work.append(around)
    return {one: names for one, names in deciding.items() if names and one not in short and _is_plain(source, one)}


def _deciding(source: Source, node: ast.expr | None, function: ast.FunctionDef) -> set[str]:
    """The arguments that say which weight it is: `w`; of `params[base + ".weight"]`, or a local that holds it, base."""
    match node:
        case ast.Name(id=name):
            items = [one for one in _bound(source, name, function) if isinstance(one, ast.Subscript)]
            return _read(node, function) | {name for one in items for name in _read(one.slice, function)}
        case ast.Subscript(slice=index):
            return _read(index, function)
        case _:
            return set()


def _bound(source: Source, name: str, function: ast.FunctionDef) -> Iterator[ast.expr]:
    """What a local is bound to: `w = …`, `w, b = …, …`."""
    for statement in source.walk(function):
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
                yield from (
                    value
                    for one, value in zip(names, values, strict=True)
                    if isinstance(one, ast.Name) and one.id == name
                )


def _handed_on(source: Source, node: ast.expr, function: ast.FunctionDef) -> set[str]:
    """The arguments of a helper that decide what it hands on to another: a weight, or the base of a key."""
    items = (ast.Subscript, ast.Name)
    return _deciding(source, node, function) if isinstance(node, items) else _read(node, function)


def _read(node: ast.expr, function: ast.FunctionDef) -> set[str]:
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return names & arguments_of_all_kinds(function)


def _is_plain(source: Source, function: ast.FunctionDef) -> bool:
    """A function of the module's own body, of plain statements, that gives something back only at its end."""
    last = function.body[-1]
    if (
        function not in source.tree.body
        or function.decorator_list
        or not isinstance(last, ast.Return)
        or not last.value
    ):
        return False
    if function.args.vararg or function.args.kwarg or function.args.kwonlyargs or last.lineno == function.lineno:
        return False
    if len(source.definitions[function.name]) != 1 or source.stores.get(function.name):
        return False
    inner = [node for node in source.walk(function) if node is not function]
    if any(isinstance(node, _ODD) for node in inner):
        return False
    if any(isinstance(node, ast.Return) and node is not last for node in inner):
        return False
    if any(isinstance(node, ast.Name) and node.id == function.name for node in inner):
        return False
    long = [n for n in inner if isinstance(n, (ast.Constant, ast.JoinedStr)) and n.end_lineno != n.lineno]
    body = function.body[1:] if docstring_rows(function) else function.body
    told = {id(function.body[0].value)} if docstring_rows(function) else set[int]()  # type: ignore[attr-defined]
    plain = all(isinstance(one, _SIMPLE) for one in body[:-1]) and not any(shares_line(source, one) for one in body)
    return plain and all(id(one) in told for one in long)


def function_around(source: Source, node: ast.AST) -> ast.FunctionDef | None:
    """The innermost function that a node stands in."""
    found = next(
        (one for one in source.ancestors(node) if isinstance(one, (ast.FunctionDef, ast.Lambda, ast.ClassDef))), None
    )
    return found if isinstance(found, ast.FunctionDef) else None


def arguments_of_all_kinds(function: ast.FunctionDef) -> set[str]:
    """The names of its arguments."""
    return {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}


def mentions_of(source: Source, function: ast.FunctionDef) -> list[ast.Name]:
    """Every place that reads its name."""
    scope = source.scopes.scope_of(function)
    reads = source.reads.get(function.name, ())
    return [node for node in reads if source.scopes.scope_binding(node) is scope]


def keyed_arguments(source: Source, calls: Sequence[FunctionCall]) -> Iterator[ast.expr]:
    """What the calls of such helpers are handed."""
    names = {function.name for function in step_helpers(source, calls)}
    for call in source.every(ast.Call) if names else ():
        if isinstance(call.func, ast.Name) and call.func.id in names:
            yield from (*call.args, *(one.value for one in call.keywords))
