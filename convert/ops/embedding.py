"""Rows: embeddings."""

from __future__ import annotations

from .pair import Pair
from .slot import Normal, Slot
from .spelling import OneWay, Spelling

_READY_MADE = {
    "_weight": "private to torch: Embedding.from_pretrained is the public way to a ready-made weight",
}

PAIRS = (
    Pair(
        function="embedding",
        takes="input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
        module="Embedding",
        built_by="num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, "
        "scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None",
        slots=(Slot("weight", "num_embeddings embedding_dim", init=Normal(zero_row="padding_idx")),),
        module_only={**_READY_MADE, "_freeze": _READY_MADE["_weight"]},
        spellings=(
            Spelling(
                function="torch.embedding",
                takes="weight, input",
                note="input and weight change places; its further arguments mean other things (padding_idx=-1: none)",
            ),
        ),
        traps=(
            "With padding_idx the module zeroes that row when it is built; the function only keeps its gradient zero.",
            "With max_norm both rewrite the weight in place during the call.",
        ),
    ),
    Pair(
        function="embedding_bag",
        takes="input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', "
        "sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None",
        module="EmbeddingBag",
        built_by="num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', "
        "sparse=False, _weight=None, include_last_offset=False, padding_idx=None, device=None, dtype=None",
        called_with="input, offsets=None, per_sample_weights=None",
        slots=(Slot("weight", "num_embeddings embedding_dim", init=Normal(zero_row="padding_idx")),),
        module_only=_READY_MADE,
        call_positional=3,
        traps=("A negative padding_idx counts from the end, and the module stores it counted from the start.",),
    ),
)

ONE_WAY = (
    OneWay(
        "torch.embedding_bag",
        "function",
        "it returns four tensors and takes the mode as a number",
        "write F.embedding_bag",
        family="embedding",
    ),
    OneWay("one_hot", "function", "there is no module of it", "keep the function"),
)
