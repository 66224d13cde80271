"""One operation on every tensor of a list, against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnflip import runtime
from nnflip.runtime.foreach import FOREACH

ONE = [name for name in FOREACH if not any(word in name for word in ("add", "sub", "mul", "div", "pow", "max", "min"))]
CASES: list[tuple[str, Any, dict[str, Any]]] = [
    *((name, lambda y, z: (), {}) for name in ONE if "lerp" not in name and "copy" not in name),
    *(
        (f"_foreach_{name}{place}", others, {})
        for name in ("add", "sub", "mul", "div", "pow", "maximum", "minimum", "clamp_min", "clamp_max")
        for place in ("", "_")
        for others in (lambda y, z: (y,), lambda y, z: (2.0,), lambda y, z: ([1.0, 2.0],))
    ),
    ("_foreach_add_", lambda y, z: (y,), {"alpha": 0.5}),
    *(
        (f"_foreach_{name}", others, options)
        for name in ("addcmul", "addcdiv_")
        for others, options in (
            (lambda y, z: (y, z), {}),
            (lambda y, z: (y, z, 0.5), {}),
            (lambda y, z: (y, z), {"value": 0.5}),
            (lambda y, z: (y, z, [0.5, 2.0]), {}),
        )
    ),
    ("_foreach_lerp_", lambda y, z: (y, 0.3), {}),
    ("_foreach_lerp", lambda y, z: (y, z), {}),
    ("_foreach_copy_", lambda y, z: (y,), {}),
    ("_foreach_norm", lambda y, z: (1,), {}),
]


def answers(library: Any, name: str, others: Any, options: dict[str, Any]) -> list[np.ndarray]:
    """What the function returns, or what it leaves in its list."""
    library.manual_seed(0)
    x, y, z = ([library.rand(3) + 0.5, library.rand(2, 2) + 0.5] for _ in range(3))
    found = getattr(library, name)(x, *others(y, z), **options)
    return [np.array(one.numpy()) for one in (x if found is None else found)]


@pytest.mark.parametrize(("name", "others", "options"), CASES)
def test_the_same_as_torch(name, others, options) -> None:
    torch = pytest.importorskip("torch")
    for mine, value in zip(answers(runtime, name, others, options), answers(torch, name, others, options), strict=True):
        assert np.allclose(mine, value, rtol=1e-6, atol=0)


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(RuntimeError, match="same number of tensors, got 1 and 2"):
        runtime._foreach_add([runtime.ones(1)], [runtime.ones(1), runtime.ones(1)])
