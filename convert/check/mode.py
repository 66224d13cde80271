"""Calls that do not follow train() and eval(): dropout that is always on, batch norm with one mode baked in."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from ..recognise.calls import FunctionCall
from .scene import Scene


def find_fixed_mode(scene: Scene) -> Iterator[Diagnostic]:
    """F.dropout left on, and F.batch_norm in one mode for good."""
    for call in scene.calls:
        pair = call.pairs[0]
        if pair.mode is None or call.fault or scene.model_of(call.node) is None:
            continue
        node = call.args.get(pair.mode)
        given = f"{pair.mode}={scene.source.says(node)}" if node is not None else f"{pair.mode} left out"
        if pair.family == "dropout":
            on = pair.mode_default == "True" if node is None else _is_constant(node, True)
            if on and not _is_guarded(scene, call) and not _drops_nothing(call):
                yield scene.find("NF301", call.node, function=call.written, given=given)
        elif pair.function == "batch_norm" and _is_fixed(scene, call, node):
            yield scene.find("NF302", call.node, function=call.written, given=given)


def _is_fixed(scene: Scene, call: FunctionCall, node: ast.expr | None) -> bool:
    """A constant mode with running statistics; without any, training=True is the only way to call it."""
    statistics = call.args.get("running_mean")
    if statistics is None or _is_constant(statistics, None) or _is_guarded(scene, call):
        return False
    return node is None or isinstance(node, ast.Constant)


def _is_guarded(scene: Scene, call: FunctionCall) -> bool:
    """Under an `if` or a conditional that asks for the mode."""
    for around in scene.source.ancestors(call.node):
        if isinstance(around, (ast.If, ast.IfExp)) and "train" in scene.source.says(around.test):
            return True
    return False


def _drops_nothing(call: FunctionCall) -> bool:
    return _is_constant(call.args.get("p"), 0)


def _is_constant(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == value and type(node.value) in {type(value), float}
