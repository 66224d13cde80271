"""Rows: attention."""

from __future__ import annotations

from .pair import Pair
from .spelling import OneWay

_LAYERS = "it is a composition of several layers, and no function computes it"

PAIRS: tuple[Pair, ...] = ()

ONE_WAY = (
    OneWay(
        "MultiheadAttention",
        "module",
        "around the function the module converts masks, moves the batch axis and takes a faster path in eval mode",
        "keep the module, or call F.scaled_dot_product_attention on projections of your own",
    ),
    OneWay(
        "multi_head_attention_forward",
        "function",
        "its weights are the inside of nn.MultiheadAttention, which also prepares masks and axes",
        "use nn.MultiheadAttention",
    ),
    OneWay(
        "scaled_dot_product_attention",
        "function",
        "it has no parameters of its own and no module",
        "keep the function",
    ),
    *(
        OneWay(f"Transformer{part}", "module", _LAYERS, "keep the module")
        for part in ("", "Encoder", "EncoderLayer", "Decoder", "DecoderLayer")
    ),
)
