"""What the tests of nn share: the runtime, and a comparison of what a scenario does on both libraries."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

_LIBRARY = re.compile(r"\b(?:torch|nnflip\.runtime)\.[\w.]*\.(\w+)")


@pytest.fixture(scope="session")
def runtime() -> ModuleType:
    """The numpy torch."""
    import nnflip.runtime

    return nnflip.runtime


@pytest.fixture
def events() -> Callable[[Callable[[Any], Iterator[Any]], Any], list[Any]]:
    """What a scenario yields on a library, in plain values; callables are called, and what they raise is the event."""
    return lambda scenario, library: [plain(event) for event in scenario(library)]


@pytest.fixture
def same_layer(torch: Any, runtime: Any) -> Callable[..., None]:
    """`same_layer("nn.Linear(3, 4)", (2, 3))`: the layer is torch's in all that shows. See Twins."""

    def check(text: str, *inputs: Any, modes: tuple[bool, ...] = (True, False), steps: int = 1) -> None:
        for dtype, tolerance in (("float32", 1e-5), ("float64", 1e-10)):
            twins = Twins(text, (torch, runtime), dtype)
            twins.look_the_same()
            for train in modes:
                for _ in range(steps):
                    twins.compute_the_same(inputs, train, tolerance)

    return check


@pytest.fixture
def same_outcome(torch: Any, runtime: Any) -> Callable[[str], None]:
    """`same_outcome("nn.Conv2d(3, 4, 3, groups=2)")`: the same value, or the same error and warnings."""

    def check(text: str) -> None:
        expected = attempt(lambda: evaluated(text, torch))
        actual = attempt(lambda: evaluated(text, runtime))
        assert actual == expected

    return check


def evaluated(text: str, library: Any) -> Any:
    """The value of an expression in which `nn`, `F` and `torch` belong to the library, seeded."""
    library.manual_seed(0)
    return eval(text, {"torch": library, "nn": library.nn, "F": library.nn.functional})


class Twins:
    """The same layer on torch and on the runtime: first values bit for bit, then repr, attributes, numbers."""

    def __init__(self, text: str, libraries: tuple[Any, Any], dtype: str) -> None:
        self.libraries, self.dtype, self.text = libraries, dtype, text
        self.expected, self.actual = (evaluated(text, library) for library in libraries)

    def look_the_same(self) -> None:
        """repr, attributes, keys, shapes, dtypes and first values; then both go to the dtype."""
        assert repr(self.actual) == repr(self.expected)
        assert own_fields(self.actual) == own_fields(self.expected)
        actual, expected = self.actual.state_dict(), self.expected.state_dict()
        assert list(actual) == list(expected)
        for key, value in expected.items():
            assert (str(actual[key].dtype), tuple(actual[key].shape)) == (str(value.dtype), tuple(value.shape)), key
            assert actual[key].numpy().tobytes() == value.numpy().tobytes(), f"first values of {key}"
        for layer, library in zip((self.expected, self.actual), self.libraries, strict=True):
            layer.to(getattr(library, self.dtype))

    def compute_the_same(self, inputs: tuple[Any, ...], train: bool, tolerance: float) -> None:
        """Outputs, gradients of inputs and parameters, buffers afterwards."""
        expected, actual = (
            run(layer, library, inputs, self.dtype, train)
            for layer, library in zip((self.expected, self.actual), self.libraries, strict=True)
        )
        assert list(actual) == list(expected)
        for key, value in expected.items():
            assert (actual[key] is None) == (value is None), key
            if value is not None:
                close(actual[key], value, tolerance, f"{self.text}, {self.dtype}, train={train}: {key}")


def own_fields(layer: Any) -> dict[str, Any]:
    """The attributes that the layer's own constructor set."""
    return {
        key: plain(value)
        for key, value in sorted(vars(layer).items())
        if key not in ("training", "_flat_weights", "_flat_weight_refs", "activation")
        and not key.startswith(("_forward", "_backward", "_state_dict", "_load_state", "_is_full", "_non_persist"))
        and key not in ("_parameters", "_buffers", "_modules")
    }


