"""Rows: the same numbers in another shape."""

from __future__ import annotations

from .pair import Pair
from .spelling import OneWay, also

_SLIDING = "kernel_size, dilation=1, padding=0, stride=1"

PAIRS = (
    Pair(
        function="torch.flatten",
        takes="input, start_dim=0, end_dim=-1",
        module="Flatten",
        built_by="start_dim=1, end_dim=-1",
        build_positional=1,
        call_positional=2,
        spellings=also("x.flatten", "input, start_dim=0, end_dim=-1"),
        traps=(
            "The module begins at dim 1, the function at dim 0.",
            "x.view(x.size(0), -1) becomes nn.Flatten() where x is seen to have two dimensions or more.",
        ),
    ),
    Pair(
        function="torch.unflatten",
        takes="input, dim, sizes",
        module="Unflatten",
        built_by="dim, unflattened_size",
        renames={"sizes": "unflattened_size"},
        spellings=also("x.unflatten", "input, dim, sizes"),
    ),
    Pair(
        function="pixel_shuffle",
        takes="input, upscale_factor",
        module="PixelShuffle",
        built_by="upscale_factor",
        spellings=also("torch.pixel_shuffle", "input, upscale_factor"),
    ),
    Pair(
        function="pixel_unshuffle",
        takes="input, downscale_factor",
        module="PixelUnshuffle",
        built_by="downscale_factor",
        spellings=also("torch.pixel_unshuffle", "input, downscale_factor"),
    ),
    Pair(
        function="channel_shuffle",
        takes="input, groups",
        module="ChannelShuffle",
        built_by="groups",
        spellings=also("torch.channel_shuffle", "input, groups"),
    ),
    Pair(
        function="unfold",
        takes=f"input, {_SLIDING}",
        module="Unfold",
        built_by=_SLIDING,
        spatial=2,
        traps=("Tensor.unfold is another function.",),
    ),
    Pair(
        function="fold",
        takes=f"input, output_size, {_SLIDING}",
        module="Fold",
        built_by=f"output_size, {_SLIDING}",
        spatial=2,
    ),
)
ONE_WAY = tuple(
    OneWay(
        f"{owner}native_channel_shuffle",
        "function",
        "it records no gradient, which nn.ChannelShuffle does",
        "write F.channel_shuffle",
    )
    for owner in ("", "torch.")
)
