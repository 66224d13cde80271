"""What RNN, LSTM and GRU have in common: parameters, checks, packing, permutations."""

from __future__ import annotations

import math
import numbers
import warnings
from typing import Any

from ..creation import empty, zeros
from ..ops import rnn as functions
from ..tensor import Tensor
from . import init
from .module import Module
from .parameter import Parameter
from .utils.rnn import PackedSequence

__all__ = ["RNNBase"]

_GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}
_FUNCTIONS = {
    "LSTM": functions.lstm,
    "GRU": functions.gru,
    "RNN_TANH": functions.rnn_tanh,
    "RNN_RELU": functions.rnn_relu,
}


class RNNBase(Module):
    """What the three have in common: parameters, checks, packing, permutations."""

    __constants__ = (
        "mode",
        "input_size",
        "hidden_size",
        "num_layers",
        "bias",
        "batch_first",
        "dropout",
        "bidirectional",
        "proj_size",
    )

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout) if isinstance(dropout, numbers.Number) else dropout
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        _check_dropout(dropout, num_layers)
        _check_arguments(self)
        if mode not in _GATES:
            raise ValueError("Unrecognized RNN mode: " + mode)
        self._flat_weights_names: list[str] = []
        self._all_weights: list[list[str]] = []
        for layer in range(num_layers):
            for suffix in ("", "_reverse") if bidirectional else ("",):
                shapes = self._shapes(layer, suffix)
                self._all_weights.append(list(shapes))
                self._flat_weights_names.extend(shapes)
                for name, shape in shapes.items():
                    setattr(self, name, Parameter(empty(shape, device=device, dtype=dtype)))
        self.reset_parameters()

    def _shapes(self, layer: int, suffix: str) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the parameters of one layer and direction, in torch's order."""
        given = self.proj_size if self.proj_size > 0 else self.hidden_size
        taken = self.input_size if layer == 0 else given * (2 if self.bidirectional else 1)
        rows = _GATES[self.mode] * self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, taken), "weight_hh": (rows, given)}
        if self.bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        if self.proj_size > 0:
            shapes["weight_hr"] = (self.proj_size, self.hidden_size)
        return {f"{name}_l{layer}{suffix}": shape for name, shape in shapes.items()}

    @property
    def _flat_weights(self) -> list[Any]:
        return [getattr(self, name, None) for name in self._flat_weights_names]

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The parameters, a list per layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    def reset_parameters(self) -> None:
        """All U(±1/√hidden_size)."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self) -> None:
        """Nothing to flatten here: that is for a GPU's library."""

    def check_input(self, input: Any, batch_sizes: Tensor | None) -> None:
        """The input against the module: dtype, rank, last size."""
        own = self._flat_weights[0].dtype
        if input.dtype is not own:
            raise ValueError(
                f"RNN input dtype ({input.dtype}) does not match weight dtype ({own}). "
                f"Convert input: input.to({own}), or convert model: model.to({input.dtype})"
            )
        expected = 2 if batch_sizes is not None else 3
        if input.dim() != expected:
            raise RuntimeError(f"input must have {expected} dimensions, got {input.dim()}")
        if self.input_size != input.size(-1):
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input.size(-1)}"
            )

    def _state_size(self, input: Any, batch_sizes: Any, width: int) -> tuple[int, int, int]:
        batch = int(batch_sizes[0]) if batch_sizes is not None else input.size(0 if self.batch_first else 1)
        return self.num_layers * (2 if self.bidirectional else 1), batch, width

    def get_expected_hidden_size(self, input: Any, batch_sizes: Tensor | None) -> tuple[int, int, int]:
        """The shape that h must have."""
        width = self.proj_size if self.proj_size > 0 else self.hidden_size
        return self._state_size(input, batch_sizes, width)

    def check_hidden_size(
        self, hx: Any, expected_hidden_size: tuple[int, int, int], msg: str = "Expected hidden size {}, got {}"
    ) -> None:
        """RuntimeError if a state has another shape."""
        if hx.size() != expected_hidden_size:
            raise RuntimeError(msg.format(expected_hidden_size, list(hx.size())))

    def check_forward_args(self, input: Any, hidden: Any, batch_sizes: Tensor | None) -> None:
        """The input and the state against the module."""
        self.check_input(input, batch_sizes)
        self.check_hidden_size(hidden, self.get_expected_hidden_size(input, batch_sizes))

    def permute_hidden(self, hx: Any, permutation: Tensor | None) -> Any:
        """The state with its sequences in another order."""
        return hx if permutation is None else hx.index_select(1, permutation)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if self.proj_size != 0:
            text += f", proj_size={self.proj_size}"
        if self.num_layers != 1:
            text += f", num_layers={self.num_layers}"
        for name, usual in (("bias", True), ("batch_first", False), ("dropout", 0), ("bidirectional", False)):
            if getattr(self, name) != usual:
                text += f", {name}={getattr(self, name)}"
        return text

    # Forward, shared: a state is one tensor, or two in an LSTM

    def _check_ranks(self, batched: bool, hx: Any) -> None:
        rank = 3 if batched else 2
        if hx.dim() != rank:
            kind = "batched 3-D" if batched else "unbatched 2-D"
            raise RuntimeError(f"For {kind} input, hx should also be {rank}-D but got {hx.dim()}-D tensor")

    def _check_input_rank(self, input: Any) -> None:
        if input.dim() not in (2, 3):
            kind = self._get_name() if self.mode in ("LSTM", "GRU") else "RNN"
            ending = "instead" if self.mode in ("LSTM", "GRU") else "tensor instead"
            raise ValueError(f"{kind}: Expected input to be 2D or 3D, got {input.dim()}D {ending}")

    def _zero_state(self, input: Any, batch_sizes: Any) -> Any:
        return zeros(self.get_expected_hidden_size(input, batch_sizes), dtype=input.dtype)

    def _batched_state(self, hx: Any) -> Any:
        return hx.unsqueeze(1)

    def _unbatched_state(self, hx: Any) -> Any:
        return hx.squeeze(1)

    def _settings(self) -> tuple[Any, ...]:
        return self.bias, self.num_layers, self.dropout, self.training, self.bidirectional

    def _call(self, *args: Any) -> tuple[Any, Any]:
        output, hidden = _FUNCTIONS[self.mode](*args)
        return output, hidden

    def forward(self, input: Any, hx: Any = None) -> Any:
        if isinstance(input, PackedSequence):
            return self._packed_forward(input, hx)
        self._check_input_rank(input)
        batched = input.dim() == 3
        if not batched:
            input = input.unsqueeze(0 if self.batch_first else 1)
        if hx is None:
            hx = self._zero_state(input, None)
        else:
            self._check_ranks(batched, hx)
            hx = hx if batched else self._batched_state(hx)
        self.check_forward_args(input, hx, None)
        output, hidden = self._call(input, hx, self._flat_weights, *self._settings(), self.batch_first)
        if batched:
            return output, hidden
        return output.squeeze(0 if self.batch_first else 1), self._unbatched_state(hidden)

    def _packed_forward(self, input: PackedSequence, hx: Any) -> Any:
        data, batch_sizes, sorted_indices, unsorted_indices = input
        if hx is None:
            hx = self._zero_state(data, batch_sizes)
        else:
            hx = self.permute_hidden(hx, sorted_indices)
        self.check_forward_args(data, hx, batch_sizes)
        output, hidden = self._call(data, batch_sizes, hx, self._flat_weights, *self._settings())
        packed = PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices)
        return packed, self.permute_hidden(hidden, unsorted_indices)


def _check_arguments(rnn: RNNBase) -> None:
    """TypeError or ValueError for what no RNN can be built with."""
    for name in ("bias", "batch_first"):
        if not isinstance(getattr(rnn, name), bool):
            raise TypeError(f"{name} should be of type bool, got: {type(getattr(rnn, name)).__name__}")
    for name in ("input_size", "hidden_size"):
        size = getattr(rnn, name)
        if not isinstance(size, int):
            raise TypeError(f"{name} should be of type int, got: {type(size).__name__}")
        if size <= 0:
            raise ValueError(f"{name} must be greater than zero")
    if rnn.num_layers <= 0:
        raise ValueError("num_layers must be greater than zero")
    if rnn.proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if rnn.proj_size >= rnn.hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")


def _check_dropout(dropout: Any, num_layers: int) -> None:
    if not isinstance(dropout, numbers.Number) or isinstance(dropout, bool) or not 0 <= dropout <= 1:  # type: ignore[operator]
        raise ValueError(
            "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"
        )
    if dropout > 0 and num_layers == 1:  # type: ignore[operator]
        warnings.warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers "
            f"greater than 1, but got dropout={dropout} and num_layers={num_layers}",
            stacklevel=4,
        )
