"""What the verifier is made of, noted before a user's file runs: a file that changes it is found out.

Whoever runs in this process can do anything in it; this catches what a file does to ours by accident or by a simple
trick, as in `Observed.add = lambda *_: None`, which would make any two models look alike.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

_OURS = ("nnflip.convert.", "nnflip.runtime.record", "nnflip.runtime.backward", "nnflip.runtime.autograd")
_LEANT_ON = ("builtins", "hashlib", "json", "json.decoder", "json.encoder", "math", "numpy", "os", "struct")
_FREE = frozenset({"print", "input", "_", "environ"})  # what programs replace for their own ends
_ABSENT = object()
Entry = tuple[Any, str, Any]
"""A namespace, a name in it, and what the name meant."""


def sealed() -> Callable[[], str]:
    """Notes the present state; the function it gives names the first entry that is another one now, "" if none is."""
    noted = list(_entries())
    absent, label = _ABSENT, _label  # a patched module of ours does not reach what is held here

    def broken() -> str:
        for namespace, name, value in noted:
            if namespace.get(name, absent) is not value:
                return label(namespace, name)
        return ""

    return broken


def _entries() -> Iterator[Entry]:
    for name, module in sorted(sys.modules.items()):
        if name.startswith(_OURS):
            yield from _of_module(module)
        elif name in _LEANT_ON:
            yield from ((vars(module), key, value) for key, value in _functions(module))


def _functions(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Functions; not classes and numbers, which old programs alias: `numpy.bool = bool`."""
    for key, value in list(vars(module).items()):
        if callable(value) and not isinstance(value, type) and key not in _FREE and not key.startswith("__"):
            yield key, value


def _of_module(module: ModuleType) -> Iterator[Entry]:
    """Functions and classes with their own functions; also the code inside of them."""
    for key, value in list(vars(module).items()):
        if isinstance(value, (FunctionType, type)) and value.__module__ == module.__name__:
            yield vars(module), key, value
            inner = value.__dict__.items() if isinstance(value, type) else ()
            for name, part in [("", value), *inner]:
                if name and not name.startswith("__"):
                    yield value.__dict__, name, part
                if isinstance(part, FunctionType):
                    yield _Code(part), "__code__", part.__code__


class _Code:
    """A function's code as a namespace."""

    def __init__(self, function: FunctionType) -> None:
        self.function = function

    def get(self, name: str, _: Any = None) -> Any:
        """`__code__` as it is now."""
        return self.function.__code__


def _label(namespace: Any, name: str) -> str:
    if isinstance(namespace, _Code):
        return f"{namespace.function.__module__}.{namespace.function.__qualname__}"
    owner = namespace.get("__name__") or namespace.get("__module__") or "a class"
    return f"{owner}.{name}"
