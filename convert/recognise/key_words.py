"""Strings that speak of keys and never ask for an attribute: `k.replace("fc", "head")`, `classifier="head"`.

A layer that becomes an object at the same place keeps its keys, so these may go on saying its name.
"""

from __future__ import annotations

import ast

from ..source import Source

_ON_KEYS = frozenset("endswith find lstrip partition removeprefix removesuffix replace rfind split startswith".split())  # noqa: SIM905
_EXPRESSIONS = frozenset({"re.sub", "re.match", "re.search", "re.compile", "re.fullmatch"})
_CONFIGURES = frozenset({"classifier", "first_conv"})
"""By convention, in the configuration of a pretrained model: which keys of a checkpoint are of its head, its stem."""


def speaks_of_keys(source: Source, string: ast.Constant) -> bool:
    """Whether a string that is an attribute's name can only be compared with keys, put into keys, or look keys up."""
    parent = source.parent(string)
    match parent:
        case ast.Compare():
            return True
        case ast.Call(func=ast.Attribute(attr=attr) as func, args=args) if string in args:
            path = source.path_of(func)
            return path in _EXPRESSIONS if path is not None else attr in _ON_KEYS
        case ast.Tuple() | ast.List() | ast.Set():
            return _configures(source, parent) and not _asks(source)
        case _:
            return _configures(source, string) and not _asks(source)


def _configures(source: Source, value: ast.expr) -> bool:
    """The value of `classifier=` in a call of dict or of a function that makes such configurations."""
    match source.parent(value):
        case ast.keyword(arg=name):
            return name in _CONFIGURES
        case ast.Dict(keys=keys, values=values) if value in values:
            key = keys[values.index(value)]
            return isinstance(key, ast.Constant) and key.value in _CONFIGURES
        case _:
            return False


def _asks(source: Source) -> bool:
    """Whether the file asks some object for an attribute whose name it computes."""
    for call in source.every(ast.Call):
        match call:
            case ast.Call(func=ast.Name(id="getattr" | "setattr" | "delattr" | "hasattr"), args=[owner, name, *_]):
                if not isinstance(name, ast.Constant) and source.path_of(owner) is None:
                    return True
            case ast.Call(func=ast.Attribute(attr="get_submodule" | "get_parameter" | "attrgetter")):
                return True
    return False
