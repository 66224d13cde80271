"""Reads torch's own error messages for what they say about the input that would have worked.

`mat1 and mat2 shapes cannot be multiplied (2x800 and 512x10)` → 800 came, 512 were wanted: a smaller image.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Way = Literal["grow", "shrink"]
_PAIR = 2  # tensors in a list, where nothing says how many


@dataclass(frozen=True)
class Clue:
    """What one message asks of one input: each field is a wish, None where the message says nothing."""

    rank: int | None = None
    channels: int | None = None
    last: tuple[int, ...] = ()
    way: Way | None = None
    replace: tuple[int, int] | None = None
    dtype: str | None = None
    more_rank: bool = False
    lower_high: bool = False
    unit_range: bool = False
    class_indices: bool = False
    only: int | None = None
    many: int | None = None


def clues(message: str, batch: int) -> list[Clue]:
    """Every reading of the message, the likeliest first."""
    found: list[Clue] = []
    for pattern, read in _READERS:
        match = re.search(pattern, message)
        if match:
            found += read(match, batch)
    return found


def _rank(match: re.Match[str], batch: int) -> list[Clue]:
    return [Clue(rank=int(match[1])), Clue(many=_PAIR)]


def _unpacked(match: re.Match[str], batch: int) -> list[Clue]:
    return [Clue(rank=int(match[1])), Clue(many=int(match[1]))]


def _channels(match: re.Match[str], batch: int) -> list[Clue]:
    return [Clue(channels=int(match[1]))]


def _matrix(match: re.Match[str], batch: int) -> list[Clue]:
    got, wanted = int(match[2]), int(match[3])
    return [Clue(last=(wanted,), replace=(got, wanted)), Clue(way="shrink" if got > wanted else "grow")]


def _view(match: re.Match[str], batch: int) -> list[Clue]:
    sizes = [int(size) for size in re.findall(r"-?\d+", match[1])]
    known = math.prod(size for size in sizes if size > 0)
    total = int(match[2])
    each = known if -1 in sizes and sizes[0] == -1 else max(1, known // batch)
    got = total / batch
    return [Clue(way="shrink" if got > each else "grow")]


def _normalized(match: re.Match[str], batch: int) -> list[Clue]:
    sizes = tuple(int(size) for size in re.findall(r"\d+", match[1]))
    return [Clue(last=sizes)]


def _mismatch(match: re.Match[str], batch: int) -> list[Clue]:
    a, b = int(match[1]), int(match[2])
    return [Clue(replace=(a, b)), Clue(replace=(b, a)), Clue(way="grow" if a < b else "shrink")]


def _elements(match: re.Match[str], batch: int) -> list[Clue]:
    return [Clue(channels=int(match[2]), replace=(int(match[2]), int(match[1]))), Clue(channels=int(match[1]))]


def _one_of_two(match: re.Match[str], batch: int) -> list[Clue]:
    return [Clue(last=(int(match[2]),), only=int(match[1]) - 1)]


def _last(match: re.Match[str], batch: int) -> list[Clue]:
    return [Clue(last=(int(match[1]),))]


def _says(clue: Clue) -> Callable[[re.Match[str], int], list[Clue]]:
    return lambda match, batch: [clue]


_GROW = _says(Clue(way="grow"))
_INDICES = _says(Clue(dtype="int64"))
_READERS: tuple[tuple[str, Callable[[re.Match[str], int], list[Clue]]], ...] = (
    (r"Expected \dD \(unbatched\) or (\d)D \(batched\) input", _rank),
    (r"[Ee]xpected (?:\dD or )?(\d)D(?: or \dD)? input", _rank),
    (r"expected (\d)D or \dD input", _rank),
    (r"to unpack \(expected (\d)", _unpacked),
    (r"must be tuple of Tensors, not Tensor", _says(Clue(many=_PAIR))),
    (r"to have (\d+) channels, but got", _channels),
    (r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)", _matrix),
    (r"size mismatch, got input \((\d+)\), mat \(\d+x(\d+)\), vec \((\d+)\)", _matrix),
    (r"shape '\[([-\d, ]+)\]' is invalid for input of size (\d+)", _view),
    (r"normalized_shape=\[([\d, ]+)\]", _normalized),
    (r"should contain (\d+) elements not (\d+)", _elements),
    (r"input(\d) size does not match weight size: got \d+ but expected (\d+)", _one_of_two),
    (r"input.size\(-1\) must be equal to input_size. Expected (\d+)", _last),
    (r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)", _mismatch),
    (r"Expected size (\d+) but got size (\d+)", _mismatch),
    (r"Kernel size can't be greater than actual input size", _GROW),
    (r"[Oo]utput size is too small|Expected more than 1 value per channel", _GROW),
    (r"Padding size should be less than|too small|non-?zero size|non-positive|smaller than kernel", _GROW),
    (r"scalar types: Long, Int|tensors used as indices must be|expected scalar type Long", _INDICES),
    (r"indices.*(?:Long|Int)|not implemented for 'Float'|[Ee]xpected .*(?:Long|int64)", _INDICES),
    (r"only integer tensors|index_select\(\): Expected dtype int", _INDICES),
    (r"index out of range|out of bounds", _says(Clue(lower_high=True))),
    (r"between 0 and 1", _says(Clue(unit_range=True))),
    (r"multi-target not supported|0D or 1D target tensor expected", _says(Clue(class_indices=True))),
    (r"Dimension out of range|tuple index out of range|dimension specified as", _says(Clue(more_rank=True))),
    (r"too many indices for tensor|must be at least|needs at least", _says(Clue(more_rank=True))),
)
