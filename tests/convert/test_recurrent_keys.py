"""The state map names the tensors of a recurrent layer that is kept, one by one and in torch's order."""

from __future__ import annotations

import pytest

from nnflip import runtime
from nnflip.convert import Options, convert_source
from nnflip.convert.parameters import parameters_of

NET = """
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, n=2, both=True, flag=False):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.rnn = nn.{layer}

    def forward(self, x):
        return self.rnn(self.fc(x))
"""

KNOWN = {
    "LSTM(4, n)": "LSTM(4, 2)",
    "GRU(4, n, num_layers=2, bias=False)": "GRU(4, 2, num_layers=2, bias=False)",
    "LSTM(4, 3, 2, bidirectional=True)": "LSTM(4, 3, 2, bidirectional=True)",
    "LSTM(4, 3, proj_size=2)": "LSTM(4, 3, proj_size=2)",
    "RNN(4, 3, 3, 'relu', batch_first=both)": "RNN(4, 3, 3, 'relu')",
    "GRUCell(4, n)": "GRUCell(4, 2)",
    "LSTMCell(4, n, bias=False)": "LSTMCell(4, 2, bias=False)",
}
UNKNOWN = (
    "LSTM(4, 2, n)",
    "LSTM(4, 3, proj_size=n)",
    "GRU(4, 2, bias=flag)",
    "RNN(4, 3, bidirectional=both)",
    "LSTM(4, 3, **{'num_layers': 2})",
)


def keys(layer: str) -> list[str]:
    (model,) = convert_source(NET.format(layer=layer), Options(to="functional")).models
    return [key for key in model.state_map if key.startswith("rnn.")]


@pytest.mark.parametrize("layer", KNOWN)
def test_keys_are_those_of_the_layer(layer: str) -> None:
    built = eval(f"nn.{KNOWN[layer]}", {"nn": runtime.nn})
    assert keys(layer) == [f"rnn.{key}" for key in built.state_dict()]
    assert parameters_of(NET.format(layer=layer))["Net"].optional == ()


@pytest.mark.parametrize("layer", UNKNOWN)
def test_what_the_text_does_not_tell_stays_open(layer: str) -> None:
    assert keys(layer) == ["rnn.*"]
