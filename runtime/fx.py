"""`torch.fx`: its names. Graphs are not traced here."""

from __future__ import annotations

from typing import Any, TypeVar

from .missing import MissingUse, refusing
from .unusable import unusable

T = TypeVar("T")

Graph, GraphModule, Interpreter, Node, Proxy, Tracer, Transformer = (
    unusable(f"torch.fx.{name}")
    for name in ("Graph", "GraphModule", "Interpreter", "Node", "Proxy", "Tracer", "Transformer")
)


def symbolic_trace(root: Any, concrete_args: Any = None) -> Any:
    """MissingUse: graphs are not traced here."""
    raise MissingUse("torch.fx.symbolic_trace")


def wrap(fn_or_name: T) -> T:
    """What it is given."""
    return fn_or_name


__getattr__ = refusing("torch.fx")
