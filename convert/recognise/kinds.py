"""Tests of what a module is: `isinstance(m, nn.Linear)`, `type(m) == nn.Conv2d`, `hasattr(m, "weight")`, its name."""

from __future__ import annotations

import ast

from ..ops import by_module
from ..source import Source
from .answers import ASKED as ASKED
from .class_names import name_part

_PARENTS = {
    "torch.nn.ReLU6": "torch.nn.Hardtanh",
    "torch.nn.UpsamplingNearest2d": "torch.nn.Upsample",
    "torch.nn.UpsamplingBilinear2d": "torch.nn.Upsample",
    "torch.nn.ZeroPad1d": "torch.nn.ConstantPad1d",
    "torch.nn.ZeroPad2d": "torch.nn.ConstantPad2d",
    "torch.nn.ZeroPad3d": "torch.nn.ConstantPad3d",
}
"""Layers that are a kind of another layer."""

_FAMILIES = {
    "torch.nn.modules.conv._ConvNd": ("Conv", "ConvTranspose"),
    "torch.nn.modules.conv._ConvTransposeNd": ("ConvTranspose",),
    "torch.nn.modules.batchnorm._BatchNorm": ("BatchNorm",),
    "torch.nn.modules.instancenorm._InstanceNorm": ("InstanceNorm",),
    "torch.nn.modules.dropout._DropoutNd": ("Dropout", "AlphaDropout", "FeatureAlphaDropout"),
}
"""Common bases of torch's layers → how the names of those with a twin begin, before the number of dimensions."""


def tested_kinds(source: Source, name: str, test: ast.expr) -> list[str] | None:
    """The torch classes that may pass a test of `name`; None where it asks nothing about the class."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            parts = [part for value in values if (part := tested_kinds(source, name, value)) is not None]
            return [kind for kind in parts[0] if all(kind in part for part in parts)] if parts else None
        case ast.BoolOp(op=ast.Or(), values=values):
            found = [part for value in values if (part := tested_kinds(source, name, value)) is not None]
            return [kind for part in found for kind in part] if len(found) == len(values) else None
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=tested), kinds]) if tested == name:
            return kinds_in(source, kinds, bases=True)
        case ast.Compare(left=ast.Call() as left, ops=[ast.Eq() | ast.Is() | ast.In()], comparators=[kinds]) if (
            _is_type_of(source, name, left)
        ):
            return kinds_in(source, kinds)
        case ast.Call(func=ast.Name(id="hasattr"), args=[ast.Name(id=tested), ast.Constant(value=str(slot))]) if (
            tested == name and slot in ASKED
        ):
            return [path for path, pair in by_module.items() if any(one.key == slot for one in pair.slots)]
        case _:
            text = name_part(source, name, test)
            return None if text is None else [path for path in by_module if text in path.rpartition(".")[2]]


def asks_further(source: Source, name: str, test: ast.expr) -> list[ast.expr] | None:
    """What a test asks besides the class; None where that depends on which class it is."""
    if tested_kinds(source, name, test) is None:
        return [test]
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            parts = [asks_further(source, name, value) for value in values]
            return None if None in parts else [one for part in parts if part for one in part]
        case ast.BoolOp(values=values):
            return None if any(asks_further(source, name, value) != [] for value in values) else []
        case _:
            return []


def _is_type_of(source: Source, name: str, node: ast.Call) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="type") as func, args=[ast.Name(id=tested)]):
            return tested == name and not source.scopes.is_bound("type", func)
        case _:
            return False


def kinds_in(source: Source, node: ast.expr, *, bases: bool = False) -> list[str] | None:
    """The torch classes that are listed, with `bases` also those that derive from them; None if uncertain."""
    classes = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]
    paths = [_kind(source, one) for one in classes]
    if None in paths:
        return None
    exact = [path for path in paths if path]
    if not bases:
        return None if any(kind in _FAMILIES for kind in exact) else exact
    exact = [one for kind in exact for one in _members(kind)]
    return [*exact, *(kind for kind, parent in _PARENTS.items() if parent in exact)]


def _members(kind: str) -> list[str]:
    """The layers with a twin that a common base stands for; any other class itself."""
    ends = ("", "1d", "2d", "3d")
    names = [f"torch.nn.{head}{end}" for head in _FAMILIES.get(kind, ()) for end in ends]
    return [name for name in names if name in by_module] if names else [kind]


def _kind(source: Source, node: ast.expr) -> str | None:
    """A torch layer class, or "" for a class of this file, which is no layer of torch; None if uncertain."""
    path = source.path_of(node)
    if path in _FAMILIES:
        return path
    if path is not None and path.startswith("torch.nn.") and path != "torch.nn.Module" and "._" not in path:
        return path
    return "" if isinstance(node, ast.Name) and _is_class_of_file(source, node) else None


def _is_class_of_file(source: Source, name: ast.Name, before: int | None = None) -> bool:
    """Whether a name means a class of the file for certain, which no layer of torch itself is an instance of.

    Its bases stand `before` it, or are torch's own.
    """
    found = source.definitions.get(name.id, [])
    scope = source.scopes.scope_binding(name)
    if len(found) != 1 or not isinstance(found[0], ast.ClassDef) or found[0].keywords:
        return False
    if scope is None or len(scope.bindings[name.id]) != 1 or name.id in source.stores:
        return False
    if before is not None and found[0].lineno >= before:
        return False
    return all(
        (source.path_of(base) or "").startswith("torch.nn.")
        or (isinstance(base, ast.Name) and _is_class_of_file(source, base, found[0].lineno))
        for base in found[0].bases
    )
