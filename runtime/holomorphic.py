"""Rules written for real numbers, used for complex ones: conjugated around, they are the adjoints that torch has."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from .array import Rule

REAL_ONLY = frozenset({
    "cholesky", "cholesky_solve", "qr", "eigh", "svd", "pinv", "slogdet", "logdet", "var", "std", "logsumexp", "sgn",
    "softsign", "matrix_norm", "rms_norm", "layer_norm", "group_norm", "batch_norm", "instance_norm",
    "pairwise_distance", "cosine_similarity", "normalize", "pdist", "cosine_embedding_loss", "triplet",
})  # fmt: skip
"""Ops that would give complex numbers a wrong answer: they refuse them."""


def of_complex(pullback: Rule | tuple[Rule | None, ...]) -> Rule | tuple[Rule | None, ...]:
    """The rules as torch has them where an input is complex: g times the conjugate of the derivative."""
    if not isinstance(pullback, tuple):
        return functools.partial(conjugated, pullback)
    return tuple(None if rule is None else functools.partial(conjugated, rule) for rule in pullback)


def conjugated(rule: Rule, g: Any) -> Any:
    """conj(rule(conj(g))): for a rule g -> g·f'(z) of a holomorphic f it is g·conj(f'(z))."""
    found = rule(_each(g))
    return _each(found)


def _each(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(None if one is None else np.conj(one) for one in value)
    return None if value is None else np.conj(value)
