"""DataParallel without devices to share the work: it calls its module, as torch does on a machine without a GPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..unusable import unusable
from .module import Module

__all__ = ["DataParallel"]

DistributedDataParallel = unusable("torch.nn.parallel.DistributedDataParallel")


class DataParallel(Module):
    """The module under the name `module`, whose keys get the prefix `module.`."""

    def __init__(
        self,
        module: Any,
        device_ids: Sequence[Any] | None = None,
        output_device: Any = None,
        dim: int = 0,
    ) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[Any] = []

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        return self.module(*inputs, **kwargs)
