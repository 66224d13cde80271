"""Recurrent layers and cells against torch."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN"),
]

LAYERS: list[tuple[Any, ...]] = [
    ("nn.RNN(3, 4)", (5, 2, 3)),
    ("nn.RNN(3, 4, 2, 'relu')", (5, 2, 3), (2, 2, 4)),
    ("nn.RNN(3, 4, bidirectional=True, batch_first=True)", (2, 5, 3)),
    ("nn.RNN(3, 4, nonlinearity='relu', bias=False)", (5, 3)),
    ("nn.GRU(3, 4)", (5, 2, 3)),
    ("nn.GRU(3, 4, num_layers=2, bidirectional=True)", (5, 2, 3), (4, 2, 4)),
    ("nn.GRU(3, 4, bias=False, batch_first=True)", (5, 3), (1, 4)),
    ("nn.GRU(3, 4, 2, dropout=0.5)", (5, 2, 3)),
    ("nn.LSTM(3, 4)", (5, 2, 3)),
    ("nn.LSTM(3, 4, 2, bias=False, batch_first=True, dropout=0.3, bidirectional=True, proj_size=2)", (2, 5, 3)),
    ("nn.LSTM(3, 4, 2, bidirectional=True)", (5, 2, 3)),
    ("nn.LSTM(3, 4, proj_size=2)", (5, 3)),
    ("nn.LSTM(1, 1)", (1, 1, 1)),
    ("nn.RNNCell(3, 4)", (2, 3)),
    ("nn.RNNCell(3, 4, nonlinearity='relu')", (2, 3), (2, 4)),
    ("nn.RNNCell(3, 4, bias=False)", (3,), (4,)),
    ("nn.GRUCell(3, 4)", (2, 3), (2, 4)),
    ("nn.GRUCell(3, 4)", (3,)),
    ("nn.LSTMCell(3, 4)", (2, 3)),
    ("nn.LSTMCell(3, 4, bias=False)", (3,)),
]

OUTCOMES = [
    "nn.RNN(3, 4, nonlinearity='foo')",
    "nn.GRU(3, 4, proj_size=2)",
    "nn.RNN(3, 4, proj_size=2)",
    "nn.GRU(3, 4, dropout=0.5)",
    "nn.GRU(3, 4, dropout=1.5)",
    "nn.GRU(3, 4, 2, dropout=True)",
    "nn.GRU(3, 0)",
    "nn.GRU(3, 4.0)",
    "nn.GRU(3, 4, num_layers=0)",
    "nn.LSTM(3, 4, proj_size=5)",
    "nn.LSTM(3, 4, proj_size=-1)",
    "nn.RNNBase('X', 3, 4)",
    "nn.LSTM(3)",
    "nn.LSTM(3, 4)(torch.ones(2))",
    "nn.LSTM(3, 4)(torch.ones(2, 2, 5))",
    "nn.GRU(3, 4)(torch.ones(2, 2, 2, 5))",
    "nn.RNN(3, 4)(torch.ones(2))",
    "nn.RNN(3, 4)(torch.ones(5, 2, 3), torch.ones(2, 4))",
    "nn.RNN(3, 4)(torch.ones(5, 2, 3), torch.ones(2, 2, 4))",
    "nn.RNN(3, 4)(torch.ones(2, 3), torch.ones(2, 2, 4))",
    "nn.LSTM(3, 4)(torch.ones(5, 2, 3), (torch.ones(2, 2, 4), torch.ones(2, 2, 4)))",
    "nn.LSTM(3, 4)(torch.ones(5, 2, 3), (torch.ones(2, 4), torch.ones(2, 4)))",
    "nn.LSTM(3, 4)(torch.ones(5, 2, 3), (torch.ones(1, 2, 4), torch.ones(1, 2, 5)))",
    "nn.GRU(3, 4)(torch.ones(5, 2, 3, dtype=torch.float64))",
    "nn.GRU(3, 4)(torch.ones(5, 2, 3), torch.ones(1, 2, 4, dtype=torch.float64))",
    "nn.LSTM(3, 4).double()(torch.ones(5, 2, 3).double(), (torch.ones(1, 2, 4), torch.ones(1, 2, 4)))",
    "nn.RNNCell(3, 4)(torch.ones(2, 3), torch.ones(2, 4, dtype=torch.float64))",
    "nn.GRUCell(3, 4)(torch.ones(1, 2, 3))",
    "nn.GRUCell(3, 4)(torch.ones(2, 5))",
    "nn.GRUCell(3, 4)(torch.ones(2, 3), torch.ones(3, 4))",
    "nn.LSTMCell(3, 4)(torch.ones(2, 3), (torch.ones(2, 2, 4), torch.ones(2, 2, 4)))",
    "nn.RNNCell(3, 4)(torch.ones(2, 3), torch.ones(1, 2, 3, 4))",
    "nn.RNNCell(3, 4, False, 'foo')(torch.ones(2, 3))",
    "nn.LSTM(3, 4, 2).all_weights[1][0].shape",
    "nn.LSTM(3, 4).flatten_parameters()",
    "len(nn.GRU(3, 4, 2)._flat_weights)",
]


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case[0])
def test_layer_is_torchs(case: Any, same_layer: Any) -> None:
    same_layer(*case)


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
