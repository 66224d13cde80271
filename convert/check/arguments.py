"""Calls with arguments missing: a pooling without kernel size, a softmax without dim."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from .scene import Scene

_SOFTMAX = {"softmax", "log_softmax", "softmin"}


def find_missing_arguments(scene: Scene) -> Iterator[Diagnostic]:
    """Calls that raise TypeError, and calls that leave torch to guess the dimension."""
    for call in scene.calls:
        if call.fault and call.fault.startswith("required argument"):
            yield scene.find("NF304", call.node, function=call.written, reason=call.fault)
        elif not call.fault and call.pairs[0].function in _SOFTMAX:
            dim = call.args.get("dim")
            if dim is None or (isinstance(dim, ast.Constant) and dim.value is None):
                yield scene.find("NF307", call.node, function=call.written)
