"""Slips of Python itself that model code is prone to."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from .scene import Scene


def find_hidden_train(scene: Scene) -> Iterator[Diagnostic]:
    """`def train(self, x_pos, x_neg)` in a module: eval() calls `self.train(False)`."""
    for model in scene.models:
        method = model.methods.get("train")
        if method is None or method.self_name is None or not isinstance(method.node, ast.FunctionDef):
            continue
        arguments = method.node.args
        if arguments.vararg is not None or method.node.decorator_list or "eval" in model.methods:
            continue
        taken = [*arguments.posonlyargs, *arguments.args][1:]
        required = len(taken) - len(arguments.defaults)
        wanted = any(default is None for default in arguments.kw_defaults)
        if not taken or required > 1 or wanted or not _may_be_mode(taken[0], arguments.defaults[-len(taken) :]):
            takes = ", ".join(argument.arg for argument in [*taken, *arguments.kwonlyargs])
            yield scene.find("NF320", method.node, takes=takes)


def find_identity_comparisons(scene: Scene) -> Iterator[Diagnostic]:
    """`if name is "conv2d":`, of which Python itself warns."""
    for comparison in scene.source.every(ast.Compare):
        left = comparison.left
        for operator, right in zip(comparison.ops, comparison.comparators, strict=True):
            literal = next((side for side in (right, left) if _is_value(side)), None)
            if isinstance(operator, (ast.Is, ast.IsNot)) and literal is not None:
                said, cure = ("is", "==") if isinstance(operator, ast.Is) else ("is not", "!=")
                text = scene.source.says(literal)
                yield scene.find("NF321", comparison, operator=said, literal=text, cure=cure)
            left = right


def _may_be_mode(argument: ast.arg, defaults: list[ast.expr]) -> bool:
    """The argument that eval() hands False to: by its name, or because it has a default that is True or False."""
    first = defaults[0] if defaults else None
    is_flag = isinstance(first, ast.Constant) and isinstance(first.value, bool)
    return is_flag or "mode" in argument.arg or "train" in argument.arg or argument.arg.startswith(("is_", "flag"))


def _is_value(node: ast.expr) -> bool:
    """A string, bytes or number; None, True, False and ... are single objects."""
    return isinstance(node, ast.Constant) and node.value not in (None, ...) and not isinstance(node.value, bool)
