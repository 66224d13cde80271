"""What a file does with the arguments of a constructor, read from its text: what is subscripted is no number.

`if cell == "LSTM"` names a value, `config.width` a field, `for size in sizes` a list, `act()` something to call.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

_COUNTED = frozenset({"len", "enumerate", "zip", "list", "tuple", "sorted", "reversed", "sum", "iter"})
Path = tuple[str, ...]
"""An argument, or a field of one: `config.model.width` is ("config", "model", "width")."""


@dataclass
class Use:
    """How one argument, or one field of it, is used."""

    called: bool = False
    listed: bool = False
    words: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


def uses(text: str, model: str) -> dict[Path, Use]:
    """How the file uses each argument of the class's own `__init__`; fields, as all of its classes read them."""
    tree = ast.parse(text)
    classes = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    init = _init_of(model, classes)
    if init is None:
        return {}
    arguments = [one.arg for one in (*init.args.posonlyargs, *init.args.args, *init.args.kwonlyargs)][1:]
    found: dict[Path, Use] = {(name,): Use() for name in arguments}
    for node in ast.walk(tree):
        path = _path(node)
        if len(path) > 1 and path[:1] in found:
            _add_fields(path, found)
    inside = {id(node) for node in ast.walk(init)}
    for node in ast.walk(tree):
        for path, kind, more in _told_by(node):
            if path in found and (len(path) > 1 or id(node) in inside):
                _note(found[path], kind, more)
    return found


def _add_fields(path: Path, found: dict[Path, Use]) -> None:
    for depth in range(1, len(path)):
        holder = found.setdefault(path[:depth], Use())
        if path[depth] not in holder.fields:
            holder.fields.append(path[depth])
        found.setdefault(path[: depth + 1], Use())


def _note(use: Use, kind: str, more: list[str]) -> None:
    if kind == "called":
        use.called = True
    elif kind == "listed":
        use.listed = True
    else:
        getattr(use, kind).extend(more)


def _init_of(model: str, classes: dict[str, ast.ClassDef]) -> ast.FunctionDef | None:
    """The constructor, of the class or of a base in the same file."""
    seen: set[str] = set()
    while model in classes and model not in seen:
        seen.add(model)
        node = classes[model]
        for one in node.body:
            if isinstance(one, ast.FunctionDef) and one.name == "__init__":
                return one
        model = next((base.id for base in node.bases if isinstance(base, ast.Name)), "")
    return None


def _told_by(node: ast.AST) -> list[tuple[Path, str, list[str]]]:
    """What one node says: of which argument or field, what, and with which words."""
    match node:
        case ast.Call(func=ast.Name(id=function), args=given) if function in _COUNTED:
            return [(_path(one), "listed", []) for one in given]
        case ast.Call(func=ast.Name() as function):
            return [(_path(function), "called", [])]
        case ast.For(iter=value) | ast.comprehension(iter=value) | ast.Starred(value=value):
            return [(_path(value), "listed", [])]
        case ast.Assign(targets=[ast.Tuple()], value=value):
            return [(_path(value), "listed", [])]
        case ast.Subscript(value=value, slice=ast.Constant(value=str() as key)):
            return [(_path(value), "keys", [key])]
        case ast.Subscript(value=value, ctx=ast.Load()):
            return [(_path(value), "listed", [])]
        case ast.Compare(left=value, ops=[ast.Eq() | ast.In()], comparators=[compared]):
            options = compared.elts if isinstance(compared, (ast.List, ast.Tuple, ast.Set)) else [compared]
            words = [one.value for one in options if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            return [(_path(value), "words", words)]
    return []


def _path(node: ast.AST) -> Path:
    """`config.a.b` and `self.config.a.b` → ("config", "a", "b"); empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ()
    whole = (node.id, *reversed(parts))
    return whole[1:] if whole[0] == "self" else whole
