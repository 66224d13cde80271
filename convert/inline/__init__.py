"""Layers that are not built where they are assigned: the constructors that factory functions and aliases come to.

`def conv3x3(i, o): return nn.Conv2d(i, o, 3, bias=False)` → `self.conv = conv3x3(a, b)` is read as
`self.conv = nn.Conv2d(a, b, 3, bias=False)`, where that builds the same and draws the same random numbers.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ..ops import by_module
from ..ops.container import SEQUENTIAL
from ..source import Source
from .expression import Uses as Uses
from .expression import Writer
from .value import LAYER as LAYER
from .value import Unclear


@dataclass(frozen=True)
class Written:
    """An expression with calls of the file's own factories written out; which they were; what they do to it then.

    `then` are calls that fill the layer, in which LAYER stands for it.
    """

    value: ast.expr
    through: Uses = field(default_factory=dict)
    then: tuple[str, ...] = ()


def written_out(source: Source, value: ast.expr) -> Written:
    """What an expression comes to; the expression itself where that builds no layer of torch."""
    if not _may_hide_layers(source, value):
        return Written(value)
    writer = Writer(source, value)
    try:
        written = writer.whole(value)
    except (Unclear, RecursionError, SyntaxError):
        return Written(value)
    if written is None:
        return Written(value)
    meant = source.graft(written.text, value)
    if not builds_layers(source, meant, several=not written.then):
        return Written(value)
    return Written(meant, writer.through, written.then)


def _may_hide_layers(source: Source, value: ast.expr) -> bool:
    """Whether some call is of no class of torch, or hands arguments on as a whole."""
    calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
    return any(
        source.path_of(call.func) is None
        or any(keyword.arg is None for keyword in call.keywords)
        or any(isinstance(argument, ast.Starred) for argument in call.args)
        for call in calls
    )


def builds_layers(source: Source, value: ast.expr, *, several: bool = True) -> bool:
    """Whether an expression builds a layer with a twin; `several`: or one of two, or a Sequential of them."""
    if isinstance(value, ast.IfExp):
        return several and (builds_layers(source, value.body) or builds_layers(source, value.orelse))
    path = source.path_of(value.func) if isinstance(value, ast.Call) else None
    return (several and path == SEQUENTIAL) or path in by_module
