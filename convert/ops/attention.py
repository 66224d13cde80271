"""Rows: attention."""

from __future__ import annotations

from .packing import Packing
from .pair import Pair
from .slot import DrawnZeros, KaimingUniform, Slot, XavierNormal, XavierUniform
from .spelling import OneWay
from .swap import Swap

_LAYERS = "it is a composition of several layers, and no function computes it"
_STATIC = "the module always projects its key and value"

PAIRS = (
    Pair(
        function="multi_head_attention_forward",
        takes="query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, "
        "add_zero_attn, dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, "
        "need_weights=True, attn_mask=None, use_separate_proj_weight=False, q_proj_weight=None, k_proj_weight=None, "
        "v_proj_weight=None, static_k=None, static_v=None, average_attn_weights=True, is_causal=False",
        module="MultiheadAttention",
        built_by="embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, "
        "vdim=None, batch_first=False, device=None, dtype=None",
        called_with="query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, "
        "average_attn_weights=True, is_causal=False",
        slots=(
            Slot("in_proj_weight", "3*embed_dim embed_dim", init=XavierUniform()),
            Slot("q_proj_weight", "embed_dim embed_dim", init=XavierUniform()),
            Slot("k_proj_weight", "embed_dim kdim", init=XavierUniform()),
            Slot("v_proj_weight", "embed_dim vdim", init=XavierUniform()),
            Slot("in_proj_bias", "3*embed_dim", when=("bias",)),
            Slot("bias_k", "1 1 embed_dim", when=("add_bias_kv",), init=XavierNormal()),
            Slot("bias_v", "1 1 embed_dim", when=("add_bias_kv",), init=XavierNormal()),
            Slot("out_proj_weight", "embed_dim embed_dim", init=KaimingUniform(), below="out_proj.weight"),
            Slot(
                "out_proj_bias",
                "embed_dim",
                when=("bias",),
                init=DrawnZeros(of="out_proj_weight"),
                below="out_proj.bias",
            ),
        ),
        filled=(
            "out_proj_weight",
            "out_proj_bias",
            "in_proj_weight",
            "q_proj_weight",
            "k_proj_weight",
            "v_proj_weight",
            "in_proj_bias",
            "bias_k",
            "bias_v",
        ),
        inner={"out_proj": "torch.nn.Linear"},
        mode="training",
        renames={"embed_dim_to_check": "embed_dim", "dropout_p": "dropout"},
        function_only={"static_k": _STATIC, "static_v": _STATIC},
        swap=Swap(
            flag="batch_first",
            inputs=("query", "key", "value"),
            rank=3,
            slow={"bias": "False", "add_bias_kv": "True", "add_zero_attn": "True"},
            odd="num_heads",
            faster="attending to itself in eval mode without gradients, the module takes a faster path, whose last "
            "digits differ (--respell allows that)",
        ),
        packing=Packing(
            sizes={"kdim": "embed_dim", "vdim": "embed_dim"},
            packed=("in_proj_weight",),
            apart=("q_proj_weight", "k_proj_weight", "v_proj_weight"),
            switch="use_separate_proj_weight",
        ),
        build_positional=2,
        traps=(
            "The function is always given (length, batch, size); only the module knows batch_first.",
            "The function's training is True unless it is told otherwise.",
            "Handed one tensor as query, key and value, both project it at once: copies of it round otherwise.",
            "The module draws out_proj.bias at random and then zeroes it, which moves the random stream on.",
        ),
    ),
)

ONE_WAY = (
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
