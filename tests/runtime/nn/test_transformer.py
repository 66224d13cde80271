"""Attention and transformers against torch; the same weights from the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch


def padding(*shape: int) -> Any:
    """A bool mask that hides the last element of the first row."""

    def drawn(rng: Any) -> Any:
        mask = np.zeros(shape, bool)
        mask[0, -1] = True
        return mask

    return drawn


def causal(size: int) -> Any:
    """The float mask that hides what comes later; without a gradient of its own."""
    return lambda rng: np.triu(np.full((size, size), -np.inf), 1).astype(np.float64)


LAYERS: list[tuple[Any, ...]] = [
    ("nn.MultiheadAttention(4, 2)", (3, 2, 4), (5, 2, 4), (5, 2, 4)),
    ("nn.MultiheadAttention(4, 2, bias=False)", (3, 4), (5, 4), (5, 4)),
    (
        "nn.MultiheadAttention(4, 2, kdim=3, vdim=5, add_bias_kv=True, add_zero_attn=True, batch_first=True)",
        (2, 3, 4),
        (2, 6, 3),
        (2, 6, 5),
    ),
    ("nn.MultiheadAttention(4, 2, dropout=0.5)", (3, 2, 4), (5, 2, 4), (5, 2, 4)),
    ("nn.MultiheadAttention(4, 2)", (3, 2, 4), (5, 2, 4), (5, 2, 4), padding(2, 5), lambda rng: False),
    (
        "nn.MultiheadAttention(4, 2)",
        (3, 2, 4),
        (5, 2, 4),
        (5, 2, 4),
        padding(2, 5),
        lambda rng: True,
        lambda rng: np.triu(np.ones((3, 5), bool), 3),
        lambda rng: False,
    ),
    (
        "nn.MultiheadAttention(4, 2, add_bias_kv=True)",
        (3, 2, 4),
        (5, 2, 4),
        (5, 2, 4),
        lambda rng: None,
        lambda rng: False,
        (4, 3, 5),
    ),
    ("nn.TransformerEncoderLayer(4, 2, 8)", (3, 2, 4)),
    (
        "nn.TransformerEncoderLayer(4, 2, 8, activation='gelu', norm_first=True, bias=False, batch_first=True)",
        (2, 3, 4),
    ),
    (
        "nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0)",
        (3, 2, 4),
        lambda rng: np.triu(np.ones((3, 3), bool), 1),
        padding(2, 3),
    ),
    ("nn.TransformerDecoderLayer(4, 2, 8)", (3, 2, 4), (5, 2, 4)),
    ("nn.TransformerDecoderLayer(4, 2, 8, norm_first=True, batch_first=True)", (2, 3, 4), (2, 5, 4)),
    ("nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 2)", (2, 3, 4)),
    (
        "nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 2, nn.LayerNorm(4))",
        (2, 3, 4),
        causal(3),
    ),
    ("nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 8), 2, nn.LayerNorm(4))", (3, 2, 4), (5, 2, 4), causal(3)),
    ("nn.Transformer(4, 2, 1, 2, 8, batch_first=True)", (2, 3, 4), (2, 5, 4)),
]

OUTCOMES = [
    "nn.MultiheadAttention(5, 2)",
    "nn.MultiheadAttention(4, 0)",
    "nn.MultiheadAttention(4, 2)(torch.ones(4), torch.ones(3, 2, 4), torch.ones(3, 2, 4))",
    "nn.MultiheadAttention(4, 2)(torch.ones(3, 2, 4), torch.ones(2, 4), torch.ones(3, 2, 4))",
    "nn.MultiheadAttention(4, 2)(*[torch.ones(3, 2, 4)] * 3, attn_mask=torch.ones(2, 2))",
    "nn.MultiheadAttention(4, 2)(*[torch.ones(3, 2, 4)] * 3, is_causal=True)",
    "nn.MultiheadAttention(4, 2)(*[torch.ones(3, 2, 4)] * 3, attn_mask=torch.ones(3, 3, dtype=torch.int32))",
    "nn.MultiheadAttention(4, 2)(*[torch.ones(3, 2, 5)] * 3)",
    "nn.MultiheadAttention(4, 2)(*[torch.ones(3, 2, 4)] * 3, attn_mask=torch.ones(3, 3, 3))",
    "nn.MultiheadAttention(4, 2)(torch.ones(3, 2, 4), torch.ones(2, 2, 4), torch.ones(3, 2, 4))",
    "nn.MultiheadAttention(4, 2)(*[torch.ones(3, 2, 4)] * 3, key_padding_mask=torch.zeros(2, 2, dtype=torch.bool))",
    "nn.TransformerEncoderLayer(4, 2, 8, activation='foo')",
    "nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 2)",
    "nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, norm_first=True), 1).use_nested_tensor",
    "nn.Transformer.generate_square_subsequent_mask(3)",
    "nn.Transformer(4, 2, 1, 1, 8, batch_first=True)(torch.ones(3, 2, 5), torch.ones(3, 2, 4))",
    "nn.Transformer(4, 2, 1, 1, 8, batch_first=True)(torch.ones(2, 2, 4), torch.ones(3, 3, 4))",
    "F.scaled_dot_product_attention(torch.ones(2, 3), torch.ones(4, 3), torch.ones(4, 5), is_causal=True)",
    "F.scaled_dot_product_attention(torch.ones(3), torch.ones(4, 3), torch.ones(4, 5))",
    "F.scaled_dot_product_attention(torch.ones(2, 3), torch.ones(4, 3), torch.ones(4, 5, dtype=torch.float64))",
    "F.scaled_dot_product_attention(torch.ones(2, 3), *[torch.ones(4, 3)] * 2, torch.zeros(2, 4, dtype=torch.bool))",
    "F.scaled_dot_product_attention(torch.ones(1, 4, 2, 3), *[torch.ones(1, 2, 4, 3)] * 2, enable_gqa=True, scale=0.3)",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
