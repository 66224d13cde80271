"""Rows: convolutions and transposed convolutions."""

from __future__ import annotations

from .pair import Pair
from .slot import KaimingUniform, Slot, UniformFanIn
from .spelling import OneWay, also


def _conv(rank: int) -> Pair:
    takes = "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1"
    return Pair(
        function=f"conv{rank}d",
        takes=takes,
        module=f"Conv{rank}d",
        built_by="in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, "
        "padding_mode='zeros', device=None, dtype=None",
        slots=(
            Slot("weight", "out_channels in_channels/groups *kernel_size", init=KaimingUniform()),
            Slot("bias", "out_channels", when=("bias",), init=UniformFanIn()),
        ),
        spatial=rank,
        padding_modes=("reflect", "replicate", "circular"),
        module_only={
            "padding_mode": "the function pads with zeros; other modes are an F.pad before it, from literals only"
        },
        spellings=also(f"torch.conv{rank}d", takes),
        traps=("The weight is (out_channels, in_channels // groups, *kernel_size).",),
    )


def _transposed(rank: int) -> Pair:
    takes = "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1"
    return Pair(
        function=f"conv_transpose{rank}d",
        takes=takes,
        module=f"ConvTranspose{rank}d",
        built_by="in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, "
        "dilation=1, padding_mode='zeros', device=None, dtype=None",
        called_with="input, output_size=None",
        slots=(
            Slot("weight", "in_channels out_channels/groups *kernel_size", init=KaimingUniform()),
            Slot("bias", "out_channels", when=("bias",), init=UniformFanIn()),
        ),
        spatial=rank,
        module_only={"padding_mode": "the module itself refuses anything but zeros"},
        call_only={"output_size": "the module turns it into output_padding at each call; the function takes only that"},
        spellings=also(f"torch.conv_transpose{rank}d", takes),
        traps=(
            "The weight is (in_channels, out_channels // groups, *kernel_size): its first axis is the input's.",
            "dilation comes last in the function and after bias in the constructor.",
        ),
    )


PAIRS = (*(_conv(rank) for rank in (1, 2, 3)), *(_transposed(rank) for rank in (1, 2, 3)))

ONE_WAY = (
    OneWay(
        "conv_tbc",
        "function",
        "no module takes its input as (time, batch, channels)",
        "use F.conv1d on (batch, channels, time)",
    ),
)