def run(layer: Any, library: Any, inputs: tuple[Any, ...], dtype: str, train: bool) -> dict[str, Any]:
    """One step of a layer, on inputs drawn anew for this call: everything that came out, as arrays."""
    rng = np.random.default_rng(1)
    arrays = [given(rng) if callable(given) else rng.standard_normal(given) for given in inputs]
    tensors = [tensor_of(library, array, dtype) for array in arrays]
    layer.train(train)
    layer.zero_grad()
    library.manual_seed(2)
    outputs = flat(layer(*tensors))
    found: dict[str, Any] = {f"output {i}": numpy_of(out) for i, out in enumerate(outputs)}
    graded = [out for out in outputs if out.requires_grad]
    if graded:
        weights = [tensor_of(library, rng.standard_normal(tuple(out.shape)), dtype) for out in graded]
        sum((out * w.detach()).sum() for out, w in zip(graded, weights, strict=True)).backward()
    found |= {f"gradient of input {i}": numpy_of(t.grad) for i, t in enumerate(tensors) if hasattr(t, "grad")}
    found |= {f"gradient of {name}": numpy_of(p.grad) for name, p in layer.named_parameters()}
    return found | {f"buffer {name}": numpy_of(b) for name, b in layer.named_buffers()}


def tensor_of(library: Any, value: Any, dtype: str) -> Any:
    """An array as a tensor; floats in the dtype and with a gradient; anything else as it is."""
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind != "f":
        return library.tensor(value)
    return library.tensor(value.astype(dtype), requires_grad=True)


def flat(outputs: Any) -> list[Any]:
    """The tensors in what a layer returned."""
    if isinstance(outputs, (list, tuple)):
        return [one for part in outputs for one in flat(part)]
    return [outputs] if hasattr(outputs, "detach") else []


def numpy_of(tensor: Any) -> Any:
    """A copy as an array; None of None."""
    return None if tensor is None else np.array(tensor.detach().numpy())


def close(actual: Any, expected: Any, tolerance: float, what: str) -> None:
    """Equal shapes and dtypes, and values within tolerance of the largest."""
    assert (actual.shape, actual.dtype) == (expected.shape, expected.dtype), what
    if expected.dtype.kind != "f":
        assert np.array_equal(actual, expected), what
        return
    finite = expected[np.isfinite(expected)]
    scale = max(1.0, float(np.abs(finite).max(initial=0)))
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance * scale, err_msg=what)


def plain(value: Any) -> Any:
    """A value without its library: tensors as lists, errors and warnings as texts, addresses and module paths gone."""
    if isinstance(value, type):
        return value.__name__
    if hasattr(value, "detach"):
        kind = type(value).__name__
        if not hasattr(value, "tolist") or kind.startswith("Uninitialized"):
            return kind
        return kind, str(value.dtype), list(value.shape), value.requires_grad, value.detach().tolist()
    if callable(value) and getattr(value, "__name__", "") == "<lambda>":
        return attempt(value)
    if isinstance(value, dict):
        return [(plain(key), plain(one)) for key, one in value.items()]
    if isinstance(value, (list, tuple, set, Iterator)):
        return [plain(one) for one in value]
    if isinstance(value, (int, float, str, bool, type(None))):
        return _LIBRARY.sub(r"\1", value) if isinstance(value, str) else value
    return _LIBRARY.sub(r"\1", re.sub(r" at 0x[0-9a-f]+", "", repr(value)))


def attempt(action: Callable[[], Any]) -> Any:
    """What an action returns or raises, and what it warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            outcome = plain(action())
        except Exception as error:
            outcome = type(error).__mro__[0].__name__, plain(str(error))
    return [outcome, *((one.category.__name__, plain(str(one.message))) for one in caught)]
