"""Distributions of which several count as one: the last batch dimensions become part of the event."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from .constraint import Constraint
from .distribution import Distribution


class Independent(Distribution):
    """*base_distribution*, its last *reinterpreted_batch_ndims* batch dimensions seen as one event."""

    def __init__(
        self, base_distribution: Any, reinterpreted_batch_ndims: int, validate_args: bool | None = None
    ) -> None:
        batch = base_distribution.batch_shape
        if reinterpreted_batch_ndims > len(batch):
            raise ValueError(
                "Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual "
                f"{reinterpreted_batch_ndims} vs {len(batch)}"
            )
        self.base_dist, self.reinterpreted_batch_ndims = base_distribution, reinterpreted_batch_ndims
        cut = len(batch) - reinterpreted_batch_ndims
        super().__init__(batch[:cut], (*batch[cut:], *base_distribution.event_shape), validate_args)

    @property
    def has_rsample(self) -> bool:  # type: ignore[override]
        """As the base's."""
        return bool(self.base_dist.has_rsample)

    @property
    def support(self) -> Constraint | None:
        found: Constraint | None = self.base_dist.support
        return found

    @property
    def mean(self) -> Any:
        """As the base's."""
        return self.base_dist.mean

    @property
    def mode(self) -> Any:
        """As the base's."""
        return self.base_dist.mode

    @property
    def variance(self) -> Any:
        return self.base_dist.variance

    def sample(self, sample_shape: Any = ()) -> Tensor:
        made: Tensor = self.base_dist.sample(sample_shape)
        return made

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        made: Tensor = self.base_dist.rsample(sample_shape)
        return made

    def log_prob(self, value: Any) -> Any:
        """The sum of the base's over the event."""
        return self._summed(self.base_dist.log_prob(value))

    def entropy(self) -> Any:
        return self._summed(self.base_dist.entropy())

    def _summed(self, value: Any) -> Any:
        n = self.reinterpreted_batch_ndims
        return value.reshape(*value.shape[: value.dim() - n], -1).sum(-1) if n else value

    def __repr__(self) -> str:
        return f"Independent({self.base_dist}, {self.reinterpreted_batch_ndims})"
