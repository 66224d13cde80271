"""What the parameters of a factory hold while it runs: arguments and defaults by their names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from ..source import Source
from ..source.literal import is_literal
from .statements import Environment
from .value import Unclear, Value


def bound_values(
    source: Source,
    function: ast.FunctionDef,
    positional: Sequence[Value],
    keywords: Mapping[str, Value],
    default_of: Callable[[ast.expr], Value],
) -> Environment:
    """Parameter → what it is given; `**options` keeps what is left over. Raises Unclear."""
    takes = function.args
    names = [argument.arg for argument in (*takes.posonlyargs, *takes.args)]
    known = {argument.arg for argument in (*takes.args, *takes.kwonlyargs)}
    if len(positional) > len(names) or any(value.text.startswith("*") for value in positional):
        raise Unclear
    found: Environment = dict(zip(names, positional, strict=False))
    rest: dict[str, Value] = {}
    for name, value in keywords.items():
        if name in found or name.startswith("**"):
            raise Unclear
        (found if name in known else rest)[name] = value
    if takes.vararg is not None or (rest and takes.kwarg is None):
        raise Unclear
    defaults = dict(zip(reversed(names), reversed(takes.defaults), strict=False))
    defaults |= {
        one.arg: node for one, node in zip(takes.kwonlyargs, takes.kw_defaults, strict=True) if node is not None
    }
    for name, node in defaults.items():
        if name not in found:
            found[name] = default_of(settled(source, node))
    if not {*names, *(argument.arg for argument in takes.kwonlyargs)} <= found.keys():
        raise Unclear
    if takes.kwarg is not None:
        text = ", ".join(f"{name!r}: {value.text}" for name, value in rest.items())
        made = tuple(number for value in rest.values() for number in value.made)
        found[takes.kwarg.arg] = Value(f"{{{text}}}", made, entries=rest)
    return found


def settled(source: Source, node: ast.expr) -> ast.expr:
    """An expression that is the same whenever it is evaluated, and that nobody can change. Raises Unclear."""
    changes = any(isinstance(part, (ast.List, ast.Dict, ast.Set)) for part in ast.walk(node))
    if changes or not (is_literal(node) or source.path_of(node) is not None):
        raise Unclear
    return node
