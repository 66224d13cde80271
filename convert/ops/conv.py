"""Rows: convolutions."""

from __future__ import annotations

from .initial import KaimingUniform, UniformFanIn
from .pair import Pair, Slot


def _conv(rank: int) -> Pair:
    return Pair(
        function=f"conv{rank}d",
        takes="input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1",
        module=f"Conv{rank}d",
        built_by="in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, "
        "padding_mode='zeros', device=None, dtype=None",
        slots=(
            Slot("weight", "out_channels in_channels/groups *kernel_size", init=KaimingUniform()),
            Slot("bias", "out_channels", when=("bias",), init=UniformFanIn()),
        ),
        spatial=rank,
        module_only={"padding_mode": "the function pads with zeros only; the module pads its input by F.pad before"},
    )


PAIRS = (*(_conv(rank) for rank in (1, 2, 3)),)
ONE_WAY = ()
