"""A file's model classes by themselves: without the code that uses them, in the lines where they stand.

A class that such code names stays for it. What that code does to modules of the class is then nothing to its functions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ..recognise.model import models_of
from ..rewrite import shares_line
from ..source import Source
from .unreached import unreached

_KEPT = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Alone:
    """The text of the classes; `partly` are the names of those that have more methods than it says."""

    text: str
    partly: frozenset[str]


def alone(source: Source) -> Alone:
    """The text with every other statement at its top emptied that no model class depends on."""
    models = list(models_of(source))
    needed = _needed(source, {model.node for model in models})
    gone: set[int] = set()
    left: set[int] = set()
    partly: set[str] = set()
    for model in models:
        for method in unreached(model, [one for one in models if one is not model]):
            if len(model.methods) > 1 and not shares_line(source, method.node):
                first = min([method.node.lineno, *(one.lineno for one in method.node.decorator_list)])
                gone.update(range(first, (method.node.end_lineno or first) + 1))
                partly.add(model.name)
    cut = frozenset(gone)
    for statement in source.tree.body:
        first = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", ()))])
        stays = statement in needed or any(isinstance(one, _KEPT) for one in source.walk(statement))
        (left if stays else gone).update(range(first, (statement.end_lineno or first) + 1))
    text = source.text
    for number in sorted(gone - left | cut, reverse=True):
        text = text[: source.lines.line_span(number).start] + text[source.lines.line_stop(number) :]
    return Alone(text, frozenset(partly))


def _needed(source: Source, models: set[ast.ClassDef]) -> set[ast.stmt]:
    """The classes, and whatever gives a name that they read a value or changes its inside, and so on."""
    found: set[ast.stmt] = set(models)
    names: set[str] = set()
    fresh = list(found)
    while fresh:
        for statement in fresh:
            names |= {node.id for node in source.walk(statement) if isinstance(node, ast.Name)}
        fresh = [one for one in source.tree.body if one not in found and not names.isdisjoint(_gives(source, one))]
        found |= set(fresh)
    return found


def _gives(source: Source, statement: ast.stmt) -> Iterator[str]:
    """Names of the file that a statement may give a value, or whose inside it may change, here or when it is called."""
    for node in source.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if source.scopes.scope_of(node) is source.scopes.root:
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Global(names=names):
                yield from names
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                yield from _root(source, node)
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[owner, *_]):
                yield from _root(source, owner)
            case ast.Expr(value=ast.Call(func=ast.Attribute() as func)):
                yield from _root(source, func)
            case _:
                continue


def _root(source: Source, node: ast.expr) -> Iterator[str]:
    """`cfg` of `cfg.net.width`, if it is a name of the file; of what is imported only torch's layers and functions."""
    last = node
    while isinstance(last, (ast.Attribute, ast.Subscript, ast.Call)):
        last = last.func if isinstance(last, ast.Call) else last.value
    if isinstance(last, ast.Name) and last.id in source.scopes.root.bindings:
        path = source.path_of(last) or ""
        if not path or any(one == path or one.startswith(f"{path}.") for one in source.patched):
            yield last.id
