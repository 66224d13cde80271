"""`torch.ao.quantization` before anything is quantised: the two modules that mark where the quantised part is."""

from __future__ import annotations

from typing import Any

from .missing import refusing
from .nn.module import Module
from .tensor import Tensor


class QuantStub(Module):
    """The input as it is, until quantisation is prepared and converted; neither is here."""

    def __init__(self, qconfig: Any = None) -> None:
        super().__init__()
        if qconfig:
            self.qconfig = qconfig

    def forward(self, x: Tensor) -> Tensor:
        return x


class DeQuantStub(Module):
    """The input as it is, until quantisation is prepared and converted; neither is here."""

    def __init__(self, qconfig: Any = None) -> None:
        super().__init__()
        if qconfig:
            self.qconfig = qconfig

    def forward(self, x: Tensor) -> Tensor:
        return x


__getattr__ = refusing("torch.ao.quantization")
