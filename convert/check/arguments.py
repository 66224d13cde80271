"""Calls with arguments missing: a pooling without kernel size, a softmax without dim."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from ..calls import BindError, bind
from ..diagnostics import Diagnostic
from ..ops import by_module
from ..recognise.calls import shown
from .scene import Scene

_SOFTMAX = {"softmax", "log_softmax", "softmin"}


def find_missing_arguments(scene: Scene) -> Iterator[Diagnostic]:
    """Calls that raise TypeError, and calls that leave torch to guess the dimension."""
    for call in scene.calls:
        if call.fault and call.fault.startswith("required argument"):
            if not _is_meant_to_fail(scene, call.node):
                yield scene.find("NF304", call.node, function=call.written, reason=call.fault)
        elif not call.fault and call.pairs[0].function in _SOFTMAX and _leaves_dim(call.args):
            yield scene.find("NF307", call.node, function=call.written)
    yield from _constructors(scene)


def _constructors(scene: Scene) -> Iterator[Diagnostic]:
    for node in scene.source.every(ast.Call):
        path = scene.source.path_of(node.func)
        if path not in by_module:
            continue
        pair = by_module[path]
        try:
            bound = bind(pair.module_signature, node)
        except BindError:
            continue
        if bound.missing and not _is_meant_to_fail(scene, node):
            reason = f"required argument {', '.join(bound.missing)} is missing"
            yield scene.find("NF304", node, function=shown(path), reason=reason)
        elif pair.function in _SOFTMAX and _leaves_dim(bound.args):
            yield scene.find("NF307", node, function=shown(path))


def _leaves_dim(args: Mapping[str, ast.expr]) -> bool:
    dim = args.get("dim")
    return dim is None or (isinstance(dim, ast.Constant) and dim.value is None)


def _is_meant_to_fail(scene: Scene, node: ast.AST) -> bool:
    """Inside `with pytest.raises(…)` or `try`."""
    return any(
        isinstance(around, ast.Try)
        or (isinstance(around, ast.With) and any("aises" in scene.source.says(i.context_expr) for i in around.items))
        for around in scene.source.ancestors(node)
    )
