"""Rows: pooling."""

from __future__ import annotations

from .pair import Pair


def _max(rank: int) -> Pair:
    return Pair(
        function=f"max_pool{rank}d",
        takes="input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False",
        module=f"MaxPool{rank}d",
        built_by="kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
        spatial=rank,
        traps=("The last two arguments change places: (…, ceil_mode, return_indices) in the function.",),
    )


PAIRS = (*(_max(rank) for rank in (1, 2, 3)),)
ONE_WAY = ()
