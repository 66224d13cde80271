"""The first values of layers and the masks of dropout, bit for bit, on machines without torch too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def layers(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    torch.manual_seed(0)
    model = nn.ModuleList(
        [
            nn.Linear(7, 5),
            nn.Bilinear(3, 4, 2),
            nn.Conv1d(2, 4, 3),
            nn.Conv2d(4, 6, 3, groups=2),
            nn.Conv3d(2, 3, 2, bias=False),
            nn.ConvTranspose1d(3, 2, 3),
            nn.ConvTranspose2d(4, 2, 3),
            nn.ConvTranspose3d(2, 2, 2),
            nn.BatchNorm2d(4),
            nn.LayerNorm(3),
            nn.GroupNorm(2, 4),
            nn.InstanceNorm2d(3, affine=True),
            nn.Embedding(30, 11, padding_idx=2),
            nn.EmbeddingBag(5, 3),
            nn.PReLU(3),
            nn.RNN(3, 4),
            nn.GRU(3, 4, bidirectional=True),
            nn.LSTM(3, 4, 2, proj_size=2),
            nn.LSTMCell(3, 4),
            nn.MultiheadAttention(4, 2, add_bias_kv=True),
            nn.TransformerEncoderLayer(4, 2, 8),
        ]
    )
    yield from model.state_dict().values()
    yield torch.rand(5)


def masks(torch: Any) -> Iterator[Any]:
    nn = torch.nn
    torch.manual_seed(1)
    for layer in (nn.Dropout(0.3), nn.Dropout1d(), nn.Dropout2d(0.2), nn.Dropout3d(0.4)):
        shape = {"Dropout1d": (4, 5, 3), "Dropout2d": (2, 5, 3, 3), "Dropout3d": (2, 5, 2, 2, 2)}
        yield layer(torch.ones(shape.get(type(layer).__name__, (4, 50))))


def test_layers_start_as_torchs_do(runtime: Any, recorded: Any) -> None:
    recorded.same("layers", layers, runtime)


def test_dropout_drops_what_torchs_drops(runtime: Any, recorded: Any) -> None:
    recorded.same("dropout layers", masks, runtime)
