"""Schedules that multiply the rate by a factor at each epoch: StepLR, MultiStepLR, ExponentialLR, ConstantLR, …"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..optimizer import Optimizer
from .scheduler import LRScheduler


class Multiplying(LRScheduler):
    """Each rate times `factor()`, whatever it is now: so schedules can be chained, and rates changed in between."""

    def factor(self) -> float | None:
        """The factor on entering `last_epoch`; None to leave the rate as it is."""
        raise NotImplementedError

    def get_lr(self) -> list[Any]:
        """The rates times the factor."""
        self._warn_outside_step()
        factor = self.factor()
        return [lr if factor is None else lr * factor for lr in self._current()]

    def share(self) -> float:
        """The factor of the first rate at `last_epoch`, in closed form."""
        raise NotImplementedError

    def _get_closed_form_lr(self) -> list[Any]:
        share = self.share()
        return [lr * share for lr in self.base_lrs]


class StepLR(Multiplying):
    """Times gamma every `step_size` epochs."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def factor(self) -> float | None:
        """gamma at multiples of step_size."""
        return None if self.last_epoch == 0 or self.last_epoch % self.step_size else self.gamma

    def share(self) -> float:
        """gamma to the number of steps so far."""
        return float(self.gamma ** (self.last_epoch // self.step_size))


class MultiStepLR(Multiplying):
    """Times gamma at every milestone; a milestone that stands there twice counts twice."""

    def __init__(
        self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def factor(self) -> float | None:
        """gamma at milestones."""
        return self.gamma ** self.milestones[self.last_epoch] if self.last_epoch in self.milestones else None

    def share(self) -> float:
        """gamma to the number of milestones behind."""
        return float(self.gamma ** bisect_right(sorted(self.milestones.elements()), self.last_epoch))


class ExponentialLR(Multiplying):
    """Times gamma every epoch."""

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def factor(self) -> float | None:
        """gamma."""
        return None if self._is_initial else self.gamma

    def share(self) -> float:
        """gamma to the epoch."""
        return float(self.gamma**self.last_epoch)


class ConstantLR(Multiplying):
    """Times factor for `total_iters` epochs, then as before. ValueError for a factor outside [0, 1]."""

    def __init__(
        self, optimizer: Optimizer, factor: float = 1.0 / 3, total_iters: int = 5, last_epoch: int = -1
    ) -> None:
        if factor > 1.0 or factor < 0:
            raise ValueError("Constant multiplicative factor expected to be between 0 and 1.")
        self.factor, self.total_iters = factor, total_iters  # type: ignore[method-assign, assignment]
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """Down by the factor at first, up again at the end."""
        self._warn_outside_step()
        share: Any = self.factor
        if self.last_epoch == 0:
            return [lr * share for lr in self._current()]
        return [lr * (1.0 / share) if self.last_epoch == self.total_iters else lr for lr in self._current()]

    def share(self) -> float:
        """The factor, until total_iters."""
        inside: Any = self.factor
        return float(inside if self.last_epoch < self.total_iters else 1.0)


class LinearLR(Multiplying):
    """From start_factor to end_factor of the rate within `total_iters` epochs. ValueError for factors out of range."""

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if start_factor > 1.0 or start_factor <= 0:
            raise ValueError("Starting multiplicative factor expected to be greater than 0 and less or equal to 1.")
        if end_factor > 1.0 or end_factor < 0:
            raise ValueError("Ending multiplicative factor expected to be between 0 and 1.")
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def factor(self) -> float | None:
        """This epoch's share of the line over the last one's."""
        if self.last_epoch == 0:
            return self.start_factor
        if self._is_initial or self.last_epoch > self.total_iters:
            return None
        rise = self.end_factor - self.start_factor
        return 1.0 + rise / (self.total_iters * self.start_factor + (self.last_epoch - 1) * rise)

    def share(self) -> float:
        """The height of the line."""
        done = min(self.total_iters, self.last_epoch) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * done


class PolynomialLR(Multiplying):
    """Down to 0 within `total_iters` epochs as (1 − epoch / total_iters) ^ power."""

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1) -> None:
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def factor(self) -> float | None:
        """This epoch's value of the polynomial over the last one's."""
        if self._is_initial or self.last_epoch > self.total_iters:
            return None
        left, before = (1.0 - epoch / self.total_iters for epoch in (self.last_epoch, self.last_epoch - 1))
        return float((left / before) ** self.power)

    def share(self) -> float:
        """The value of the polynomial."""
        return float((1.0 - min(self.total_iters, self.last_epoch) / self.total_iters) ** self.power)
