"""Whether an op's pullback is the transpose of its derivative: ⟨v, pullback⟩ against a central difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .array import Array
from .backward import grad
from .tensor import Tensor, wrap


def gradient_errors(
    function: Callable[..., Any], *inputs: Any, seed: int = 0, eps: float = 1e-6, directions: int = 2
) -> list[tuple[float, float]]:
    """Pairs (by pullback, by differences) of the derivative of ⟨w, function(inputs)⟩ along random directions.

    `inputs` are float64 arrays (differentiated) or anything else (passed on as it is); `function` takes tensors and
    returns a tensor or a tuple of them, of which the floating ones count.
    """
    draw = np.random.default_rng(seed)
    places = [i for i, x in enumerate(inputs) if isinstance(x, np.ndarray) and x.dtype.kind == "f"]

    def run(arrays: dict[int, Array], requires_grad: bool) -> tuple[list[Tensor], list[Tensor]]:
        leaves = {i: wrap(np.array(arrays[i]), requires_grad) for i in places}
        result = function(*(leaves.get(i, x) for i, x in enumerate(inputs)))
        outputs = result if isinstance(result, (tuple, list)) else (result,)
        return [leaves[i] for i in places], [one for one in outputs if one.array.dtype.kind == "f"]

    at = {i: np.asarray(inputs[i], np.float64) for i in places}
    leaves, outputs = run(at, requires_grad=True)
    weights = [np.asarray(draw.standard_normal(one.array.shape)) for one in outputs]
    live = [(one, wrap(weight)) for one, weight in zip(outputs, weights, strict=True) if one.requires_grad]
    pulled = grad([one for one, _ in live], leaves, [weight for _, weight in live], allow_unused=True)

    def total(step: float, direction: dict[int, Array]) -> float:
        _, moved = run({i: at[i] + step * direction[i] for i in places}, requires_grad=False)
        return sum(float((one.array * weight).sum()) for one, weight in zip(moved, weights, strict=True))

    found = []
    for _ in range(directions):
        direction = {i: np.asarray(draw.standard_normal(at[i].shape)) for i in places}
        along = sum(float((g.array * direction[i]).sum()) for i, g in zip(places, pulled, strict=True) if g is not None)
        found.append((along, (total(eps, direction) - total(-eps, direction)) / (2 * eps)))
    return found


def gradcheck(
    function: Callable[..., Any], *inputs: Any, seed: int = 0, eps: float = 1e-6, rtol: float = 1e-5, atol: float = 1e-6
) -> None:
    """AssertionError unless the pullbacks of `function` at `inputs` agree with central differences (float64).

    `gradcheck(F.conv2d, x, w, b)`; for keyword arguments pass a lambda. An input should be away from kinks.
    """
    for by_pullback, by_differences in gradient_errors(function, *inputs, seed=seed, eps=eps):
        if not abs(by_pullback - by_differences) <= atol + rtol * abs(by_differences):
            raise AssertionError(f"the pullback says {by_pullback!r}, a central difference {by_differences!r}")
