"""Rows: modules that run other modules or find their own sizes; functions do neither."""

from __future__ import annotations

from .pair import Pair
from .spelling import OneWay

_LAZY = "its sizes are known only after the first call, so its parameters cannot be written down"
_LAZY_NAMES = (
    "Linear",
    *(f"{kind}{rank}d" for kind in ("Conv", "ConvTranspose", "BatchNorm", "InstanceNorm") for rank in (1, 2, 3)),
)

SEQUENTIAL, LIST, DICT = "torch.nn.Sequential", "torch.nn.ModuleList", "torch.nn.ModuleDict"
CONTAINERS = frozenset({SEQUENTIAL, LIST, DICT})

PAIRS: tuple[Pair, ...] = ()

ONE_WAY = (
    OneWay("DataParallel", "module", "it runs a module on several devices, which no function does", "keep the module"),
    *(OneWay(f"Lazy{name}", "module", _LAZY, f"write nn.{name} with its sizes") for name in _LAZY_NAMES),
)
