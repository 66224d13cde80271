"""Distributions of real numbers: Normal, LogNormal, Laplace, Gumbel, Uniform, Exponential."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from ..random.creation import rand
from ..random.sampling import normal
from ..tensor import Tensor, wrap
from .constraint import Constraint, greater_than, interval, less_than, nonnegative, positive, real
from .distribution import Distribution, broadcast


class LocationScale(Distribution):
    """What is a standard form times *scale*, moved by *loc*, which is its mean unless a subclass says otherwise."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"loc": real, "scale": positive}
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast(loc, scale)
        super().__init__(self.loc.shape, validate_args=validate_args)

    @property
    def support(self) -> Constraint:
        return real

    @property
    def mean(self) -> Any:
        """*loc*."""
        return self.loc


class Normal(LocationScale):
    """Mean *loc*, standard deviation *scale*."""

    @property
    def mode(self) -> Any:
        """*loc*."""
        return self.loc

    @property
    def stddev(self) -> Any:
        return self.scale

    @property
    def variance(self) -> Any:
        return self.scale.pow(2)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return normal(self.loc.detach().expand(shape), self.scale.detach().expand(shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        kind = self.loc.array.dtype
        made: Tensor = self.loc + normal(wrap(np.zeros(shape, kind)), wrap(np.ones(shape, kind))) * self.scale
        return made

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density at *value*."""
        value = self._checked(value)
        away = (value - self.loc) ** 2
        return -away / (2 * self.variance) - self.scale.log() - math.log(math.sqrt(2 * math.pi))

    def cdf(self, value: Any) -> Any:
        """The chance of less than *value*."""
        value = self._checked(value)
        return 0.5 * (1 + ((value - self.loc) * self.scale.reciprocal() / math.sqrt(2)).erf())

    def icdf(self, value: Any) -> Any:
        """`cdf` backwards."""
        return self.loc + self.scale * (2 * value - 1).erfinv() * math.sqrt(2)

    def entropy(self) -> Any:
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()


class LogNormal(Normal):
    """exp of a Normal."""

    def __repr__(self) -> str:
        return "LogNormal()"

    def sample(self, sample_shape: Any = ()) -> Tensor:
        return self.rsample(sample_shape).detach()

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        drawn: Any = super().rsample(sample_shape)
        made: Tensor = drawn.exp()
        return made

    @property
    def support(self) -> Constraint:
        return positive

    @property
    def mean(self) -> Any:
        return (self.loc + self.scale.pow(2) / 2).exp()

    @property
    def mode(self) -> Any:
        return (self.loc - self.scale.square()).exp()

    @property
    def stddev(self) -> Any:
        return self.variance.sqrt()

    @property
    def variance(self) -> Any:
        squared = self.scale.pow(2)
        return squared.expm1() * (2 * self.loc + squared).exp()

    def log_prob(self, value: Any) -> Any:
        value = self._checked(value)
        inner = Normal(self.loc, self.scale, validate_args=False)
        return inner.log_prob(value.log()) - value.log()

    def entropy(self) -> Any:
        return super().entropy() + self.loc


class Laplace(LocationScale):
    """Mean *loc*, falling off by *scale* on both sides."""

    @property
    def variance(self) -> Any:
        return 2 * self.scale.pow(2)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        kind = self.loc.dtype
        u: Any = wrap(np.empty(shape, self.loc.array.dtype)).uniform_(float(np.finfo(kind.storage).eps) - 1, 1)
        made: Tensor = self.loc - self.scale * u.sign() * (-u.abs()).log1p()
        return made

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density at *value*."""
        value = self._checked(value)
        return -(2 * self.scale).log() - (value - self.loc).abs() / self.scale

    def entropy(self) -> Any:
        return 1 + (2 * self.scale).log()


class Gumbel(LocationScale):
    """The largest of many numbers; *loc* is the most likely one."""

    @property
    def mean(self) -> Any:
        """*loc* and Euler's constant times *scale*."""
        return self.loc + self.scale * float(np.euler_gamma)

    @property
    def mode(self) -> Any:
        """*loc*."""
        return self.loc

    @property
    def stddev(self) -> Any:
        return (math.pi / math.sqrt(6)) * self.scale

    @property
    def variance(self) -> Any:
        return self.stddev.pow(2)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        limits = np.finfo(self.loc.dtype.storage)
        low: Any = wrap(np.asarray(limits.tiny, self.loc.array.dtype))
        high: Any = wrap(np.asarray(1 - limits.eps, self.loc.array.dtype))
        drawn: Any = rand(self._extended_shape(sample_shape), dtype=self.loc.dtype)
        made: Tensor = self.loc - self.scale * (-(low + drawn * (high - low)).log()).log()
        return made

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density at *value*."""
        y = (self.loc - self._checked(value)) / self.scale
        return (y - y.exp()) - self.scale.log()

    def entropy(self) -> Any:
        return self.scale.log() + (1 + float(np.euler_gamma))


class Uniform(Distribution):
    """Anything from *low* to *high*."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"low": real, "high": real}
    has_rsample = True

    def __init__(self, low: Any, high: Any, validate_args: bool | None = None) -> None:
        self.low, self.high = broadcast(low, high)
        super().__init__(self.low.shape, validate_args=validate_args)

    def _constraints(self) -> dict[str, Constraint]:
        return {"low": less_than(self.high), "high": greater_than(self.low)}

    @property
    def support(self) -> Constraint:
        return interval(self.low, self.high)

    @property
    def mean(self) -> Any:
        """The middle."""
        return (self.high + self.low) / 2

    @property
    def stddev(self) -> Any:
        return (self.high - self.low) / 12**0.5

    @property
    def variance(self) -> Any:
        return (self.high - self.low).pow(2) / 12

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        drawn: Any = rand(self._extended_shape(sample_shape), dtype=self.low.dtype)
        made: Tensor = self.low + drawn * (self.high - self.low)
        return made

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density at *value*."""
        value = self._checked(value)
        inside = self.low.le(value).type_as(self.low) * self.high.gt(value).type_as(self.low)
        return inside.log() - (self.high - self.low).log()

    def cdf(self, value: Any) -> Any:
        """The chance of less than *value*."""
        return ((value - self.low) / (self.high - self.low)).clamp(min=0, max=1)

    def entropy(self) -> Any:
        return (self.high - self.low).log()


class Exponential(Distribution):
    """Waiting times between events, *rate* of them per unit."""

    arg_constraints: ClassVar[dict[str, Constraint]] = {"rate": positive}
    has_rsample = True

    def __init__(self, rate: Any, validate_args: bool | None = None) -> None:
        (self.rate,) = broadcast(rate)
        super().__init__(self.rate.shape, validate_args=validate_args)

    @property
    def support(self) -> Constraint:
        return nonnegative

    @property
    def mean(self) -> Any:
        """1 / rate."""
        return self.rate.reciprocal()

    @property
    def variance(self) -> Any:
        return self.rate.pow(-2)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        drawn: Any = wrap(np.empty(shape, self.rate.array.dtype)).exponential_()
        made: Tensor = drawn / self.rate
        return made

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density at *value*."""
        value = self._checked(value)
        return self.rate.log() - self.rate * value

    def entropy(self) -> Any:
        return 1.0 - self.rate.log()
