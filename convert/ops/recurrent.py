"""Rows: recurrent layers, which have no function in torch.nn.functional."""

from __future__ import annotations

from .pair import Pair
from .spelling import OneWay

_WHY = "torch.nn.functional has no function that runs over a sequence"
_CELL = "torch.nn.functional has no function of one step"

PAIRS: tuple[Pair, ...] = ()

ONE_WAY = (
    *(OneWay(name, "module", _WHY, "keep the module") for name in ("RNN", "LSTM", "GRU", "RNNBase")),
    *(OneWay(name, "module", _CELL, "keep the module") for name in ("RNNCell", "LSTMCell", "GRUCell", "RNNCellBase")),
)
