"""Runs a model once forward and back, and collects everything a caller could see of it, as raw bytes."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .backend import Array, Backend, dtype_name, is_float
from .fresh import seed
from .load import Failure, described
from .outputs import Opaque, drained, leaves, tensors
from .state import entries
from .trace import OWN_BUFFER, Tracer
from .values import uniform


@dataclass
class Observed:
    """What was seen, entry by entry; the bytes lie beside it."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)

    def add(self, section: str, name: str, value: Any, backend: Backend) -> None:
        """Adds a tensor, a plain value, or None."""
        entry: dict[str, Any] = {"section": section, "name": name}
        if backend.is_tensor(value):
            entry |= {"dtype": dtype_name(value), "requires_grad": bool(value.requires_grad)}
            self._keep(entry, backend.array(value))
        elif isinstance(value, np.ndarray):
            entry |= {"dtype": str(value.dtype), "requires_grad": False, "kind": "numpy.ndarray"}
            self._keep(entry, value)
        elif isinstance(value, Opaque):
            entry["opaque"] = value.kind
        else:
            entry["value"] = f"{type(value).__name__} {value!r}"
        self.entries.append(entry)

    def add_gradient(self, section: str, name: str, tensor: Any, backend: Backend, *, transposed: bool) -> None:
        """Adds `tensor.grad`, laid out as side A has it."""
        gradient = tensor.grad
        entry: dict[str, Any] = {"section": section, "name": name}
        if gradient is None:
            entry["value"] = "None"
        else:
            values = backend.array(gradient)
            entry |= {"dtype": dtype_name(gradient), "requires_grad": bool(gradient.requires_grad)}
            self._keep(entry, values.T if transposed else values)
        self.entries.append(entry)

    def _keep(self, entry: dict[str, Any], values: Array) -> None:
        entry |= {"shape": list(values.shape), "blob": len(self.blobs)}
        self.blobs.append(np.ascontiguousarray(values).tobytes())


@dataclass(frozen=True)
class Names:
    """What both sides call an entry of the state: by key, with `transposed` where this side holds it turned."""

    canonical: dict[str, str]
    transposed: frozenset[str]


def observe(
    model: Any, arguments: list[Any], number: int, names: Names, backend: Backend, path: str, tracer: Tracer | None
) -> Observed:
    """One forward and backward pass of a model whose state and mode are set; `arguments` are fresh leaves.

    The model is given copies of the leaves, so that in-place changes of an input are legal, and seen.
    """
    seen = Observed()
    given = [_copied(argument, backend) for argument in arguments]
    if tracer is not None:
        _introduce(model, given, names, tracer, backend)
    result = _guarded("forward", path, lambda: _forward(model, given, number, backend, tracer))
    found = list(leaves(result, backend))
    for name, leaf in found:
        seen.add("output", name, leaf, backend)
    for index, tensor in enumerate(tensors(given, backend)):
        seen.add("input", str(index), tensor, backend)
    _guarded("backward", path, lambda: _backward([leaf for _, leaf in found], number, backend))
    for index, tensor in enumerate(tensors(arguments, backend)):
        seen.add_gradient("input_gradient", str(index), tensor, backend, transposed=False)
    _add_gradients(model, seen, names, backend)
    return seen


def add_state(model: Any, seen: Observed, names: Names, backend: Backend, wanted: str) -> None:
    """Adds every entry of one kind, "parameter" or "buffer", that both sides have."""
    for key, kind, tensor in entries(model):
        if kind == wanted and key in names.canonical:
            turned = key in names.transposed
            seen.add(kind, names.canonical[key], tensor.t() if turned else tensor, backend)


def _add_gradients(model: Any, seen: Observed, names: Names, backend: Backend) -> None:
    for key, kind, tensor in entries(model):
        if kind == "parameter" and key in names.canonical:
            turned = key in names.transposed
            seen.add_gradient("parameter_gradient", names.canonical[key], tensor, backend, transposed=turned)


def _copied(argument: Any, backend: Backend) -> Any:
    if backend.is_tensor(argument):
        return argument.clone()
    if isinstance(argument, (tuple, list)):
        return type(argument)(_copied(item, backend) for item in argument)
    if isinstance(argument, dict):
        return {key: _copied(item, backend) for key, item in argument.items()}
    return argument


def _introduce(model: Any, given: list[Any], names: Names, tracer: Tracer, backend: Backend) -> None:
    for key, kind, tensor in entries(model):
        if key in names.canonical:
            turned = ["transposed"] if key in names.transposed else []
            tracer.name(tensor, [kind, names.canonical[key], *turned])
        else:
            tracer.name(tensor, OWN_BUFFER)
    for index, tensor in enumerate(tensors(given, backend)):
        tracer.name(tensor, ["input", index])


def _forward(model: Any, given: list[Any], number: int, backend: Backend, tracer: Tracer | None) -> Any:
    seed(number, backend)
    with backend.recording(tracer) if tracer is not None else nullcontext():
        return drained(model(*given))


def _backward(found: list[Any], number: int, backend: Backend) -> None:
    """Backpropagates a random cotangent for each float output, so that no output's gradient can hide another's."""
    total = None
    for index, leaf in enumerate(found):
        if backend.is_tensor(leaf) and leaf.requires_grad and is_float(dtype_name(leaf)):
            cotangent = uniform(f"cotangent {number} {index}", tuple(leaf.shape), -1.0, 1.0)
            part = (leaf * backend.tensor(cotangent, dtype_name(leaf))).sum()
            total = part if total is None else total + part
    if total is not None:
        total.backward()


def _guarded(stage: str, path: str, run: Any) -> Any:
    try:
        return run()
    except BaseException as error:
        raise Failure(described(error, path, stage)) from None
