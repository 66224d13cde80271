"""Connectionist temporal classification: `ctc_loss`. https://www.cs.toronto.edu/~graves/icml_2006.pdf"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor, wrap
from .reduction import reduction_of
from .shape import squeeze, unsqueeze

__all__ = ["ctc_loss"]


def logsumexp(*terms: Array) -> Array:
    """``log(sum(exp(terms)))`` elementwise; -inf where all are."""
    top = np.maximum.reduce(terms)
    safe = np.where(np.isinf(top), 0, top)
    with np.errstate(divide="ignore"):
        return np.asarray(safe + np.log(sum(np.exp(term - safe) for term in terms)))


def extended(targets: Array, blank: int) -> Array:
    """Targets (N, S) with a blank before, between and after them: (N, 2 S + 1)."""
    labels = np.full((len(targets), 2 * targets.shape[1] + 1), blank, np.intp)
    labels[:, 1::2] = targets
    return labels


def forward_sums(emit: Array, skips: Array) -> Array:
    """Log-probabilities (T, N, L) of all ways to be at each label after each step."""
    alpha = np.full_like(emit, -np.inf)
    alpha[0, :, :2] = emit[0, :, :2]
    for t in range(1, len(emit)):
        before = alpha[t - 1]
        one, two = np.full_like(before, -np.inf), np.full_like(before, -np.inf)
        one[:, 1:] = before[:, :-1]
        two[:, 2:] = np.where(skips[:, 2:], before[:, :-2], -np.inf)
        alpha[t] = logsumexp(before, one, two) + emit[t]
    return alpha


def backward_sums(emit: Array, skips: Array, inputs: Array, ends: Array) -> Array:
    """Log-probabilities (T, N, L) of all ways from each label at each step to the end, that step included."""
    beta = np.full_like(emit, -np.inf)
    rows = np.arange(emit.shape[1])
    position = np.arange(emit.shape[2])
    final = (position == ends[:, None]) | ((position == ends[:, None] - 1) & (ends[:, None] > 0))
    for t in range(len(emit) - 1, -1, -1):
        if t + 1 < len(emit):
            after = beta[t + 1]
            one, two = np.full_like(after, -np.inf), np.full_like(after, -np.inf)
            one[:, :-1] = after[:, 1:]
            two[:, :-2] = np.where(skips[:, 2:], after[:, 2:], -np.inf)
            beta[t] = logsumexp(after, one, two) + emit[t]
        last = rows[inputs - 1 == t]
        beta[t, last] = np.where(final[last], emit[t, last], -np.inf)
        beta[t, rows[inputs - 1 < t]] = -np.inf
    return beta


def log_likelihood(alpha: Array, inputs: Array, ends: Array) -> Array:
    """Of each sample: at its last step on its last label or the blank behind it."""
    rows = np.arange(alpha.shape[1])
    at_end = alpha[np.maximum(inputs - 1, 0), rows, ends]
    before = np.where(ends > 0, alpha[np.maximum(inputs - 1, 0), rows, np.maximum(ends - 1, 0)], -np.inf)
    return np.where(inputs > 0, logsumexp(at_end, before), np.where(ends == 0, 0, -np.inf))


@op(name="ctc_loss")
def _ctc_loss(
    log_probs: Array,
    targets: Array,
    *,
    input_lengths: tuple[int, ...],
    target_lengths: tuple[int, ...],
    blank: int,
    reduction: str,
    zero_infinity: bool,
) -> Answer:
    """``log_probs`` (T, N, C), ``targets`` (N, S) padded."""
    inputs, lengths = np.asarray(input_lengths, np.intp), np.asarray(target_lengths, np.intp)
    ends, steps = 2 * lengths, len(log_probs)
    labels = extended(targets, blank)
    skips = np.zeros(labels.shape, bool)
    skips[:, 2:] = labels[:, 2:] != labels[:, :-2]
    emit = np.take_along_axis(log_probs, np.broadcast_to(labels, (steps, *labels.shape)), 2)
    emit = np.where(np.arange(labels.shape[1]) <= ends[:, None], emit, -np.inf)
    alpha = forward_sums(emit, skips) if steps else emit
    likely = log_likelihood(alpha, inputs, ends).astype(log_probs.dtype)
    hopeless = np.isinf(likely)
    losses = np.where(hopeless & zero_infinity, 0, -likely)
    share = np.maximum(lengths, 1).astype(log_probs.dtype) * max(len(lengths), 1)

    def back(g: Array) -> Any:
        scale = g / share if reduction == "mean" else np.broadcast_to(g, losses.shape)
        beta = backward_sums(emit, skips, inputs, ends)
        with np.errstate(invalid="ignore"):
            share_of_label = alpha + beta - emit - likely[:, None]  # both sums hold the step itself
        present = np.where(np.isfinite(emit), np.exp(np.where(np.isnan(share_of_label), -np.inf, share_of_label)), 0)
        taken = np.zeros_like(log_probs)
        rows = np.arange(labels.shape[0])[:, None]
        np.add.at(taken, (np.arange(steps)[:, None, None], rows, labels), present)
        slope = np.exp(log_probs) - taken  # torch's own: it supposes a softmax in front, whose gradient this is
        slope[:, hopeless] = 0 if zero_infinity else np.nan
        slope[np.arange(steps)[:, None] >= inputs] = 0
        return slope * scale[:, None]

    if reduction == "none":
        return losses, (back, None)
    return np.asarray((losses / share).sum() if reduction == "mean" else losses.sum()), (back, None)


def _lengths(lengths: Tensor | Sequence[int]) -> tuple[int, ...]:
    values = lengths.array.reshape(-1) if isinstance(lengths, Tensor) else lengths
    return tuple(int(n) for n in values)


def _check(log_probs: Tensor, inputs: tuple[int, ...], lengths: tuple[int, ...], blank: int) -> None:
    steps, batch, classes = log_probs.shape
    if not 0 <= blank < classes:
        raise RuntimeError("blank must be in label range")
    for name, values in (("input", inputs), ("target", lengths)):
        if len(values) != batch:
            raise RuntimeError(f"{name}_lengths must be of size batch_size")
    if max(inputs, default=0) > steps:
        raise RuntimeError(
            f"Expected input_lengths to have value at most {steps}, but got value {max(inputs)} (while checking "
            "arguments for ctc_loss_allocate_outputs)"
        )


def _padded(targets: Tensor, lengths: tuple[int, ...]) -> Tensor:
    """Targets as (N, S): torch also takes them one behind the other."""
    longest = max(lengths, default=0)
    if targets.ndim == 2:
        if targets.shape[1] < longest:
            raise RuntimeError(
                f"Expected tensor to have size at least {longest} at dimension 1, but got size {targets.shape[1]} for "
                "argument #2 'targets' (while checking arguments for ctc_loss_allocate_outputs)"
            )
        return wrap(targets.array[:, :longest])
    if targets.shape[0] != sum(lengths):
        raise RuntimeError(
            f"Expected tensor to have size {sum(lengths)} at dimension 0, but got size {targets.shape[0]} for argument "
            "#2 'targets' (while checking arguments for ctc_loss_allocate_outputs)"
        )
    rows = np.zeros((len(lengths), longest), targets.array.dtype)
    rows[np.arange(longest) < np.asarray(lengths)[:, None]] = targets.array
    return wrap(rows)


def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | Sequence[int],
    target_lengths: Tensor | Sequence[int],
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """Minus the log-likelihood of ``targets`` (N, S) or (sum of lengths) under ``log_probs`` (T, N, C) or (T, C).

    The mean divides each loss by its target's length first. Its gradient is right behind a `log_softmax` only.
    """
    reduction = reduction_of(reduction)
    single = log_probs.ndim == 2
    if single:
        log_probs = unsqueeze(log_probs, 1)
        targets = wrap(targets.array[None]) if targets.ndim == 1 else targets
    inputs, lengths = _lengths(input_lengths), _lengths(target_lengths)
    _check(log_probs, inputs, lengths, blank)
    losses = _ctc_loss(
        log_probs, _padded(targets, lengths), input_lengths=inputs, target_lengths=lengths, blank=blank,
        reduction=reduction, zero_infinity=zero_infinity,
    )  # fmt: skip
    return squeeze(losses, 0) if single and reduction == "none" else losses
