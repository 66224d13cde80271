"""One direction of one recurrent layer, over all time steps: LSTM, GRU and the plain RNN, each with its pullback.

Sequences are packed: `x` is (P, I), the rows of all steps one after the other, `sizes[t]` of them at step t, never more
than at the step before. The product with the input weights is taken for all steps at once. States are kept for the
whole batch; a step touches the first `sizes[t]` rows, which is right in both directions: forwards, a finished sequence
keeps its last state; backwards, one that has not begun keeps its initial one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answers, Array
from ..autograd import op
from ..summed import summed
from .smooth import logistic

Span = tuple[slice, int]


def spans_of(sizes: tuple[int, ...], reverse: bool) -> list[Span]:
    """(rows of x, how many) of every step, in the order in which they are taken."""
    ends = np.cumsum(sizes)
    spans = [(slice(int(end) - size, int(end)), size) for end, size in zip(ends, sizes, strict=True)]
    return spans[::-1] if reverse else spans


def _affine(x: Array, w: Array, b: Array | None) -> Array:
    y = x @ w.T
    return y if b is None else np.add(y, b, out=y)


def _input_gradients(d: Array, x: Array, w: Array) -> tuple[Array, Array, Array]:
    """What the gradient of x Wᵀ + b gives to x, W and b."""
    return d @ w, d.T @ x, summed(d, 0)


@op(name="rnn_layer")
def rnn_layer(
    x: Array,
    h0: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array | None,
    b_hh: Array | None,
    *,
    sizes: tuple[int, ...],
    reverse: bool,
    relu: bool,
) -> Answers:
    """h' = tanh or relu of (W_ih x + b_ih + W_hh h + b_hh)."""
    spans = spans_of(sizes, reverse)
    given = _affine(x, w_ih, b_ih)
    h = h0.copy()
    out = np.empty((len(x), h.shape[1]), x.dtype)
    before = np.empty_like(out)
    for rows, n in spans:
        before[rows] = h[:n]
        inner = given[rows] + _affine(h[:n], w_hh, b_hh)
        h[:n] = out[rows] = np.maximum(inner, 0) if relu else np.tanh(inner)

    def pullback(g: Any) -> tuple[Array, ...]:
        g_out, g_h = g
        dh = g_h.copy()
        d = np.empty_like(out)
        for rows, n in reversed(spans):
            total = dh[:n] + g_out[rows]
            y = out[rows]
            d[rows] = total * (y > 0) if relu else total * (1 - y * y)
            dh[:n] = d[rows] @ w_hh
        dx, dw, db = _input_gradients(d, x, w_ih)
        return dx, dh, dw, d.T @ before, db, db

    return (out, h), pullback


@op(name="gru_layer")
def gru_layer(
    x: Array,
    h0: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array | None,
    b_hh: Array | None,
    *,
    sizes: tuple[int, ...],
    reverse: bool,
) -> Answers:
    """Gates r, z, n in this order: n = tanh(W_in x + b_in + r (W_hn h + b_hn)), h' = (1 - z) n + z h."""
    spans = spans_of(sizes, reverse)
    given = _affine(x, w_ih, b_ih)
    h = h0.copy()
    size = h.shape[1]
    out = np.empty((len(x), size), x.dtype)
    before = np.empty_like(out)
    gates = np.empty((len(x), 4 * size), x.dtype)  # r, z, n and the hidden part of n
    for rows, n in spans:
        before[rows] = h[:n]
        from_x, from_h = given[rows], _affine(h[:n], w_hh, b_hh)
        rz = logistic(from_x[:, : 2 * size] + from_h[:, : 2 * size])
        new = np.tanh(from_x[:, 2 * size :] + rz[:, :size] * from_h[:, 2 * size :])
        gates[rows] = np.concatenate([rz, new, from_h[:, 2 * size :]], axis=1)
        h[:n] = out[rows] = (h[:n] - new) * rz[:, size:] + new

    def pullback(g: Any) -> tuple[Array, ...]:
        g_out, g_h = g
        dh = g_h.copy()
        d_x = np.empty((len(x), 3 * size), x.dtype)
        d_h = np.empty_like(d_x)
        for rows, n in reversed(spans):
            total = dh[:n] + g_out[rows]
            r, z, new, hidden = np.split(gates[rows], 4, axis=1)
            dn = total * (1 - z) * (1 - new * new)
            d_x[rows] = np.concatenate([dn * hidden * r * (1 - r), total * (before[rows] - new) * z * (1 - z), dn], 1)
            d_h[rows] = d_x[rows]
            d_h[rows, 2 * size :] *= r
            dh[:n] = total * z + d_h[rows] @ w_hh
        dx, dw, db = _input_gradients(d_x, x, w_ih)
        return dx, dh, dw, d_h.T @ before, db, summed(d_h, 0)

    return (out, h), pullback


@op(name="lstm_layer")
def lstm_layer(
    x: Array,
    h0: Array,
    c0: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array | None,
    b_hh: Array | None,
    w_hr: Array | None,
    *,
    sizes: tuple[int, ...],
    reverse: bool,
) -> Answers:
    """Gates i, f, g, o in this order: c' = f c + i g, h' = o tanh(c'), times W_hr if there is a projection."""
    spans = spans_of(sizes, reverse)
    given = _affine(x, w_ih, b_ih)
    h, c = h0.copy(), c0.copy()
    size = c.shape[1]
    out = np.empty((len(x), h.shape[1]), x.dtype)
    before = np.empty_like(out)
    gates = np.empty((len(x), 4 * size), x.dtype)
    cells = np.empty((2, len(x), size), x.dtype)  # c before the step, tanh of c after it
    for rows, n in spans:
        before[rows], cells[0, rows] = h[:n], c[:n]
        inner = given[rows] + _affine(h[:n], w_hh, b_hh)
        gates[rows] = logistic(inner)
        gates[rows, 2 * size : 3 * size] = np.tanh(inner[:, 2 * size : 3 * size])
        i, f, new, o = np.split(gates[rows], 4, axis=1)
        c[:n] = f * c[:n] + i * new
        cells[1, rows] = np.tanh(c[:n])
        hidden = o * cells[1, rows]
        h[:n] = out[rows] = hidden if w_hr is None else hidden @ w_hr.T

    def pullback(g: Any) -> tuple[Array | None, ...]:
        g_out, g_h, g_c = g
        dh, dc = g_h.copy(), g_c.copy()
        d = np.empty_like(gates)
        totals = np.empty_like(out)
        for rows, n in reversed(spans):
            totals[rows] = dh[:n] + g_out[rows]
            hidden = totals[rows] if w_hr is None else totals[rows] @ w_hr
            i, f, new, o = np.split(gates[rows], 4, axis=1)
            cell = cells[1, rows]
            dcell = dc[:n] + hidden * o * (1 - cell * cell)
            di, df = dcell * new * i * (1 - i), dcell * cells[0, rows] * f * (1 - f)
            d[rows] = np.concatenate([di, df, dcell * i * (1 - new * new), hidden * cell * o * (1 - o)], axis=1)
            dc[:n] = dcell * f
            dh[:n] = d[rows] @ w_hh
        dx, dw, db = _input_gradients(d, x, w_ih)
        dr = None if w_hr is None else totals.T @ (gates[:, 3 * size :] * cells[1])
        return dx, dh, dc, dw, d.T @ before, db, db, dr

    return (out, h, c), pullback
