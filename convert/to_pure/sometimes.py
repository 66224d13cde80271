"""Modules that a constructor makes only under a condition: `self.drop = DropPath(p)` if p > 0, else None."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ..plan.edits import Hole, Part
from ..recognise.model import Attribute, Definition, Model
from .shape import refusal


@dataclass(frozen=True)
class Test:
    """The condition, and whether the module is made where it holds (else: where it does not)."""

    node: ast.expr
    made: bool


def is_none(definition: Definition) -> bool:
    """Whether a definition says that there is no module."""
    return definition.form == "assign" and isinstance(definition.value, ast.Constant) and definition.value.value is None


def tests_of(model: Model, attribute: Attribute) -> dict[str, Test]:
    """The condition by the attribute's name, where one `if` of the constructor decides. Raises Kept for more."""
    made = [one for one in attribute.definitions if not is_none(one)]
    nones = [one for one in attribute.definitions if is_none(one)]
    if model.init is None or len(made) != 1 or len(nones) > 1 or any(one.method is not model.init for one in nones):
        return {}
    around = model.source.parent(made[0].statement)
    if not isinstance(around, ast.If) or around not in model.init.node.body:
        return {}
    here, there = (around.body, around.orelse) if made[0].statement in around.body else (around.orelse, around.body)
    if made[0].statement not in here or (nones and nones[0].statement not in there):
        raise refusal(made[0].statement, f"self.{attribute.name} is None or a module by more than one condition")
    return {attribute.name: Test(around.test, here is around.body)}


def compared(model: Model, use: ast.expr) -> ast.Compare | None:
    """`self.drop is None`, `self.drop is not None`."""
    match model.source.parent(use):
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]) as found if (
            left is use
        ):
            return found
        case _:
            return None


def asked(test: Test, compare: ast.Compare) -> Iterator[Part]:
    """The condition in place of a comparison with None."""
    simple = isinstance(test.node, (ast.Name, ast.Attribute, ast.Compare, ast.Call, ast.Constant, ast.Subscript))
    yield "" if test.made is isinstance(compare.ops[0], ast.IsNot) else "not "
    yield "" if simple else "("
    yield Hole(test.node)
    yield "" if simple else ")"
