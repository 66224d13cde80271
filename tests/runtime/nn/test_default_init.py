"""Every layer with parameters starts as in torch: same seed, same initial state bit for bit, same stream afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import nnflip.runtime as ours

LAYERS = (
    "Linear(4, 5)",
    "Linear(4, 5, bias=False)",
    "Linear(40, 30, dtype=t.float64)",
    "Linear(1, 1)",
    "Bilinear(3, 4, 5)",
    "Bilinear(3, 4, 2, bias=False)",
    "Conv1d(3, 4, 5)",
    "Conv1d(4, 6, 3, groups=2, bias=False)",
    "Conv2d(1, 16, 5)",
    "Conv2d(3, 8, (3, 2), stride=2, padding=1)",
    "Conv2d(8, 8, 3, groups=8)",
    "Conv2d(2, 3, 3, padding='same', padding_mode='reflect', dtype=t.float64)",
    "Conv3d(2, 3, 2)",
    "Conv3d(2, 4, (1, 2, 3), groups=2, bias=False)",
    "ConvTranspose1d(4, 3, 2)",
    "ConvTranspose2d(4, 6, 3, groups=2)",
    "ConvTranspose2d(4, 6, 3, stride=2, output_padding=1, bias=False)",
    "ConvTranspose3d(2, 3, 2)",
    "BatchNorm1d(4)",
    "BatchNorm2d(4, affine=False)",
    "BatchNorm3d(4, track_running_stats=False)",
    "BatchNorm2d(4, momentum=None, dtype=t.float64)",
    "InstanceNorm1d(4)",
    "InstanceNorm2d(4, affine=True, track_running_stats=True)",
    "InstanceNorm3d(4, affine=True)",
    "LayerNorm(6)",
    "LayerNorm((3, 4), bias=False)",
    "LayerNorm(6, elementwise_affine=False)",
    "GroupNorm(2, 6)",
    "GroupNorm(2, 6, affine=False)",
    "RMSNorm(6)",
    "RMSNorm((2, 3), elementwise_affine=False)",
    "Embedding(10, 3)",
    "Embedding(10, 3, padding_idx=2)",
    "Embedding(3, 2, padding_idx=-1)",
    "Embedding(10, 8, dtype=t.float64)",
    "EmbeddingBag(10, 3)",
    "EmbeddingBag(10, 3, mode='sum', padding_idx=1)",
    "PReLU()",
    "PReLU(4, 0.1)",
    "RNN(4, 5)",
    "RNN(4, 5, 2, nonlinearity='relu', bidirectional=True)",
    "LSTM(4, 5)",
    "LSTM(4, 5, num_layers=2, bias=False, bidirectional=True)",
    "LSTM(4, 6, proj_size=3)",
    "GRU(4, 5, 2)",
    "RNNCell(4, 5)",
    "LSTMCell(4, 5, bias=False)",
    "GRUCell(4, 5)",
    "MultiheadAttention(8, 2)",
    "MultiheadAttention(8, 2, bias=False)",
    "MultiheadAttention(8, 2, kdim=4, vdim=6, add_bias_kv=True)",
    "TransformerEncoderLayer(8, 2, 16)",
    "TransformerDecoderLayer(8, 2, 16)",
    "Transformer(8, 2, 1, 2, 16, batch_first=True)",
    "Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Conv2d(1, 2, 3), nn.Dropout(0.5), nn.BatchNorm2d(2))",
    "utils.skip_init(nn.Linear, 4, 5)",
)


def built(t: Any, layer: str) -> Any:
    t.manual_seed(0)
    return eval(f"nn.{layer}", {"nn": t.nn, "t": t})


def state_and_stream(layer: str, t: Any) -> Iterator[Any]:
    state = built(t, layer).state_dict()
    yield from () if layer.startswith("utils.skip_init") else state.values()
    yield t.rand(3)
    yield t.get_rng_state()


def available(layer: str) -> bool:
    return hasattr(ours.nn, layer.partition("(")[0].partition(".")[0])


PRESENT = tuple(layer for layer in LAYERS if available(layer))


@pytest.mark.parametrize("layer", PRESENT)
def test_layers_start_with_the_recorded_bits(layer: str, recorded: Any) -> None:
    recorded.same(f"layer: {layer}", lambda t: state_and_stream(layer, t), ours)


@pytest.mark.torch
@pytest.mark.parametrize("layer", PRESENT)
def test_layers_start_as_in_torch(layer: str, torch: Any) -> None:
    assert list(built(ours, layer).state_dict()) == list(built(torch, layer).state_dict())
    for theirs, mine in zip(state_and_stream(layer, torch), state_and_stream(layer, ours), strict=True):
        assert str(mine.dtype) == str(theirs.dtype)
        assert mine.shape == theirs.shape
        assert mine.numpy().tobytes() == theirs.detach().numpy().tobytes()


@pytest.mark.torch
@pytest.mark.parametrize("layer", [layer for layer in PRESENT if not layer.startswith("utils")])
def test_resetting_draws_again_as_in_torch(layer: str, torch: Any) -> None:
    theirs, mine = built(torch, layer), built(ours, layer)
    if not hasattr(theirs, "reset_parameters"):
        assert not hasattr(mine, "reset_parameters")
        return
    theirs.reset_parameters(), mine.reset_parameters()
    for name, expected in theirs.state_dict().items():
        assert mine.state_dict()[name].numpy().tobytes() == expected.numpy().tobytes(), name
    assert ours.rand(3).tolist() == torch.rand(3).tolist()


def test_every_layer_is_present() -> None:
    assert [layer for layer in LAYERS if not available(layer)] == []
