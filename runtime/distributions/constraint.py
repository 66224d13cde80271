"""What parameters and values of distributions must satisfy: `positive.check(x)`, printed as torch prints them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..tensor import Tensor


class Constraint:
    """A named test of every element (of the last *event_dim* dimensions together)."""

    def __init__(self, text: str, test: Callable[[Any], Any], event_dim: int = 0, is_discrete: bool = False) -> None:
        self.text, self.test, self.event_dim, self.is_discrete = text, test, event_dim, is_discrete

    def check(self, value: Tensor) -> Tensor:
        """Where *value* satisfies it."""
        made: Tensor = self.test(value)
        return made

    def __repr__(self) -> str:
        return self.text


real = Constraint("Real()", lambda x: x == x)
positive = Constraint("GreaterThan(lower_bound=0.0)", lambda x: x > 0)
nonnegative = Constraint("GreaterThanEq(lower_bound=0.0)", lambda x: x >= 0)
unit_interval = Constraint("Interval(lower_bound=0.0, upper_bound=1.0)", lambda x: (x >= 0) & (x <= 1))
boolean = Constraint("Boolean()", lambda x: (x == 0) | (x == 1), is_discrete=True)
simplex = Constraint("Simplex()", lambda x: (x >= 0).all(-1) & ((x.sum(-1) - 1).abs() < 1e-6), 1)
positive_vector = Constraint("IndependentConstraint(GreaterThan(lower_bound=0.0), 1)", lambda x: (x > 0).all(-1), 1)
real_vector = Constraint("IndependentConstraint(Real(), 1)", lambda x: (x == x).all(-1), 1)
one_hot = Constraint("OneHot()", lambda x: ((x == 0) | (x == 1)).all(-1) & (x.sum(-1) == 1), 1, True)


def less_than(high: Tensor) -> Constraint:
    """Below a tensor."""
    return Constraint(f"LessThan(upper_bound={high})", lambda x: x < high)


def greater_than(low: Tensor) -> Constraint:
    """Above a tensor."""
    return Constraint(f"GreaterThan(lower_bound={low})", lambda x: x > low)


def interval(low: Tensor, high: Tensor) -> Constraint:
    """Between two tensors."""
    return Constraint(f"Interval(lower_bound={low}, upper_bound={high})", lambda x: (x >= low) & (x <= high))


def below(end: int) -> Constraint:
    """The integers from 0 to *end* - 1."""
    return Constraint(
        f"IntegerInterval(lower_bound=0, upper_bound={end - 1})",
        lambda x: (x % 1 == 0) & (x >= 0) & (x <= end - 1),
        is_discrete=True,
    )
