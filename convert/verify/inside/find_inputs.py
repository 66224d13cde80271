"""Inputs for one built model: by the conventions of its file, else inferred; and how they are drawn anew."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ..literals import packed, unpacked
from ..specs import assembled
from .arguments import required
from .backend import Array, Backend, dtype_name, is_float
from .examples import sizes
from .infer import SIDE, Outcome, Trial, infer, variations
from .load import Failure, Loaded, described
from .outputs import tensors
from .values import drawn, spec_of

_NUMBERS: dict[str, bool | float] = {"int": SIDE, "float": 0.5, "bool": False}
_SIDES = (("H", "W"), ("h", "w"), ("height", "width"))


class InputFinder:
    """Tries inputs on a model; the state the trials leave behind is overwritten before anything is compared."""

    def __init__(self, model: Any, file: Loaded, backend: Backend) -> None:
        self._model, self._file, self._backend = model, file, backend
        self._outputs: list[Any] = []

    def found(self, names: list[str], conventions: list[str], seconds: float) -> tuple[dict[str, Any], list[bytes]]:
        """The answer for the parent: `inputs`, `others` (the same in another size), `by`, or `failure_of_best`."""
        for name in conventions:
            self._backend.torch.manual_seed(0)
            values = _listed(by_convention(self._file, name), self._backend)
            if self._try(values) is None:
                specs, carried = self._described(values)
                return {"inputs": specs, "others": [], "by": name}, carried
        shapes = [(key, tuple(tensor.shape)) for key, tensor in self._model.named_parameters()]
        until, shown = time.monotonic() + seconds, sizes(self._file.text)
        result = infer(names, shapes, self._attempt, until, shown, self._numbers(names))
        answer = {
            "inputs": [spec.as_json() for spec in (result.trial or result.best)],
            "others": [],
            "by": "inference",
            "trials": result.trials,
            "failure_of_best": result.failure,
        }
        if result.trial is not None:
            others = variations(result.trial, self._attempt)
            answer["others"] = [[spec.as_json() for spec in other] for other in others]
        return answer, []

    def _numbers(self, names: list[str]) -> dict[str, bool | float]:
        """Inputs that are annotated as a number or a flag, and a height beside a width."""
        found: dict[str, bool | float] = {}
        try:
            told = {one.name: one.annotation for one in required(type(self._model).forward, skip_first=True)}
        except (TypeError, ValueError):
            return found
        for name in names:
            said = told.get(name)
            said = getattr(said, "__name__", said)
            if isinstance(said, str) and said in _NUMBERS:
                found[name] = _NUMBERS[said]
        return found | {name: SIDE for pair in _SIDES if set(pair) <= set(names) for name in pair}

    def _attempt(self, trial: Trial) -> Outcome:
        """One forward in eval and one in train mode, watched for how far it comes."""

        def make(spec: dict[str, Any], name: str) -> Any:
            return unpacked(spec["literal"]) if "literal" in spec else draw(spec, name, self._backend)

        values = [assembled(spec.as_json(), make, f"trial {index}") for index, spec in enumerate(trial)]
        progress = [0]
        failure = self._try(values, progress)
        if failure is not None:
            return Outcome(failure["message"], progress[0], failure=failure)
        sizes = [int(tensor.shape[0]) for tensor in self._outputs if len(tensor.shape)]
        return Outcome(None, progress[0], tuple(sizes))

    def _try(self, values: list[Any], progress: list[int] | None = None) -> dict[str, Any] | None:
        counted = progress if progress is not None else [0]

        def count(name: str, inputs: Any, static: Any, outputs: Any) -> None:
            counted[0] += 1

        result = None
        for training in (False, True):
            self._model.train(training)
            try:
                with self._backend.torch.no_grad(), self._backend.recording(count):
                    result = self._model(*values)
            except BaseException as error:
                return described(error, self._file.path, "forward")
        self._outputs = tensors(result, self._backend)
        return None

    def _described(self, values: list[Any]) -> tuple[list[dict[str, Any]], list[bytes]]:
        """Given inputs as descriptions: float tensors are drawn anew per seed, everything else is carried."""
        carried: list[bytes] = []
        return [self._spec(value, carried) for value in values], carried

    def _spec(self, value: Any, carried: list[bytes]) -> dict[str, Any]:
        if not self._backend.is_tensor(value):
            return self._spec_of_other(value, carried)
        array, dtype = self._backend.array(value), dtype_name(value)
        spec = spec_of(array, dtype)
        if "low" not in spec:
            spec["blob"] = len(carried)
            carried.append(np.ascontiguousarray(array).tobytes())
        return spec

    def _spec_of_other(self, value: Any, carried: list[bytes]) -> dict[str, Any]:
        """A literal, or a list, tuple or dict with tensors in it; what neither is stops the verification."""
        try:
            return {"literal": packed(value)}
        except TypeError as error:
            if type(value) in (list, tuple):
                return {"items": [self._spec(one, carried) for one in value], "as": type(value).__name__}
            if type(value) is dict and all(type(key) in (str, int) for key in value):
                return {"items": [self._spec(one, carried) for one in value.values()], "keys": list(value)}
            raise Failure(described(error, self._file.path, "inputs")) from None


def by_convention(file: Loaded, name: str) -> Any:
    """What the file's `get_inputs()` and the like give."""
    value = getattr(file.module, name)
    try:
        return value() if callable(value) else value
    except BaseException as error:
        raise Failure(described(error, file.path, name)) from None


def draw(spec: dict[str, Any], name: str, backend: Backend) -> Any:
    """A tensor as a spec describes it, the same on both sides for the same name."""
    values: Array = drawn(name, tuple(spec["shape"]), spec["dtype"], spec.get("low", -1.7), spec.get("high", 1.7))
    tensor = backend.tensor(values, spec["dtype"])
    return tensor.requires_grad_() if is_float(spec["dtype"]) else tensor


def _listed(values: Any, backend: Backend) -> list[Any]:
    if isinstance(values, dict):
        return list(values.values())
    return [values] if backend.is_tensor(values) or not isinstance(values, (list, tuple)) else list(values)
