"""Functions of the file that code of other files runs on modules: `named_apply(init, self)`, `_init_weights` of a base.

Such a function asks what its argument is. Whoever is handed it may walk over every model of the file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from ..source import Source
from .functions import is_plain_function, plain_function

_POST_ORDER = {"named_apply"}
"""What timm calls a walk that meets a module after what it holds."""
_BY_BASES = {"_init_weights", "init_weights"}
"""Methods that bases from elsewhere apply, as Module.apply does."""


class Handed(NamedTuple):
    """A place where a function leaves the file, the function, what it calls the module, and when it meets modules."""

    node: ast.AST
    function: ast.FunctionDef
    name: str
    owner: str


def handed_functions(source: Source) -> Iterator[Handed]:
    """Every function that asks what a module is and that the file hands to code which it does not show."""
    for function in source.every(ast.FunctionDef):
        home = source.parent(function)
        method = isinstance(home, ast.ClassDef)
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)][1 if method else 0 :]
        if not names or not _asks_for_kinds(source, function, names[0]) or not is_plain_function(source, function):
            continue
        for use in _values(source, function, method=method):
            yield Handed(use, function, names[0], "last" if _caller(source, use) in _POST_ORDER else "never")
        if (
            isinstance(home, ast.ClassDef)
            and function.name in _BY_BASES
            and len(names) == 1
            and _is_foreign(source, home)
        ):
            yield Handed(function, function, names[0], "last")


def hands_itself_to_init(source: Source) -> ast.AST | None:
    """A class that hands itself to another file's code which initialises it.

    To a function, `init_weights(self)`, or to a method of a base from another file, `self.post_init()`.
    """
    for call in source.every(ast.Call):
        match call:
            case ast.Call(func=ast.Name(id=name) as func, args=[ast.Name(id="self"), *_]) if "init" in name:
                path = source.scopes.meaning(name, func)
                if path is not None and not path.startswith("torch."):
                    return call
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)) if "init" in name:
                if _is_inherited(source, call, name):
                    return call
    return None


def _is_inherited(source: Source, call: ast.Call, method: str) -> bool:
    """Whether a method of self comes from a base that another file defines."""
    home: ast.AST | None = next((one for one in source.ancestors(call) if isinstance(one, ast.ClassDef)), None)
    seen: set[ast.AST] = set()
    while isinstance(home, ast.ClassDef) and home not in seen:
        seen.add(home)
        if any(isinstance(one, ast.FunctionDef) and one.name == method for one in home.body):
            return False
        if _is_foreign(source, home):
            return True
        bases = [one for base in home.bases for one in source.definitions.get(source.says(base), ())]
        home = bases[0] if len(bases) == 1 else None
    return False


def _asks_for_kinds(source: Source, function: ast.FunctionDef, name: str) -> bool:
    for node in source.walk(function):
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=tested), kinds]) if tested == name:
                classes = kinds.elts if isinstance(kinds, (ast.Tuple, ast.List)) else [kinds]
                if any((source.path_of(one) or "").startswith("torch.nn.") for one in classes):
                    return True
    return False


def _values(source: Source, function: ast.FunctionDef, *, method: bool) -> Iterator[ast.expr]:
    """Where the function is a value that is neither called nor applied."""
    if method:
        uses: list[ast.expr] = [one for one in source.every(ast.Attribute) if one.attr == function.name]
    else:
        uses = [one for one in source.reads.get(function.name, ()) if plain_function(source, one) is function]
    for use in uses:
        parent = source.parent(use)
        called = isinstance(parent, ast.Call) and parent.func is use
        if not called and _caller(source, use) != "apply" and isinstance(getattr(use, "ctx", None), ast.Load):
            yield use


def _caller(source: Source, use: ast.expr) -> str:
    """What is called with a value, be it within a `partial`."""
    call = source.parent(use)
    if isinstance(call, ast.Call) and source.path_of(call.func) == "functools.partial":
        call = source.parent(call)
    match call:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name
        case _:
            return ""


def _is_foreign(source: Source, home: ast.ClassDef) -> bool:
    """Whether a class has a base from another file that is not torch's."""
    paths = [source.path_of(base) for base in home.bases]
    return any(path is not None and not path.startswith("torch.") for path in paths)
