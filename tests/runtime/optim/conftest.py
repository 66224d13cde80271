"""Twins that train: the same problem under torch and under the runtime."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="session")
def runtime() -> ModuleType:
    """The numpy torch."""
    import nnflip.runtime

    return nnflip.runtime


Built = Callable[[Any, list[Any]], Any]


@pytest.fixture
def trained() -> Callable[..., tuple[list[Any], Any]]:
    """`trained(library, dtype, build)`: parameters after each of 20 steps, and the optimizer."""

    def run(library: Any, dtype: str, build: Built, steps: int = 20) -> tuple[list[Any], Any]:
        rng = np.random.default_rng(3)
        shapes = [(4, 3), (5,), ()]
        params = [library.nn.Parameter(library.tensor(rng.standard_normal(s).astype(dtype))) for s in shapes]
        target = [library.tensor(rng.standard_normal(s).astype(dtype)) for s in shapes]
        optimizer = build(library, params)
        found = []
        for step in range(steps):
            optimizer.zero_grad()
            weights = [1.0 + 0.3 * ((step + i) % 3) for i in range(3)]
            loss = sum(w * ((p - t) ** 2).sum() for w, p, t in zip(weights, params, target, strict=True))
            loss.backward()
            optimizer.step()
            found += [p.detach().numpy().copy() for p in params]
        return found, optimizer

    return run
