"""`torch.optim.lr_scheduler`: learning rates by the epoch."""

# ruff: noqa: F401 - this file is the list of names

from __future__ import annotations

from ...missing import refusing
from ..optimizer import Optimizer
from .compose import ChainedScheduler, SequentialLR
from .cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from .cyclic import CyclicLR
from .factors import ConstantLR, ExponentialLR, LinearLR, MultiStepLR, PolynomialLR, StepLR
from .given import LambdaLR, MultiplicativeLR
from .one_cycle import OneCycleLR
from .plateau import ReduceLROnPlateau
from .scheduler import LRScheduler

_LRScheduler = LRScheduler

__getattr__ = refusing("torch.optim.lr_scheduler")
