"""The base of all distributions: shapes, checks of parameters and values, and what follows from the others."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..grad_mode import no_grad
from ..ops.shape import broadcast_tensors
from ..size import Size
from ..tensor import Tensor, wrap
from .constraint import Constraint


class Distribution:
    """Subclass with `rsample` or `sample`, `log_prob`, `mean`, `variance`, `entropy`, as far as there are such.

    `batch_shape`: independent distributions; `event_shape`: one draw of one of them. ValueError for parameters and
    values that violate their constraints, unless *validate_args* is False.
    """

    has_rsample = False
    has_enumerate_support = False
    arg_constraints: ClassVar[dict[str, Constraint]] = {}
    _validate_args = True

    def __init__(self, batch_shape: Any = (), event_shape: Any = (), validate_args: bool | None = None) -> None:
        self._batch_shape, self._event_shape = Size(batch_shape), Size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            for name, constraint in self._constraints().items():
                if name in vars(self):
                    self._check_parameter(name, constraint)

    def _constraints(self) -> dict[str, Constraint]:
        """Of the parameters, where they depend on each other too."""
        return self.arg_constraints

    def _check_parameter(self, name: str, constraint: Constraint) -> None:
        value = getattr(self, name)
        if not constraint.check(value).array.all():
            raise ValueError(
                f"Expected parameter {name} ({type(value).__name__} of shape {tuple(value.shape)}) of distribution "
                f"{self!r} to satisfy the constraint {constraint!r}, but found invalid values:\n{value}"
            )

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Whether distributions check by default."""
        if value not in (True, False):
            raise ValueError
        Distribution._validate_args = value

    @property
    def batch_shape(self) -> Size:
        """The shape of independent distributions."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """The shape of one draw of one of them."""
        return self._event_shape

    @property
    def support(self) -> Constraint | None:
        """What values must satisfy."""
        return None

    @property
    def stddev(self) -> Any:
        """The root of the variance."""
        return self.variance.sqrt()

    @property
    def variance(self) -> Any:
        """The variance."""
        raise NotImplementedError

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """A draw of shape sample_shape + batch_shape + event_shape, without a gradient."""
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """A draw through which gradients go to the parameters."""
        raise NotImplementedError

    def sample_n(self, n: int) -> Tensor:
        """*n* draws."""
        return self.sample((n,))

    def perplexity(self) -> Any:
        """exp of the entropy."""
        return self.entropy().exp()

    def entropy(self) -> Any:
        """The entropy."""
        raise NotImplementedError

    def _extended_shape(self, sample_shape: Any = ()) -> Size:
        return Size((*sample_shape, *self._batch_shape, *self._event_shape))

    def _checked(self, value: Any) -> Any:
        """The value, validated if that is asked for."""
        if self._validate_args:
            self._validate_sample(value)
        return value

    def _validate_sample(self, value: Any) -> None:
        """ValueError for a value of a wrong shape, or outside of the support."""
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        events = len(self._event_shape)
        if tuple(value.shape[value.ndim - events :]) != tuple(self._event_shape):
            raise ValueError(
                f"The right-most size of value must match event_shape: {value.shape} vs {self._event_shape}."
            )
        for one, other in zip(reversed(value.shape), reversed(self._extended_shape()), strict=False):
            if one != 1 and other != 1 and one != other:
                raise ValueError(
                    "Value is not broadcastable with batch_shape+event_shape: "
                    f"{value.shape} vs {self._extended_shape()}."
                )
        support = self.support
        if support is not None and not support.check(value).array.all():
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape {tuple(value.shape)}) to be within the "
                f"support ({support!r}) of the distribution {self!r}, but found invalid values:\n{value}"
            )

    def __repr__(self) -> str:
        names = [name for name in self.arg_constraints if name in vars(self)]
        parts = [f"{name}: {_shown(getattr(self, name))}" for name in names]
        return f"{type(self).__name__}({', '.join(parts)})"


def _shown(value: Any) -> str:
    return f"{value}" if value.numel() == 1 else f"{value.size()}"


def broadcast(*values: Any) -> tuple[Any, ...]:
    """Numbers and tensors as tensors of one shape, in the dtype of the tensors."""
    like = next((one for one in values if isinstance(one, Tensor)), None)
    tensors = [
        one if isinstance(one, Tensor) else wrap(np.asarray(one, np.float32 if like is None else like.array.dtype))
        for one in values
    ]
    return tuple(broadcast_tensors(*tensors))
