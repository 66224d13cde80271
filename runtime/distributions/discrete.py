"""Distributions of what can be counted: Bernoulli, Categorical, OneHotCategorical."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..grad_mode import enable_grad
from ..nn.functional import binary_cross_entropy_with_logits
from ..ops.one_hot import one_hot as encoded
from ..ops.shape import broadcast_tensors
from ..ops.smooth import sigmoid
from ..random.sampling import bernoulli, multinomial
from ..size import Size
from ..tensor import Tensor, wrap
from .constraint import Constraint, below, boolean, one_hot, real, real_vector, simplex, unit_interval
from .distribution import Distribution, broadcast


def _clamped(probs: Any) -> Any:
    eps = float(np.finfo(probs.array.dtype).eps)
    return probs.clamp(min=eps, max=1 - eps)


def _need_one(probs: Any, logits: Any) -> None:
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")


def _log_odds(probs: Any) -> Any:
    return probs.log() - (-probs).log1p()


def _other(made: Distribution, name: str, probs: Any, logits: Any) -> Any:
    """The parameter that was not given, computed when it is first asked for, and kept."""
    rules = {"probs": probs, "logits": logits}
    if name not in rules:
        raise AttributeError(f"'{type(made).__name__}' object has no attribute '{name}'")
    with enable_grad():
        value = vars(made)[name] = rules[name]()
    return value


class Bernoulli(Distribution):
    """1 with chance *probs*, else 0; or given the *logits* of that."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"probs": unit_interval, "logits": real}
    has_enumerate_support = True

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        _need_one(probs, logits)
        (param,) = broadcast(probs if logits is None else logits)
        vars(self)["probs" if logits is None else "logits"] = param
        super().__init__(param.shape, validate_args=validate_args)

    def __getattr__(self, name: str) -> Any:
        return _other(self, name, lambda: sigmoid(self.logits), lambda: _log_odds(_clamped(self.probs)))

    @property
    def support(self) -> Constraint:
        return boolean

    @property
    def mean(self) -> Any:
        """*probs*."""
        return self.probs

    @property
    def mode(self) -> Any:
        """1 where that is more likely, nan where neither is."""
        made = (self.probs >= 0.5).to(self.probs)
        made[self.probs == 0.5] = float("nan")
        return made

    @property
    def variance(self) -> Any:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        return bernoulli(self.probs.detach().expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the chance of *value*."""
        value = self._checked(value)
        logits, value = broadcast_tensors(self.logits, value)
        loss: Any = binary_cross_entropy_with_logits(logits, value, reduction="none")
        return -loss

    def entropy(self) -> Any:
        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")


class Categorical(Distribution):
    """0, 1, … with chances *probs* along the last dimension, normalised; or given the *logits* of them."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"probs": simplex, "logits": real_vector}
    has_enumerate_support = True

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        _need_one(probs, logits)
        given: Any = probs if logits is None else logits
        if given.dim() < 1:
            raise ValueError(f"`{'probs' if logits is None else 'logits'}` parameter must be at least one-dimensional.")
        if logits is None:
            self.probs = probs / probs.sum(-1, keepdim=True)
        else:
            self.logits = logits - logits.logsumexp(dim=-1, keepdim=True)
        self._num_events = given.size()[-1]
        super().__init__(given.size()[:-1], validate_args=validate_args)

    def __getattr__(self, name: str) -> Any:
        return _other(self, name, lambda: self.logits.softmax(-1), lambda: _clamped(self.probs).log())

    @property
    def param_shape(self) -> Size:
        """The shape of *probs*."""
        given: Any = self.probs if "probs" in vars(self) else self.logits
        made: Size = given.size()
        return made

    @property
    def support(self) -> Constraint:
        return below(self._num_events)

    @property
    def mean(self) -> Any:
        """nan: classes have no mean."""
        return wrap(np.full(self._extended_shape(), np.nan, self.probs.array.dtype))

    @property
    def mode(self) -> Any:
        """The most likely class."""
        return self.probs.argmax(dim=-1)

    @property
    def variance(self) -> Any:
        return self.mean

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = Size(sample_shape)
        rows = self.probs.detach().reshape(-1, self._num_events)
        drawn: Any = multinomial(rows, shape.numel(), True)
        made: Tensor = drawn.t().reshape(self._extended_shape(shape))
        return made

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the chance of *value*."""
        value = self._checked(value)
        value = value.long().unsqueeze(-1)
        value, chances = broadcast_tensors(value, self.logits)
        return chances.gather(-1, value[..., :1]).squeeze(-1)

    def entropy(self) -> Any:
        low = float(np.finfo(self.logits.array.dtype).min)
        return -(self.logits.clamp(min=low) * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Any:
        """Every class, for every distribution."""
        values: Any = wrap(np.arange(self._num_events).reshape(-1, *[1] * len(self._batch_shape)))
        return values.expand((-1, *self._batch_shape)) if expand else values


class OneHotCategorical(Distribution):
    """A Categorical whose draws are rows with a single 1."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"probs": simplex, "logits": real_vector}

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        self._categorical = Categorical(probs, logits)
        super().__init__(self._categorical.batch_shape, self._categorical.param_shape[-1:], validate_args)

    @property
    def probs(self) -> Any:
        """The chances."""
        return self._categorical.probs

    @property
    def logits(self) -> Any:
        """Their logarithms."""
        return self._categorical.logits

    @property
    def support(self) -> Constraint:
        return one_hot

    @property
    def mean(self) -> Any:
        """The chances."""
        return self.probs

    @property
    def variance(self) -> Any:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        drawn: Any = encoded(self._categorical.sample(sample_shape), self._categorical._num_events)
        made: Tensor = drawn.to(self.probs)
        return made

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the chance of *value*."""
        value = self._checked(value)
        return self._categorical.log_prob(value.max(-1)[1])

    def entropy(self) -> Any:
        return self._categorical.entropy()
