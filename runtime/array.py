"""The bare numpy array below every tensor, and the types of what an op body hands to the engine."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

Rule: TypeAlias = Callable[[Any], Any]
"""Gradient of the output(s) → gradient of the input(s)."""

Pullback: TypeAlias = Rule | tuple[Rule | None, ...] | None
"""One rule for all inputs, or one rule per input (None: no gradient), or None: not differentiable."""

Answer: TypeAlias = tuple[Array, Pullback]
"""What the body of an op with one output returns."""

Answers: TypeAlias = tuple[tuple[Array, ...], Pullback]
"""What the body of an op with several outputs returns."""


class Drawn(NamedTuple):
    """Random numbers in a rule: constants, which must not be drawn again for the gradient of a gradient."""

    noise: Array


def owner(array: Array) -> object:
    """The object that owns the memory: the same object for all views of it, and for nothing else."""
    while True:
        base = array.base
        if base is None:
            return array
        if not hasattr(base, "base"):  # bytes, a memory map: the last array stands for them
            return array
        array = base  # as_strided puts a stand-in between the view and its base


def overlaps_itself(array: Array) -> bool:
    """Whether two elements lie at one address, as in what `expand` returns."""
    if array.size < 2 or array.flags.forc or type(array) is not np.ndarray:
        return False
    return any(stride == 0 and size > 1 for size, stride in zip(array.shape, array.strides, strict=True))
