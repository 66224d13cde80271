"""Writes down every operation of a run: what it was given by name, its static arguments, and the line that asked."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..traces import spoken
from .backend import Array, Backend, dtype_name
from .load import line_in
from .values import digest

_MOST_CALLS = 200_000
_SHAPED_BY_VALUES = frozenset(
    {
        "nonzero",
        "nonzero_columns",
        "masked_select",
        "unique",
        "_unique2",
        "unique_consecutive",
        "unique_dim",
        "bincount",
    }
)
OWN_BUFFER = ["own buffer"]
"""What a buffer is called that the other side does not have."""


class Tracer:
    """A callback for `recording`: tensors become the parameter, input or earlier output they are.

    A tensor of unknown origin is named by its bits ("constant"): equal on both sides, but evidence only for this run.
    """

    def __init__(self, backend: Backend, path: str, *, digests: bool) -> None:
        self.calls: list[dict[str, Any]] = []
        self.outputs: list[tuple[Any, ...]] = []  # also keeps tensors alive, so that an id is never used twice
        self.reads_host = False
        self._backend, self._path, self._digests = backend, path, digests
        self._known: dict[int, list[Any]] = {}
        self._places: dict[int, list[Any]] = {}
        self._kept: list[Any] = []

    def name(self, tensor: Any, reference: list[Any]) -> None:
        """Introduces a parameter, buffer or input."""
        self._kept.append(tensor)
        self._known.setdefault(id(tensor), reference)
        self._places.setdefault(_place(self._backend.array(tensor)), reference)

    def __call__(self, name: str, inputs: tuple[Any, ...], static: dict[str, Any], outputs: tuple[Any, ...]) -> None:
        """One operation, after it ran."""
        if len(self.calls) >= _MOST_CALLS:
            return
        self.reads_host = self.reads_host or self._backend.reads_host(name) or self._tells_values(name, inputs, outputs)
        index = len(self.calls)
        call: dict[str, Any] = {
            "op": name,
            "inputs": [self._described(value) for value in inputs],
            "static": {key: self._described(value) for key, value in sorted(static.items())},
            "outputs": [],
            "line": line_in(self._path),
        }
        for position, output in enumerate(outputs):
            call["outputs"].append(self._result(output, index, position))
        self.calls.append(call)
        self.outputs.append(outputs)

    def _tells_values(self, name: str, inputs: tuple[Any, ...], outputs: tuple[Any, ...]) -> bool:
        """Whether the model's code learns of values: a plain result, or one whose shape they decide."""
        if any(isinstance(output, (bool, int, float, complex)) for output in outputs):
            return True
        kind = spoken(name)
        if kind.startswith("index") or kind == "getitem":
            flat = [one for value in inputs for one in (value if isinstance(value, (list, tuple)) else (value,))]
            return any(self._backend.is_tensor(one) and dtype_name(one) == "bool" for one in flat[1:])
        return kind in _SHAPED_BY_VALUES

    def finished(self) -> list[dict[str, Any]]:
        """The calls, without those that only keep a batch counter which one side has alone."""
        kept = _kept(self.calls)
        number = {old: new for new, old in enumerate(kept)}
        self.outputs = [self.outputs[old] for old in kept]
        self.calls = [_renumbered(self.calls[old], number) for old in kept]
        return self.calls

    def value(self, index: int, position: int) -> Any:
        """The tensor a call that `finished` lists gave; what later in-place changes made of it."""
        return self.outputs[index][position]

    def _result(self, output: Any, index: int, position: int) -> Any:
        if not self._backend.is_tensor(output):
            return self._described(output)
        values = self._backend.array(output)
        self._known[id(output)] = ["op", index, position]
        self._places[_place(values)] = ["op", index, position]
        result: dict[str, Any] = {"dtype": dtype_name(output), "shape": list(values.shape)}
        result["requires_grad"] = bool(output.requires_grad)
        return {**result, "digest": digest(values)} if self._digests else result

    def _described(self, value: Any) -> Any:
        if self._backend.is_tensor(value):
            return self._reference(value)
        if isinstance(value, np.ndarray):
            return ["constant", str(value.dtype), list(value.shape), digest(value)]
        if isinstance(value, (tuple, list)):
            return [self._described(item) for item in value]
        if isinstance(value, (bool, str, type(None))):
            return value
        if isinstance(value, (int, float, complex, np.generic)):
            return ["number", type(value).__name__, repr(value)]
        return ["object", type(value).__name__, str(value) if "dtype" in type(value).__name__ else ""]

    def _reference(self, tensor: Any) -> list[Any]:
        known = self._known.get(id(tensor))
        if known is not None:
            return known
        self._kept.append(tensor)
        values = self._backend.array(tensor)
        place = self._places.get(_place(values))
        if place is not None and values.size:
            return ["alias", place, list(values.shape), [int(stride) for stride in values.strides]]
        return ["constant", dtype_name(tensor), list(values.shape), digest(values)]


def _place(values: Array) -> int:
    """Where in memory an array begins."""
    return int(values.__array_interface__["data"][0])


def _kept(calls: list[dict[str, Any]]) -> list[int]:
    """Numbers of the calls that are part of the calculation: not counting, nor feeding only what counts."""
    sources = [_sources([call["inputs"], list(call["static"].values())]) for call in calls]
    counting: set[int] = set()
    for index, found in enumerate(sources):
        if found and all(source == OWN_BUFFER or source[1] in counting for source in found):
            counting.add(index)
    for index in range(len(calls) - 1, -1, -1):
        if index not in counting:  # what it uses is used, whatever it is
            counting -= {source[1] for source in sources[index] if source != OWN_BUFFER}
    return [index for index in range(len(calls)) if index not in counting]


def _sources(value: Any) -> list[list[Any]]:
    """Where the tensors of a description come from: earlier calls, buffers of one side; anything else as ["op", -1]."""
    if not isinstance(value, list) or not value:
        return []
    if value == OWN_BUFFER or (value[0] == "op" and len(value) == 3):
        return [value]
    if value[0] in ("parameter", "buffer", "input", "constant"):
        return [["op", -1]]
    return [source for one in value for source in _sources(one)]


def _renumbered(value: Any, number: dict[int, int]) -> Any:
    """A description in which earlier calls have their new numbers."""
    if isinstance(value, dict):
        return {key: _renumbered(one, number) for key, one in value.items()}
    if isinstance(value, list):
        if len(value) == 3 and value[0] == "op":
            return ["op", number[value[1]], value[2]]
        return [_renumbered(one, number) for one in value]
    return value
