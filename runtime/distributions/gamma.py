"""Distributions made of Gamma numbers: Gamma, Chi2, Dirichlet, Beta. Draws have no gradient here."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..grad_mode import is_grad_enabled
from ..missing import MissingUse
from ..ops.binary import xlogy
from ..ops.join import stack
from ..random.gamma_values import dirichlet, gamma
from ..random.generator import stream_of
from ..tensor import Tensor, wrap
from .constraint import Constraint, nonnegative, positive, positive_vector, simplex, unit_interval
from .distribution import Distribution, broadcast


class Gamma(Distribution):
    """Of shape *concentration*, in units of 1 / *rate*."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"concentration": positive, "rate": positive}
    has_rsample = True

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None) -> None:
        self.concentration, self.rate = broadcast(concentration, rate)
        super().__init__(self.concentration.shape, validate_args=validate_args)

    @property
    def support(self) -> Constraint:
        return nonnegative

    @property
    def mean(self) -> Any:
        """concentration / rate."""
        return self.concentration / self.rate

    @property
    def mode(self) -> Any:
        return ((self.concentration - 1) / self.rate).clamp(min=0)

    @property
    def variance(self) -> Any:
        return self.concentration / self.rate.pow(2)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        _constant(self, self.concentration, self.rate)
        of = self.concentration.expand(shape).array
        tiny = np.finfo(of.dtype).tiny
        drawn: Any = wrap(np.maximum(gamma(stream_of(None), of).astype(of.dtype), tiny))
        made: Tensor = (drawn / self.rate.expand(shape)).clamp(min=float(tiny))
        return made

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density at *value*."""
        value = self._checked(value)
        shape: Any = self.concentration
        rate: Any = self.rate
        logs: Any = xlogy(shape, rate)
        return logs + xlogy(shape - 1, value) - rate * value - shape.lgamma()

    def entropy(self) -> Any:
        shape = self.concentration
        return shape - self.rate.log() + shape.lgamma() + (1.0 - shape) * shape.digamma()


class Chi2(Gamma):
    """The sum of *df* squared standard normal numbers."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"df": positive}

    def __init__(self, df: Any, validate_args: bool | None = None) -> None:
        super().__init__(0.5 * df, 0.5, validate_args=validate_args)

    @property
    def df(self) -> Any:
        """Degrees of freedom."""
        return self.concentration * 2


class Dirichlet(Distribution):
    """Shares of a whole, along the last axis of *concentration*."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"concentration": positive_vector}
    has_rsample = True

    def __init__(self, concentration: Any, validate_args: bool | None = None) -> None:
        if concentration.dim() < 1:
            raise ValueError("`concentration` parameter must be at least one-dimensional.")
        self.concentration = concentration
        super().__init__(concentration.shape[:-1], concentration.shape[-1:], validate_args=validate_args)

    @property
    def support(self) -> Constraint:
        return simplex

    @property
    def mean(self) -> Any:
        """The shares of the concentrations themselves."""
        return self.concentration / self.concentration.sum(-1, True)

    @property
    def variance(self) -> Any:
        total = self.concentration.sum(-1, True)
        return self.concentration * (total - self.concentration) / (total.pow(2) * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        _constant(self, self.concentration)
        return wrap(dirichlet(stream_of(None), self.concentration.expand(self._extended_shape(sample_shape)).array))

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density at *value*."""
        value, parts = self._checked(value), self.concentration
        return xlogy(parts - 1.0, value).sum(-1) + parts.sum(-1).lgamma() - parts.lgamma().sum(-1)

    def entropy(self) -> Any:
        parts = self.concentration
        total, count = parts.sum(-1), parts.shape[-1]
        spread = (count - total) * total.digamma() + ((parts - 1.0) * parts.digamma()).sum(-1)
        return parts.lgamma().sum(-1) - total.lgamma() - spread


class Beta(Distribution):
    """A share of a whole: *concentration1* for it, *concentration0* for the rest."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"concentration1": positive, "concentration0": positive}
    has_rsample = True

    def __init__(self, concentration1: Any, concentration0: Any, validate_args: bool | None = None) -> None:
        self._both = Dirichlet(stack(broadcast(concentration1, concentration0), -1), validate_args=False)
        super().__init__(self._both.batch_shape, validate_args=validate_args)
        if self._validate_args:
            for name in self.arg_constraints:
                self._check_parameter(name, positive)

    @property
    def concentration1(self) -> Any:
        """What speaks for the share."""
        return self._both.concentration[..., 0]

    @property
    def concentration0(self) -> Any:
        """What speaks for the rest."""
        return self._both.concentration[..., 1]

    @property
    def support(self) -> Constraint:
        return unit_interval

    @property
    def mean(self) -> Any:
        """concentration1 of both."""
        return self.concentration1 / (self.concentration1 + self.concentration0)

    @property
    def variance(self) -> Any:
        total = self.concentration1 + self.concentration0
        return self.concentration1 * self.concentration0 / (total.pow(2) * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        drawn: Any = self._both.rsample(sample_shape)
        made: Tensor = drawn.select(-1, 0)
        return made

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density at *value*."""
        value = self._checked(value)
        return self._both.log_prob(stack([value, 1.0 - value], -1))

    def entropy(self) -> Any:
        return self._both.entropy()


def _constant(distribution: Distribution, *parameters: Any) -> None:
    """MissingUse if a draw would need a gradient."""
    if is_grad_enabled() and any(one.requires_grad for one in parameters):
        raise MissingUse(f"torch.distributions.{type(distribution).__name__}.rsample with a gradient")
