"""The state of a model: its parameters and buffers listed, and filled with numbers that show every mistake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .backend import Array, Backend, dtype_name, is_float
from .values import digest, state_value

_RATE = 0.05
_SKETCHED = 1500


@dataclass(frozen=True)
class Fill:
    """One entry to fill: its key here, the name both sides know it by, and the value if it is not drawn."""

    key: str
    name: str
    kind: str
    transposed: bool
    value: Array | None


def entries(model: Any) -> Iterator[tuple[str, str, Any]]:
    """Key, kind and tensor of every parameter and buffer, shared ones under each of their keys."""
    for key, tensor in model.named_parameters(remove_duplicate=False):
        yield key, "parameter", tensor
    for key, tensor in model.named_buffers(remove_duplicate=False):
        yield key, "buffer", tensor


def inventory(model: Any, backend: Backend) -> tuple[list[dict[str, Any]], list[bytes]]:
    """What the state holds, and the bytes of what has to be carried over rather than drawn."""
    listed: list[dict[str, Any]] = []
    blobs: list[bytes] = []
    first: dict[int, str] = {}
    for key, kind, tensor in entries(model):
        values, dtype = backend.array(tensor), dtype_name(tensor)
        entry = {
            "key": key,
            "kind": kind,
            "shape": list(values.shape),
            "dtype": dtype,
            "tied": first.setdefault(id(tensor), key),
            "requires_grad": bool(tensor.requires_grad),
            "classes": _classes(model, key),
            "digest": digest(values),
        }
        if not _drawn(kind, key, dtype, values):
            entry["blob"] = len(blobs)
            blobs.append(np.ascontiguousarray(values).tobytes())
        listed.append(entry)
    return listed, blobs


def _classes(model: Any, key: str) -> list[str]:
    """The class of every module on the way to an entry, the model's own first."""
    found = [type(model).__name__]
    for part in key.split(".")[:-1]:
        model = model._modules[part]
        found.append(type(model).__name__)
    return found


def sketch(drawn: Sequence[Array]) -> list[float]:
    """Up to `_SKETCHED` numbers, evenly spaced among all values in order: what their distribution looks like."""
    values = np.sort(np.concatenate([one.reshape(-1) for one in drawn]).astype(np.float64))
    if values.size > _SKETCHED:
        values = values[np.linspace(0, values.size - 1, _SKETCHED).astype(np.int64)]
    return [float(value) for value in values]


def _drawn(kind: str, key: str, dtype: str, values: Array) -> bool:
    """Whether new numbers may stand in: not for integers (indices, masks) nor for a buffer with a pattern."""
    if not is_float(dtype):
        return False
    if kind == "parameter" or "running_" in key:
        return True
    return bool(values.size) and bool((values == values.flat[0]).all())


def prepared(model: Any, plan: Sequence[Fill], backend: Backend) -> list[tuple[str, Array]]:
    """Pairs of key and value, in the plan's order; a shared tensor keeps its first value."""
    tensors = {key: (kind, tensor) for key, kind, tensor in entries(model)}
    ready: dict[int, tuple[str, Array]] = {}
    for fill in plan:
        _, tensor = tensors[fill.key]
        if id(tensor) in ready:
            continue
        shape = tuple(tensor.shape)
        if fill.value is not None:
            value = fill.value.reshape(shape)
        elif fill.transposed:
            value = state_value(fill.name, fill.kind, shape[::-1]).T
        else:
            value = state_value(fill.name, fill.kind, shape)
        ready[id(tensor)] = (fill.key, value)
    return list(ready.values())


def restore(model: Any, ready: Sequence[tuple[str, Array]], backend: Backend) -> None:
    """Writes the prepared values into the model and forgets old gradients.

    By key: a model may replace a buffer instead of changing it, and so does a change of its dtype.
    """
    tensors = {key: tensor for key, _, tensor in entries(model)}
    for key, value in ready:
        backend.array(tensors[key])[...] = value
        tensors[key].grad = None


def stepped(model: Any, backend: Backend) -> None:
    """One step of gradient descent, by hand; steep gradients are scaled down, so that the next step stays finite."""
    for tensor in model.parameters():
        if tensor.grad is not None and is_float(dtype_name(tensor)):
            gradient = backend.array(tensor.grad)
            largest = float(np.abs(gradient).max(initial=0.0))
            values = backend.array(tensor)
            values[...] = values - (_RATE / max(1.0, largest)) * gradient if np.isfinite(largest) else values


def untouched(model: Any, plan: Sequence[Fill], backend: Backend) -> list[tuple[str, Array]]:
    """Entries that the plan does not name (a counter on one side only), with the value construction gave them."""
    named = {fill.key for fill in plan}
    return [(key, backend.array(tensor).copy()) for key, _, tensor in entries(model) if key not in named]
