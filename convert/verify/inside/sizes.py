"""Spatial sizes to try: usual ones first, then halving the interval that earlier failures leave open."""

from __future__ import annotations

from dataclasses import dataclass, field

from .clues import Way

_USUAL = {  # by number of spatial axes
    1: (32, 28, 64, 128, 100, 256, 16, 512, 784, 1024, 8, 16000),
    2: (32, 28, 64, 224, 96, 48, 16, 128, 8, 256, 299, 40, 384, 84),
    3: (16, 8, 32, 28, 12, 64),
}
_LARGEST = {1: 65536, 2: 640, 3: 80}


@dataclass
class Sizes:
    """What failures have taught: for each input and leading shape, the open interval of sizes."""

    _open: dict[tuple[int, tuple[int, ...], int], tuple[int, int]] = field(default_factory=dict)

    @staticmethod
    def first(axes: int) -> tuple[int, ...]:
        """The size to begin with, on every spatial axis."""
        return (_USUAL[axes][0],) * axes if axes in _USUAL else ()

    def next(self, index: int, shape: tuple[int, ...], way: Way) -> int | None:
        """A size larger or smaller than the last axis of `shape`, or None when nothing is left between."""
        axes, size = len(shape) - 2, shape[-1]
        key = (index, shape[:2], axes)
        low, high = self._open.get(key, (1, _LARGEST[axes]))
        low, high = (max(low, size + 1), high) if way == "grow" else (low, min(high, size - 1))
        if low > high:
            return None
        self._open[key] = (low, high)
        usual = [one for one in _USUAL[axes] if low <= one <= high]
        return usual[0] if usual else (low + high) // 2
