"""Takes any structure a model may return apart: every leaf with the path that leads to it."""

from __future__ import annotations

import dataclasses
import itertools
import types
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .backend import Backend

_PLAIN = (bool, int, float, complex, str, bytes, type(None))
_MOST_ITEMS = 10_000
_DEEPEST = 12


def leaves(value: Any, backend: Backend, path: str = "") -> Iterator[tuple[str, Any]]:
    """Pairs of path and leaf; containers yield a leaf of their own that names their kind, so structure is compared."""
    if backend.is_tensor(value) or isinstance(value, _PLAIN) or _is_array(value):
        yield path, value
    elif isinstance(value, Mapping):
        yield f"{path}#", f"mapping {type(value).__name__} {[str(key) for key in value]}"
        for key in value:
            yield from leaves(value[key], backend, f"{path}[{key!r}]")
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        yield f"{path}#", f"tuple {type(value).__name__} {value._fields}"
        for name, item in zip(value._fields, value, strict=True):
            yield from leaves(item, backend, f"{path}.{name}")
    elif isinstance(value, (tuple, list)):
        yield f"{path}#", f"{type(value).__name__} {len(value)}"
        for index, item in enumerate(value):
            yield from leaves(item, backend, f"{path}[{index}]")
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        yield f"{path}#", f"dataclass {type(value).__name__} {names}"
        for name in names:
            yield from leaves(getattr(value, name), backend, f"{path}.{name}")
    elif _holds_plainly(value) and path.count(".") < _DEEPEST:
        yield f"{path}#", f"object {type(value).__name__} {list(vars(value))}"
        for name, item in vars(value).items():
            yield from leaves(item, backend, f"{path}.{name}")
    else:
        yield path, Opaque(type(value).__name__)


def drained(value: Any) -> Any:
    """What a generator gives, as a list: only then has its code run. One without an end stays what it is."""
    if not isinstance(value, types.GeneratorType):
        return value
    found = Generated(itertools.islice(value, _MOST_ITEMS))
    return value if len(found) == _MOST_ITEMS else found


class Generated(list[Any]):
    """The items of a generator."""


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "biufc"


def _holds_plainly(value: Any) -> bool:
    """Whether an object of a class written in Python keeps all it has in its `__dict__`."""
    kept_out = (type, types.ModuleType, types.FunctionType, types.MethodType)
    own = type(value)
    return (
        hasattr(value, "__dict__")
        and not isinstance(value, kept_out)
        and own.__module__ != "builtins"
        and (own.__base__ is object)
    )


@dataclasses.dataclass(frozen=True)
class Opaque:
    """A leaf that cannot be compared: only its class is known."""

    kind: str


def tensors(value: Any, backend: Backend) -> list[Any]:
    """The tensors of a structure, in order."""
    return [leaf for _, leaf in leaves(value, backend) if backend.is_tensor(leaf)]
