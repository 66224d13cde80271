"""How a loss becomes one number: 'none', 'mean', 'sum', and the older `size_average` and `reduce`."""

from __future__ import annotations

import warnings

import numpy as np

from ..array import Answer, Array, Rule


def reduction_of(reduction: str, size_average: bool | None = None, reduce: bool | None = None) -> str:
    """The reduction asked for, in the new words. ValueError for an unknown one; a warning for the old arguments."""
    if size_average is not None or reduce is not None:
        if reduce is False:
            reduction = "none"
        else:
            reduction = "sum" if size_average is False else "mean"
        warnings.warn(
            f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
            stacklevel=3,
        )
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return reduction


def reduced(losses: Array, reduction: str) -> Array:
    """``losses`` as they are, their mean or their sum; the mean of nothing is nan."""
    if reduction == "none":
        return losses
    if reduction == "mean" and losses.size == 0:
        return np.full((), np.nan, losses.dtype)
    return np.asarray(losses.mean() if reduction == "mean" else losses.sum())


def spread_back(rule: Rule, shape: tuple[int, ...], reduction: str) -> Rule:
    """``rule`` for the losses of ``shape``, made one for what `reduced` gives."""
    if reduction == "none":
        return rule
    if reduction == "sum":
        return lambda g: rule(np.broadcast_to(g, shape))
    count = max(int(np.prod(shape)), 1)
    return lambda g: rule(np.broadcast_to(g / count, shape))


def finish(losses: Array, rules: tuple[Rule, ...], reduction: str) -> Answer:
    """Value and pullbacks after the reduction, from those of the losses themselves."""
    shape = np.shape(losses)
    return reduced(np.asarray(losses), reduction), tuple(spread_back(rule, shape, reduction) for rule in rules)
