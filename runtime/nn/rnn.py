"""Recurrent layers: RNN, LSTM, GRU, of several layers, in one direction or both, on padded or packed sequences.

Shapes: input (L, N, I), (N, L, I) if `batch_first`, or (L, I); states (layers · directions, N, H). Parameters of layer
k: weight_ih_l{k}, weight_hh_l{k}, bias_ih_l{k}, bias_hh_l{k}, weight_hr_l{k} of a projection; `_reverse` going back.
"""

from __future__ import annotations

from typing import Any

from ..creation import zeros
from ..ops import rnn as functions
from ..tensor import Tensor
from .rnn_base import RNNBase

__all__ = ["GRU", "LSTM", "RNN"]


class RNN(RNNBase):
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu: (output, h_n)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "proj_size" in kwargs:
            raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
        if len(args) > 3:
            self.nonlinearity = args[3]
            args = args[:3] + args[4:]
        else:
            self.nonlinearity = kwargs.pop("nonlinearity", "tanh")
        modes = {"tanh": "RNN_TANH", "relu": "RNN_RELU"}
        if self.nonlinearity not in modes:
            raise ValueError(f"Unknown nonlinearity '{self.nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__(modes[self.nonlinearity], *args, **kwargs)


class GRU(RNNBase):
    """Gated recurrent units (Cho, 2014): (output, h_n)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "proj_size" in kwargs:
            raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
        super().__init__("GRU", *args, **kwargs)


class LSTM(RNNBase):
    """Long short-term memory, with projections if proj_size > 0: (output, (h_n, c_n))."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__("LSTM", *args, **kwargs)

    def get_expected_cell_size(self, input: Any, batch_sizes: Tensor | None) -> tuple[int, int, int]:
        """The shape that c must have."""
        return self._state_size(input, batch_sizes, self.hidden_size)

    def check_forward_args(self, input: Any, hidden: Any, batch_sizes: Tensor | None) -> None:
        """The input and both states against the module."""
        self.check_input(input, batch_sizes)
        expected = (
            self.get_expected_hidden_size(input, batch_sizes),
            self.get_expected_cell_size(input, batch_sizes),
        )
        for place, (state, size) in enumerate(zip(hidden, expected, strict=True)):
            self.check_hidden_size(state, size, f"Expected hidden[{place}] size {{}}, got {{}}")

    def permute_hidden(self, hx: Any, permutation: Tensor | None) -> Any:
        """Both states with their sequences in another order."""
        return tuple(super(LSTM, self).permute_hidden(state, permutation) for state in hx)

    def _check_ranks(self, batched: bool, hx: Any) -> None:
        rank = 3 if batched else 2
        if any(state.dim() != rank for state in hx):
            kind = "batched 3-D" if batched else "unbatched 2-D"
            raise RuntimeError(
                f"For {kind} input, hx and cx should also be {rank}-D but got "
                f"({hx[0].dim()}-D, {hx[1].dim()}-D) tensors"
            )

    def _zero_state(self, input: Any, batch_sizes: Any) -> Any:
        cell = zeros(self.get_expected_cell_size(input, batch_sizes), dtype=input.dtype)
        return super()._zero_state(input, batch_sizes), cell

    def _batched_state(self, hx: Any) -> Any:
        return tuple(state.unsqueeze(1) for state in hx)

    def _unbatched_state(self, hx: Any) -> Any:
        return tuple(state.squeeze(1) for state in hx)

    def _call(self, *args: Any) -> tuple[Any, Any]:
        output, *states = functions.lstm(*args)
        return output, tuple(states)
