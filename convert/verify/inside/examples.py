"""Reads how a file itself builds and calls its models, without running those lines: `Net(Block, [2, 2])` in a factory.

Factories, tests and the `__main__` block name constructor arguments and input sizes that nobody could guess.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_DEEPEST = 3  # factories that call factories
_MAKERS = ("randn", "rand", "zeros", "ones", "empty")
_Call = tuple[list[Any], dict[str, Any]]


class _Unknown(Exception):
    """An expression whose value cannot be read off."""


def constructions(text: str, names: Mapping[str, Any], model: str) -> Iterator[_Call]:
    """The arguments of every call of the class `model` in the file that can be read; `names` are the module's."""
    tree = ast.parse(text)
    scopes = [*(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)), tree]
    for _, call, known in _calls(scopes, model, names):
        yield from _read(call, known)


def _calls(
    scopes: Sequence[ast.AST], wanted: str, names: Mapping[str, Any], depth: int = 0
) -> Iterator[tuple[ast.AST, ast.Call, dict[str, Any]]]:
    """Every call of `wanted`, with its scope and the names that are known there.

    What a factory hands on is read where the factory is called: `resnet18(): return _resnet(Block, [2, 2])`.
    """
    for scope in scopes:  # of many factories the first builds the smallest model, as a rule
        nodes = sorted(_own(scope), key=lambda one: getattr(one, "lineno", 0))
        if not any(_is_call_of(node, wanted) for node in nodes):
            continue
        for given in _given_to(scope, scopes, names, depth):
            known = {**names, **_starred(scope), **_defaults(scope, names), **given}
            for node in nodes:
                if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                    known.pop(node.targets[0].id, None)
                    known.update(_assigned(node.targets[0].id, node.value, known))
                if isinstance(node, ast.Call) and _is_call_of(node, wanted):
                    yield scope, node, known


def _is_call_of(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _given_to(
    scope: ast.AST, scopes: Sequence[ast.AST], names: Mapping[str, Any], depth: int
) -> Iterator[dict[str, Any]]:
    """What the parameters of a function are where the file calls it, then nothing."""
    if isinstance(scope, ast.FunctionDef) and depth < _DEEPEST:
        parameters = [one.arg for one in (*scope.args.posonlyargs, *scope.args.args)]
        known_ones = {*parameters, *(one.arg for one in scope.args.kwonlyargs)}
        for caller, call, known in _calls(scopes, scope.name, names, depth + 1):
            if caller is not scope:
                for positional, named in _read(call, known):
                    given = {**dict(zip(parameters, positional, strict=False)), **named}
                    yield {name: value for name, value in given.items() if name in known_ones}
    yield {}


def _starred(scope: ast.AST) -> dict[str, Any]:
    """`*args` and `**kwargs` of a factory: nothing, if nobody gives more."""
    if not isinstance(scope, ast.FunctionDef):
        return {}
    found: dict[str, Any] = {scope.args.vararg.arg: ()} if scope.args.vararg else {}
    return {**found, scope.args.kwarg.arg: {}} if scope.args.kwarg else found


def sizes(text: str) -> list[tuple[int, ...]]:
    """The sizes of random tensors that the file makes, as in `torch.randn(2, 3, 32, 32)`; rank two and more."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MAKERS:
            given = node.args[0].elts if node.args and isinstance(node.args[0], (ast.Tuple, ast.List)) else node.args
            shape = tuple(one.value for one in given if isinstance(one, ast.Constant) and type(one.value) is int)
            if len(shape) == len(given) > 1 and shape not in found:
                found.append(shape)
    return found


def small_config(annotation: Any, names: Mapping[str, Any], value_for: Any, *, alone: bool) -> Any:
    """An instance of the dataclass that a parameter is annotated with; None if none.

    With `alone`, the only one of the file where there is no annotation.
    `value_for(name, default)` says the value of each field, so that the model stays small.
    """
    own = [one for one in names.values() if isinstance(one, type) and dataclasses.is_dataclass(one)]
    chosen = annotation if annotation in own else names.get(annotation) if isinstance(annotation, str) else None
    if chosen is None and alone and len(own) == 1 and annotation is inspect.Parameter.empty:
        chosen = own[0]
    if chosen not in own:
        return None
    return chosen(**{field.name: value_for(field) for field in dataclasses.fields(chosen) if field.init})


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, those of functions in it left out."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield from _own(child)


def _defaults(scope: ast.AST, names: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(scope, ast.FunctionDef):
        return {}
    arguments, values = scope.args.args, scope.args.defaults
    found: dict[str, Any] = {}
    for argument, value in zip(arguments[len(arguments) - len(values) :], values, strict=True):
        found.update(_assigned(argument.arg, value, names))
    return found


def _assigned(name: str, value: ast.expr, known: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {name: _value(value, known)}
    except _Unknown:
        return {}


def _read(call: ast.Call, known: Mapping[str, Any]) -> Iterator[_Call]:
    positional: list[Any] = []
    named: dict[str, Any] = {}
    try:
        for one in call.args:
            positional += _value(one.value, known) if isinstance(one, ast.Starred) else [_value(one, known)]
        for keyword in call.keywords:
            value = _value(keyword.value, known)
            named.update({keyword.arg: value} if keyword.arg else value)
    except (_Unknown, TypeError, ValueError):
        return
    yield positional, named


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """What an expression is, of literals, known names and look-ups in them; nothing is called."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.List(elts=items):
            return [_value(one, known) for one in items]
        case ast.Tuple(elts=items):
            return tuple(_value(one, known) for one in items)
        case ast.Dict(keys=keys, values=values) if None not in keys:
            pairs = zip(keys, values, strict=True)
            return {_value(key, known): _value(value, known) for key, value in pairs if key is not None}
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            number = _value(inner, known)
            if isinstance(number, (int, float)):
                return -number
        case ast.Subscript(value=inner, slice=index):
            holder = _value(inner, known)
            key = _value(index, known)
            if type(holder) in (dict, list, tuple):
                try:
                    return holder[key]
                except (LookupError, TypeError):
                    raise _Unknown from None
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in known and hasattr(known[owner], name):
            return getattr(known[owner], name)
    raise _Unknown
