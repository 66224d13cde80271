"""`kl_divergence`: how far one distribution is from another of its kind."""

from __future__ import annotations

import math
from typing import Any

from ..missing import MissingUse
from .continuous import Exponential, Laplace, Normal, Uniform
from .discrete import Bernoulli, Categorical, OneHotCategorical
from .independent import Independent


def kl_divergence(p: Any, q: Any) -> Any:
    """E over p of log p − log q. MissingUse for a pair of kinds that is not here."""
    if isinstance(p, Independent) and isinstance(q, Independent):
        if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
            raise NotImplementedError
        return p._summed(kl_divergence(p.base_dist, q.base_dist))
    for kind, rule in _RULES.items():
        if isinstance(p, kind) and isinstance(q, kind):
            return rule(p, q)
    raise MissingUse(f"torch.distributions.kl_divergence of {type(p).__name__} and {type(q).__name__}")


def _normal(p: Any, q: Any) -> Any:
    ratio = (p.scale / q.scale).pow(2)
    away = ((p.loc - q.loc) / q.scale).pow(2)
    return 0.5 * (ratio + away - 1 - ratio.log())


def _categorical(p: Any, q: Any) -> Any:
    terms = p.probs * (p.logits - q.logits)
    terms[(q.probs == 0).expand_as(terms)] = math.inf
    terms[(p.probs == 0).expand_as(terms)] = 0
    return terms.sum(-1)


def _bernoulli(p: Any, q: Any) -> Any:
    soft = _softplus
    one = p.probs * (soft(-q.logits) - soft(-p.logits))
    one[q.probs == 0] = math.inf
    one[p.probs == 0] = 0
    other = (1 - p.probs) * (soft(q.logits) - soft(p.logits))
    other[q.probs == 1] = math.inf
    other[p.probs == 1] = 0
    return one + other


def _softplus(x: Any) -> Any:
    return x.clamp(min=0) + (-x.abs()).exp().log1p()


def _uniform(p: Any, q: Any) -> Any:
    made = ((q.high - q.low) / (p.high - p.low)).log()
    made[(q.low > p.low) | (q.high < p.high)] = math.inf
    return made


def _laplace(p: Any, q: Any) -> Any:
    ratio = p.scale / q.scale
    away = (p.loc - q.loc).abs()
    return -ratio.log() + away / q.scale + ratio * (-away / p.scale).exp() - 1


def _exponential(p: Any, q: Any) -> Any:
    ratio = q.rate / p.rate
    return -ratio.log() + ratio - 1


_RULES: dict[type, Any] = {
    Normal: _normal,
    Categorical: _categorical,
    OneHotCategorical: _categorical,
    Bernoulli: _bernoulli,
    Uniform: _uniform,
    Laplace: _laplace,
    Exponential: _exponential,
}
