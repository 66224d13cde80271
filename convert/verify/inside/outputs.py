"""Takes any structure a model may return apart: every leaf with the path that leads to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from .backend import Backend

_PLAIN = (bool, int, float, complex, str, bytes, type(None))


def leaves(value: Any, backend: Backend, path: str = "") -> Iterator[tuple[str, Any]]:
    """Pairs of path and leaf; containers yield a leaf of their own that names their kind, so structure is compared."""
    if backend.is_tensor(value) or isinstance(value, _PLAIN):
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
    else:
        yield path, Opaque(type(value).__name__)


@dataclasses.dataclass(frozen=True)
class Opaque:
    """A leaf that cannot be compared: only its class is known."""

    kind: str


def tensors(value: Any, backend: Backend) -> list[Any]:
    """The tensors of a structure, in order."""
    return [leaf for _, leaf in leaves(value, backend) if backend.is_tensor(leaf)]
