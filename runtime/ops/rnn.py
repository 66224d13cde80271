"""Recurrent networks as functions: torch.lstm, gru, rnn_tanh, rnn_relu, and the cells of one step.

`params` lists, layer by layer and direction by direction, w_ih, w_hh, then b_ih, b_hh if `has_biases`, then w_hr of an
LSTM with projections.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..tensor import Tensor
from .dropout import dropout as drop
from .join import cat, stack
from .recurrent_steps import gru_layer, lstm_layer, rnn_layer

State = tuple[Tensor, ...]


def _run(kind: str, x: Tensor, state: State, weights: Sequence[Tensor | None], **static: Any) -> tuple[Tensor, ...]:
    """One direction of one layer: (output, *last state)."""
    _check_dtypes(x, state[0], weights[0], weights[1])
    if kind == "LSTM":
        return lstm_layer(x, *state, *weights, **static)
    if kind == "GRU":
        return gru_layer(x, *state, *weights[:4], **static)
    return rnn_layer(x, *state, *weights[:4], **static, relu=kind == "RNN_RELU")


def _grouped(params: Sequence[Tensor], has_biases: bool, projected: bool) -> list[list[Tensor | None]]:
    """The parameters of each layer and direction, None for those it has not."""
    step = 2 + 2 * has_biases + projected
    groups: list[list[Tensor | None]] = []
    for start in range(0, len(params), step):
        own: list[Tensor | None] = list(params[start : start + step])
        last = own.pop() if projected else None
        groups.append([*own, *([] if has_biases else [None, None]), last])
    return groups


def _stacked(
    kind: str,
    data: Any,
    sizes: tuple[int, ...],
    hx: Sequence[Any],
    params: Sequence[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
) -> tuple[Any, list[Tensor]]:
    """Packed data (P, I) through all layers: the packed output, and the last states (layers · directions, B, H)."""
    directions = 2 if bidirectional else 1
    projected = kind == "LSTM" and hx[0].size(2) != hx[1].size(2)
    groups = _grouped(params, has_biases, projected)
    finals: list[list[Tensor]] = [[] for _ in hx]
    for layer in range(num_layers):
        outputs = []
        for direction in range(directions):
            place = layer * directions + direction
            state = tuple(h[place] for h in hx)
            out, *last = _run(kind, data, state, groups[place], sizes=sizes, reverse=direction == 1)
            outputs.append(out)
            for states, one in zip(finals, last, strict=True):
                states.append(one)
        data = outputs[0] if directions == 1 else cat(outputs, 1)
        if dropout and layer < num_layers - 1:
            data = drop(data, dropout, train)
    return data, [stack(states) for states in finals]


def _whole(kind: str, args: tuple[Any, ...], states: int) -> tuple[Any, ...]:
    """The two forms of torch: (input, hx, params, …, batch_first), or (data, batch_sizes, hx, params, …) if packed."""
    if isinstance(args[3], (list, tuple)):
        data, batch_sizes, hx, params, *settings = args
        sizes = tuple(int(size) for size in batch_sizes.tolist())
        hx = (hx,) if states == 1 else hx
        out, last = _stacked(kind, data, sizes, hx, params, *settings)
        return (out, *last)
    data, hx, params, *settings, batch_first = args
    hx = (hx,) if states == 1 else hx
    if batch_first:
        data = data.transpose(0, 1)
    steps, batch = data.size(0), data.size(1)
    out, last = _stacked(kind, data.reshape(steps * batch, -1), (batch,) * steps, hx, params, *settings)
    out = out.view(steps, batch, -1)
    return (out.transpose(0, 1) if batch_first else out, *last)


def lstm(*args: Any) -> tuple[Any, ...]:
    """(input, (h, c), params, has_biases, num_layers, dropout, train, bidirectional, batch_first) → output, h, c.

    Packed: (data, batch_sizes, (h, c), params, has_biases, num_layers, dropout, train, bidirectional).
    """
    return _whole("LSTM", args, 2)


def gru(*args: Any) -> tuple[Any, ...]:
    """As lstm, with one state h."""
    return _whole("GRU", args, 1)


def rnn_tanh(*args: Any) -> tuple[Any, ...]:
    """As lstm, with one state h and tanh."""
    return _whole("RNN_TANH", args, 1)


def rnn_relu(*args: Any) -> tuple[Any, ...]:
    """As lstm, with one state h and relu."""
    return _whole("RNN_RELU", args, 1)


def _check_dtypes(input: Any, hidden: Any, w_ih: Any, w_hh: Any) -> None:
    for data, weight in ((input, w_ih), (hidden, w_hh)):
        if data.dtype is not weight.dtype:
            kinds = f"{data.dtype.legacy} and {weight.dtype.legacy}"
            raise RuntimeError(f"mat1 and mat2 must have the same dtype, but got {kinds}")


def _check_cell(input: Any, hx: Any, w_hh: Any, w_ih: Any) -> None:
    if input.size(1) != w_ih.size(1):
        raise RuntimeError(f"input has inconsistent input_size: got {input.size(1)} expected {w_ih.size(1)}")
    if input.size(0) != hx.size(0):
        raise RuntimeError(f"Input batch size {input.size(0)} doesn't match hidden0 batch size {hx.size(0)}")
    if hx.size(1) != w_hh.size(1):
        raise RuntimeError(f"hidden0 has inconsistent hidden_size: got {hx.size(1)}, expected {w_hh.size(1)}")
    _check_dtypes(input, hx, w_ih, w_hh)


def lstm_cell(
    input: Tensor,
    hx: Any,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM: input (B, I), hx = (h, c) each (B, H) → h, c."""
    _check_cell(input, hx[0], w_hh, w_ih)
    static = {"sizes": (input.shape[0],), "reverse": False}
    _, h, c = lstm_layer(input, hx[0], hx[1], w_ih, w_hh, b_ih, b_hh, None, **static)
    return h, c


def gru_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a GRU: input (B, I), hx (B, H) → h."""
    _check_cell(input, hx, w_hh, w_ih)
    return gru_layer(input, hx, w_ih, w_hh, b_ih, b_hh, sizes=(input.shape[0],), reverse=False)[1]


def rnn_tanh_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of an RNN with tanh: input (B, I), hx (B, H) → h."""
    _check_cell(input, hx, w_hh, w_ih)
    return rnn_layer(input, hx, w_ih, w_hh, b_ih, b_hh, sizes=(input.shape[0],), reverse=False, relu=False)[1]


def rnn_relu_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of an RNN with relu: input (B, I), hx (B, H) → h."""
    _check_cell(input, hx, w_hh, w_ih)
    return rnn_layer(input, hx, w_ih, w_hh, b_ih, b_hh, sizes=(input.shape[0],), reverse=False, relu=True)[1]
