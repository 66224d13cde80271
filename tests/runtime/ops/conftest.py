"""Expressions as tests: ``t.add(x34, y4, alpha=2)`` is run with torch and with the runtime as ``t``, and compared.

``F`` is ``t.nn.functional``.

A name is a kind of input and its shape: x34 is a 3 × 4 matrix of normal numbers, x_ a number. Kinds: w x y z normal,
p positive, u in (0, 1), c from {-1, 0, 1} (ties and zeros), i j integers, k indices 0 … 2, b bool.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import nnflip.runtime as runtime
from nnflip.runtime.gradcheck import gradcheck

NAME = re.compile(r"\b([wxyzpuc]|[ijkb])(\d+|_)\b")


def made(kind: str, sizes: str, dtype: str) -> np.ndarray:
    """The input of that name: always the same numbers."""
    draw = np.random.default_rng(zlib.crc32((kind + sizes).encode()))
    shape = () if sizes == "_" else tuple(int(size) for size in sizes)
    match kind:
        case "p":
            return np.asarray(draw.uniform(0.2, 3.0, shape)).astype(dtype)
        case "u":
            return np.asarray(draw.uniform(0.05, 0.95, shape)).astype(dtype)
        case "c":
            return np.asarray(draw.integers(-1, 2, shape)).astype(dtype)
        case "i" | "j":
            values = draw.integers(-4, 5, shape)
            return np.asarray(np.where(values == 0, 5, values), np.int64)
        case "k":
            return np.asarray(draw.integers(0, 3, shape), np.int64)
        case "b":
            return np.asarray(draw.integers(0, 2, shape), np.bool_)
    return np.asarray(draw.standard_normal(shape)).astype(dtype)


def scope_of(library: ModuleType) -> dict[str, Any]:
    """What an expression may speak of besides its inputs."""
    return {"t": library, "F": library.nn.functional, "inf": float("inf"), "nan": float("nan")}


def inputs_of(expression: str, dtype: str) -> dict[str, np.ndarray]:
    """By name, the arrays that an expression speaks of."""
    return {kind + sizes: made(kind, sizes, dtype) for kind, sizes in NAME.findall(expression)}


def flat(result: Any) -> list[Any]:
    """The parts of a result: tensors and plain values in order."""
    return [part for one in result for part in flat(one)] if isinstance(result, (tuple, list)) else [result]


def outcome(library: ModuleType, expression: str, dtype: str) -> list[Any]:
    """Values, dtypes and shapes of the result, then the gradients of the inputs under fixed weights."""
    tensors = {name: library.from_numpy(np.array(array)) for name, array in inputs_of(expression, dtype).items()}
    leaves = [one for one in tensors.values() if one.dtype.is_floating_point]
    for leaf in leaves:
        leaf.requires_grad = True
    parts = flat(eval(expression, scope_of(library) | tensors))
    seen: list[Any] = []
    total = None
    for at, one in enumerate(parts):
        if not isinstance(one, library.Tensor):
            seen.append(one)
            continue
        seen.append((str(one.dtype), tuple(one.shape), one.detach().numpy().copy()))
        if one.requires_grad:
            weights = np.random.default_rng(at).standard_normal(tuple(one.shape)).astype(dtype)
            part = (one * library.from_numpy(np.asarray(weights))).sum()
            total = part if total is None else total + part
    if total is not None:
        total.backward()
        seen += [None if leaf.grad is None else ("grad", tuple(leaf.grad.shape), leaf.grad.numpy()) for leaf in leaves]
    return seen


@pytest.fixture(scope="session")
def agrees(torch: ModuleType) -> Callable[..., None]:
    """Asserts that an expression gives what it gives in torch, gradients included, for inputs of these dtypes."""

    def check(expression: str, *dtypes: str) -> None:
        for dtype in dtypes or ("float32", "float64"):
            expected, actual = outcome(torch, expression, dtype), outcome(runtime, expression, dtype)
            assert len(actual) == len(expected)
            for mine, theirs in zip(actual, expected, strict=True):
                if not isinstance(theirs, tuple):
                    assert mine == theirs
                    continue
                assert mine[:2] == theirs[:2]
                rtol, atol = (1e-11, 1e-12) if theirs[2].dtype == np.float64 else (2e-5, 1e-5)
                np.testing.assert_allclose(mine[2], theirs[2], rtol, atol)

    return check


@pytest.fixture(scope="session")
def slopes() -> Callable[[str], None]:
    """Asserts that the gradients of an expression agree with central differences; needs no torch."""

    def check(expression: str) -> None:
        arrays = inputs_of(expression, "float64")
        names = list(arrays)

        def function(*values: Any) -> Any:
            tensors = [v if isinstance(v, runtime.Tensor) else runtime.from_numpy(v) for v in values]
            parts = flat(eval(expression, scope_of(runtime) | dict(zip(names, tensors, strict=True))))
            return tuple(one for one in parts if isinstance(one, runtime.Tensor))

        gradcheck(function, *arrays.values())

    return check


@pytest.fixture(scope="session")
def same_error(torch: ModuleType) -> Callable[[str], None]:
    """Asserts that an expression raises the same class as in torch, with a message of the same content."""

    def check(expression: str) -> None:
        raised = []
        for library in (torch, runtime):
            with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what is asked
                outcome(library, expression, "float32")
            raised.append(caught.value)
        assert type(raised[1]).__name__.lstrip("_") == type(raised[0]).__name__.lstrip("_")
        first = str(raised[0]).partition("\n")[0]
        assert str(raised[1]).partition("\n")[0] == first

    return check
