"""Rows: recurrent layers, which have no function in torch.nn.functional, and what one step of them is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..calls import Signature
from .pair import Pair
from .spelling import OneWay

_WHY = "torch.nn.functional has no function that runs over a sequence"
_CELL = "torch.nn.functional has no function of one step"
_FLAG = "--expand rnn"
_CURE = f"keep the module, or have its steps written out with {_FLAG}"

PAIRS: tuple[Pair, ...] = ()

ONE_WAY = (
    *(OneWay(name, "module", _WHY, _CURE, flag=_FLAG) for name in ("RNN", "LSTM", "GRU")),
    *(OneWay(name, "module", _CELL, _CURE, flag=_FLAG) for name in ("RNNCell", "LSTMCell", "GRUCell")),
    OneWay("RNNBase", "module", _WHY, "keep the module"),
    OneWay("RNNCellBase", "module", _CELL, "keep the module"),
)


@dataclass(frozen=True)
class Recurrent:
    """A recurrent layer as `--expand rnn` writes it out.

    `gates` is how many times hidden_size rows its weights have; `has_cell` where it carries a cell beside the
    hidden state; `one_step` where it is a cell, which runs no sequence.
    """

    module: str
    built_by: str
    gates: int
    has_cell: bool = False
    one_step: bool = False

    @property
    def path(self) -> str:
        """Canonical dotted path of the module."""
        return f"torch.nn.{self.module}"

    @cached_property
    def signature(self) -> Signature:
        """`built_by`, parsed."""
        return Signature.parse(self.built_by)

    def keys(self, settled: Mapping[str, object]) -> tuple[str, ...] | None:
        """The keys of its tensors, in torch's order, for arguments whose values are known; None if those do not say.

        `settled` is by name, defaults included: `{"bias": True, "num_layers": 2, ...}`.
        """
        layers, both, bias = (settled.get(name) for name in ("num_layers", "bidirectional", "bias"))
        projected = settled.get("proj_size") if "proj_size" in self.signature else 0
        if type(bias) is not bool or type(projected) is not int:
            return None
        slots = ("weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if bias else ()), *("weight_hr",) * bool(projected))
        if self.one_step:
            return slots
        if type(layers) is not int or type(both) is not bool:
            return None
        ends = [end for layer in range(layers) for end in (f"_l{layer}", f"_l{layer}_reverse")[: 1 + both]]
        return tuple(f"{slot}{end}" for end in ends for slot in slots)


_RUN = "bias=True, batch_first=False, dropout=0.0, bidirectional=False"
_FACTORY = "device=None, dtype=None"

RECURRENT = {
    row.path: row
    for row in (
        Recurrent("RNN", f"input_size, hidden_size, num_layers=1, nonlinearity='tanh', {_RUN}, {_FACTORY}", 1),
        Recurrent("GRU", f"input_size, hidden_size, num_layers=1, {_RUN}, {_FACTORY}", 3),
        Recurrent("LSTM", f"input_size, hidden_size, num_layers=1, {_RUN}, proj_size=0, {_FACTORY}", 4, has_cell=True),
        Recurrent("RNNCell", f"input_size, hidden_size, bias=True, nonlinearity='tanh', {_FACTORY}", 1, one_step=True),
        Recurrent("GRUCell", f"input_size, hidden_size, bias=True, {_FACTORY}", 3, one_step=True),
        Recurrent("LSTMCell", f"input_size, hidden_size, bias=True, {_FACTORY}", 4, has_cell=True, one_step=True),
    )
}
"""Dotted path of a recurrent module → what is known of it."""
