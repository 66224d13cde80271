"""Recurrent layers step by step in other ops: what gradients of gradients are taken of. As `recurrent`, on tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..tensor import Tensor
from .activation import relu as relu_of
from .arithmetic import add, mul
from .join import cat
from .linear import linear
from .recurrent import gru_layer, lstm_layer, rnn_layer, spans_of
from .smooth import sigmoid, tanh

__all__ = ["gru_layer", "lstm_layer", "rnn_layer"]

States = tuple[Any, ...]
Step = Callable[[Any, States], States]
"""From the rows that the input gives and the states before to the states after."""


def _run(given: Any, states: States, sizes: tuple[int, ...], reverse: bool, step: Step) -> tuple[Tensor, ...]:
    """The packed output and the last states; a step touches the first rows of every state."""
    outputs: dict[int, Any] = {}
    for rows, n in spans_of(sizes, reverse):
        now = step(given[rows], tuple(state[:n] for state in states))
        outputs[rows.start] = now[0]
        states = tuple(cat([new, old[n:]]) if n < old.shape[0] else new for new, old in zip(now, states, strict=True))
    return (cat([outputs[start] for start in sorted(outputs)]), *states)


@rnn_layer.composed
def _rnn(
    x: Tensor, h0: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Any, b_hh: Any, *, sizes: Any, reverse: bool, relu: bool
) -> tuple[Tensor, ...]:
    squash = relu_of if relu else tanh

    def step(row: Any, states: States) -> States:
        return (squash(row + linear(states[0], w_hh, b_hh)),)

    return _run(linear(x, w_ih, b_ih), (h0,), sizes, reverse, step)


@gru_layer.composed
def _gru(
    x: Tensor, h0: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Any, b_hh: Any, *, sizes: Any, reverse: bool
) -> tuple[Tensor, ...]:
    def step(row: Any, states: States) -> States:
        (h,) = states
        r_x, z_x, n_x = row.chunk(3, 1)
        hidden: Any = linear(h, w_hh, b_hh)
        r_h, z_h, n_h = hidden.chunk(3, 1)
        z, new = sigmoid(z_x + z_h), tanh(n_x + sigmoid(r_x + r_h) * n_h)
        return ((h - new) * z + new,)

    return _run(linear(x, w_ih, b_ih), (h0,), sizes, reverse, step)


@lstm_layer.composed
def _lstm(
    x: Tensor, h0: Tensor, c0: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Any, b_hh: Any, w_hr: Any, *,
    sizes: Any, reverse: bool,
) -> tuple[Tensor, ...]:  # fmt: skip
    def step(row: Any, states: States) -> States:
        h, c = states
        inner: Any = row + linear(h, w_hh, b_hh)
        i, f, new, o = inner.chunk(4, 1)
        kept, added = mul(sigmoid(f), c), mul(sigmoid(i), tanh(new))
        c = add(kept, added)
        hidden = mul(sigmoid(o), tanh(c))
        return (hidden if w_hr is None else linear(hidden, w_hr)), c

    return _run(linear(x, w_ih, b_ih), (h0, c0), sizes, reverse, step)
