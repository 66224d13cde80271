"""`torch.Size`: a shape, a tuple that prints as torch's and knows its product."""

from __future__ import annotations

import math
from typing import Any, SupportsIndex


class Size(tuple[int, ...]):
    """The shape of a tensor: `torch.Size([2, 3])`. Slices and sums of sizes are sizes."""

    __slots__ = ()

    def numel(self) -> int:
        """How many elements a tensor of this shape has."""
        return math.prod(self)

    def __getitem__(self, index: SupportsIndex | slice) -> Any:  # int or Size
        value: Any = tuple.__getitem__(self, index)
        return Size(value) if isinstance(index, slice) else value

    def __add__(self, other: Any) -> Size:
        return Size(tuple(self) + tuple(other))

    def __radd__(self, other: Any) -> Size:
        return Size(tuple(other) + tuple(self))

    def __mul__(self, times: SupportsIndex) -> Size:
        return Size(tuple.__mul__(self, times))

    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Size, (tuple(self),)
