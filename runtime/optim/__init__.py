"""`torch.optim`: optimizers by the dense rules of torch's CPU path, and their schedules in `lr_scheduler`."""

# ruff: noqa: F401 - this file is the list of names

from __future__ import annotations

from ..missing import refusing
from . import lr_scheduler
from .adam import Adam, AdamW
from .averaged import ASGD
from .infinity import Adamax
from .nesterov import NAdam
from .optimizer import Optimizer
from .rectified import RAdam
from .resilient import Rprop
from .sgd import SGD
from .squares import Adadelta, Adagrad, RMSprop

__getattr__ = refusing("torch.optim")
