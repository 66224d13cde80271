"""A setting with which a module swaps the first two axes of its input, and those of its output: `batch_first`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..calls import same_value
from .packing import Packing


@dataclass(frozen=True)
class Swap:
    """What the module does around its function, and when that is all it does.

    flag       constructor argument that asks for it
    inputs     arguments of the call whose axes are swapped; one tensor in several places is swapped once
    rank       of inputs that have both axes: others are passed on as they are
    slow       constructor argument → literal that keeps the module from a faster path of its own, which has no function
    odd        constructor argument that does so where it is odd
    faster     what is different on the faster path
    """

    flag: str
    inputs: tuple[str, ...]
    rank: int
    slow: Mapping[str, str]
    odd: str
    faster: str

    def is_exact(self, values: Mapping[str, str], packing: Packing | None) -> bool:
        """Whether a module with these constructor arguments, as texts, certainly never takes its faster path."""
        number = values.get(self.odd, "")
        return (
            any(same_value(values.get(name, ""), text) for name, text in self.slow.items())
            or (number.isdigit() and int(number) % 2 == 1)
            or (packing is not None and packing.is_apart(values) is True)
        )
