"""Fixtures for all tests: real torch as a witness, and digests of what it computed for machines without it."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

# Machines that run many tests at once are slow at odd moments; a time limit per example would only make them flaky.
# In CI the examples are the same at every run; elsewhere each run looks at new ones.
settings.register_profile("nnflip", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("nnflip")

Case = Callable[[Any], Iterable[Any]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="write the recorded.json beside the tests anew, from torch")


@pytest.fixture(autouse=True, scope="session")
def journal_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What `convert --write` remembers for `undo` goes to a place of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def torch() -> ModuleType:
    """Real torch; the test is skipped without it."""
    return pytest.importorskip("torch")


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Recorded:
    """Digests beside the test: `recorded.same(name, case, runtime)`. `pytest --record` takes them from torch anew."""
    return Recorded(request)


class Recorded:
    """A recorded.json: by name the digest of the tensors that a case yielded when it was run on real torch."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.path = Path(str(request.path)).with_name("recorded.json")
        self.renew = request.config.getoption("--record")

    def same(self, name: str, case: Case, library: Any) -> None:
        """Asserts that `case(library)` yields, bit for bit, what `case(torch)` did."""
        digests = json.loads(self.path.read_text()) if self.path.exists() else {}
        if self.renew:
            digests |= {name: digest(case(pytest.importorskip("torch"))), "C library": c_library()}
            self.path.write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n")
        if digests["C library"] != c_library():
            pytest.skip("this C library rounds log, exp, sin otherwise than the one that was recorded")
        assert digest(case(library)) == digests[name]


def digest(tensors: Iterable[Any]) -> str:
    """sha256 over dtype, shape and elements of every tensor."""
    total = hashlib.sha256()
    for tensor in tensors:
        array = np.ascontiguousarray(tensor.detach().numpy())
        total.update(f"{array.dtype}{tensor.shape}".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def c_library() -> str:
    """A digest of how this machine's C library rounds what the draws take from it."""
    points = np.random.RandomState(0).rand(2000).tolist()
    functions = (math.log, math.log1p, math.exp, math.sin, math.cos, math.tan)
    values = [function(point) for function in functions for point in points]
    return hashlib.sha256(np.array(values).tobytes()).hexdigest()
